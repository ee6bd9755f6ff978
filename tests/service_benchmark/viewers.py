"""Many browsers watch one running job: how much of a processor its server takes."""

import asyncio
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import psutil

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from models.tables import Role
from service.casefiles import load
from service.settings import Settings
from tests.benchmark.table import Row
from tests.journeys.accounts import new_keys
from tests.journeys.server import Server, running_server
from tests.postgres import Postgres
from tests.service.fake_solver import incumbent_of, plan_of
from tests.service.waiting import wait_until
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.load import PATIENCE_S
from tests.service_benchmark.site import database_of
from tests.service_benchmark.sizes import Sizes

SOLVER = "tests.service_benchmark.viewers:solve_and_tell"
MOST_OF_A_CORE = 0.5
POLL_S = 2.0
# What the log has when they come; then it grows by a line at a time.
LINES = 500
LINE_EVERY_S = (1, 10)


def solve_and_tell(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool],
    **_: object,
) -> Outcome:
    """Report many lines, then one at a time; its seed says after how many seconds."""
    on_incumbent(incumbent_of(instance))
    number = 0
    while not is_interrupted():
        number += 1
        if number > LINES:
            time.sleep(instance.options.seed)
        lower = 3.0 - 2 / number
        on_progress(
            ProgressRecord(
                seconds=number, stage="master", lower_bound_usd=lower, upper_bound_usd=4
            )
        )
    plan = plan_of(instance)
    return Outcome(termination=Termination.INTERRUPTED, plan=plan, seconds=number)


def viewers(bench: Bench) -> list[Row]:
    """Share of a core of the server while all of them have the page of a job open."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        for every_s in LINE_EVERY_S:
            share, answers = _watched(postgres, bench.sizes, every_s)
            bench.tell(f"{name}, a line in {every_s} s: {share:.3f} {dict(answers)}")
            rows.append(_row(name, bench.sizes, every_s, share, answers))
    return rows


def _row(
    name: str, sizes: Sizes, every_s: int, share: float, answers: Counter[str]
) -> Row:
    new, same = (str(int(x)) for x in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED))
    errors = answers.total() - answers[new] - answers[same]
    return Row(
        f"{name}: processor of a server whose running job {sizes.viewers} browsers "
        f"watch, a line of its log in {every_s} s",
        MOST_OF_A_CORE,
        "ratio",
        share,
        remarks=f"share of a core; each asks in {POLL_S:.0f} s; {answers[new]} pages, "
        f"{answers[same]} times the same",
        failure=f"{errors} errors" if errors else "",
    )


def _watched(
    postgres: Postgres | None, sizes: Sizes, every_s: int
) -> tuple[float, Counter[str]]:
    """Return the share of a core, and how often each status was answered."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database_of(postgres) as url,
    ):
        data = Path(folder, "data")
        names = [f"manager {number}" for number in range(sizes.viewers)]
        settings = Settings(data_directory=data, database_url=url)
        keys = new_keys(settings, Role.MANAGER, names)
        # The load, not the limit, is what is measured.
        further: dict[str, Any] = {
            "requests_per_minute_of_organisation": 0,
            "log_level": "warning",
        }
        with running_server(data, SOLVER, url=url, **further) as server:
            server.client.headers["Authorization"] = f"Bearer {keys[0]}"
            job = _job_with_log(server, every_s)
            page = f"/console/jobs/{job}"
            found = asyncio.run(_all(server, page, keys, sizes.viewers_s))
            server.post(f"/v1/jobs/{job}/cancel")
            server.wait_for(job, "CANCELLED")
    return found


def _job_with_log(server: Server, every_s: int) -> str:
    """Order a job; return its id when its log is long."""
    case = server.post("/v1/cases", load("two_materials"))["hash"]
    job = server.post("/v1/jobs", {"case": case, "options": {"seed": every_s}})["id"]
    path = f"/v1/jobs/{job}/progress?after={LINES - 1}"
    wait_until(lambda: server.get(path)["items"])
    return job


async def _all(
    server: Server, page: str, keys: Sequence[str], seconds: float
) -> tuple[float, Counter[str]]:
    """Have everybody watch; measure from when all have the page."""
    process = psutil.Process(server.pid)
    answers: Counter[str] = Counter()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    browsers = [
        httpx2.AsyncClient(base_url=server.address, timeout=PATIENCE_S, verify=context)
        for _ in keys
    ]
    tags = [
        await _opened(browser, page, key)
        for browser, key in zip(browsers, keys, strict=True)
    ]
    start_s, used_s = time.perf_counter(), _used_s(process)
    async with asyncio.TaskGroup() as group:
        for i, browser in enumerate(browsers):
            first_s = start_s + POLL_S * i / len(browsers)
            turns = [first_s + POLL_S * x for x in range(int(seconds / POLL_S))]
            group.create_task(_watch(browser, page, tags[i], turns, answers))
    share = (_used_s(process) - used_s) / (time.perf_counter() - start_s)
    for browser in browsers:
        await browser.aclose()
    return share, answers


async def _opened(browser: httpx2.AsyncClient, page: str, key: str) -> str:
    """Sign in, and open the page; return its tag."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = await browser.post("/console/sign-in", data={"key": key}, headers=headers)
    assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
    answer = await browser.get(page)
    return answer.raise_for_status().headers["ETag"]


async def _watch(
    browser: httpx2.AsyncClient,
    page: str,
    tag: str,
    turns: Sequence[float],
    answers: Counter[str],
) -> None:
    """Ask for the page at each turn, as the script of the console does."""
    for turn_s in turns:
        await asyncio.sleep(max(turn_s - time.perf_counter(), 0))
        try:
            answer = await browser.get(page, headers={"If-None-Match": tag})
        except httpx2.TransportError as error:
            answers[type(error).__name__] += 1
            continue
        answers[str(answer.status_code)] += 1
        tag = answer.headers.get("ETag", tag)


def _used_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
