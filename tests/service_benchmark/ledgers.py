"""Writers who add to one ledger at once: none of their entries is lost or doubled."""

import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2

from service.settings import Settings
from service.store.opening import opened_store
from service.store.reserve_chain import check_ledgers
from tests.benchmark.table import Row
from tests.journeys.server import running_server
from tests.postgres import Postgres
from tests.service.fake_solver import SOLVER
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.site import database_of

WRITERS, LONGEST_S = 4, 300.0
CASE = "two_materials"
Answer = dict[str, Any]


def ledger(bench: Bench) -> list[Row]:
    """Time in which writers add their entries, each after the last one it has seen."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        number = bench.sizes.entries
        seconds, refused, failure = _appended(postgres, number)
        remarks = f"refused and repeated: {refused}; the chain is whole"
        bench.tell(f"{name}: {seconds:.1f} s; {remarks} {failure}")
        measure = f"{name}: {number:,} entries of a ledger by {WRITERS} writers at once"
        rows.append(
            Row(measure, LONGEST_S, "s", seconds, remarks=remarks, failure=failure)
        )
    return rows


def _appended(postgres: Postgres | None, number: int) -> tuple[float, int, str]:
    """Return the seconds, how often a writer was too late, and what went wrong."""
    with tempfile.TemporaryDirectory() as folder, database_of(postgres) as url:
        data = Path(folder, "data")
        with running_server(data, SOLVER, url=url, log_level="warning") as server:
            reserve = server.post("/v1/reserves", {"name": "Ledger of many"})
            begin_s = time.perf_counter()
            refused = _written(server.client, reserve, number)
            seconds = time.perf_counter() - begin_s
            found = Counter(_said(server.client, reserve))
        settings = Settings(data_directory=data, database_url=url)
        with opened_store(settings) as store, store.database.reading() as session:
            (checked,) = check_ledgers(session)
    wrong: list[str] = []
    if not checked.is_whole:
        wrong.append(f"broken at {checked.broken}")
    if found != Counter(_reasons(number)):
        wrong.append(f"{found.total()} entries, {len(found)} of them different")
    return seconds, refused, "; ".join(wrong)


def _written(client: httpx2.Client, reserve: Answer, number: int) -> int:
    """Let writers correct the first position time after time; return the refusals."""
    case = client.post("/v1/cases", json=CASE).json()["hash"]
    href, first = reserve["entries_href"], {"kind": "position", "case": case}
    entry = client.post(href, json=first | {"predecessor": reserve["head"]}).json()
    body = {"kind": "correction", "case": case, "corrects": entry["hash"]}
    begin, refused = threading.Barrier(WRITERS), [0] * WRITERS

    def write(writer: int) -> None:
        begin.wait()
        last = entry["hash"]
        for reason in _reasons(number)[writer::WRITERS]:
            sent = body | {"reason": reason}
            while True:
                answer = client.post(href, json=sent | {"predecessor": last})
                if answer.status_code != HTTPStatus.CONFLICT:
                    last = answer.raise_for_status().json()["hash"]
                    break
                last = answer.json()["last"]["hash"]
                refused[writer] += 1

    threads = [threading.Thread(target=write, args=(x,)) for x in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(refused)


def _said(client: httpx2.Client, reserve: Answer) -> Iterator[str]:
    """Yield what each correction in the ledger says, from all pages."""
    following = f"{reserve['entries_href']}?kind=correction&limit=200"
    while following:
        page = client.get(following).raise_for_status().json()
        yield from (x["reason"] for x in page["items"])
        following = page["next"]


def _reasons(number: int) -> list[str]:
    return [f"count {x}" for x in range(number)]
