"""The page of a plan in a browser: what it transfers, and when it is first seen."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from service.casefiles import load
from tests.benchmark.table import Row
from tests.browser.chromium import opened_browser, visit
from tests.journeys.server import Server, running_server
from tests.service.waiting import wait_until
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.sizes import Sizes

MOST_KB, FIRST_PAINT_S = 500, 1.0
ANALYSES = ("pictures", "explain")
PATIENCE_S = 3_600
PAINT_MS = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
SERVER_MS = "performance.getEntriesByType('navigation')[0].responseStart"
SETTLED_MS = 500  # after the page has loaded, for its icon


def plan_page(bench: Bench) -> list[Row]:
    """Kilobytes transferred by all requests, and seconds to the first paint."""
    with tempfile.TemporaryDirectory() as folder:
        data = bench.data or Path(folder, "data")
        with running_server(data, log_level="warning") as server:
            path = f"/console/plans/{_plan(server, bench.sizes)}"
            with opened_browser() as browser:
                loads = [
                    _load(browser, server.address, path)
                    for _ in range(bench.sizes.page_loads + 1)
                ][1:]
    transferred = [size / 1_000 for size, _, _ in loads]
    paints = [paint_s for _, paint_s, _ in loads]
    answers = [answer_s for _, _, answer_s in loads]
    bench.tell(f"{max(transferred):.0f} kB; " + ", ".join(f"{x:.2f} s" for x in paints))
    remarks = (
        f"median of {len(loads)}, {min(paints):.2f} to {max(paints):.2f} s; first "
        f"byte after {median(answers):.2f} s"
    )
    name = f"plan page of `{bench.sizes.plan_case}`"
    return [
        Row(f"{name}: kB transferred", MOST_KB, "cases", max(transferred)),
        Row(
            f"{name}: first contentful paint",
            FIRST_PAINT_S,
            "s",
            median(paints),
            remarks=remarks,
        ),
    ]


def _plan(server: Server, sizes: Sizes) -> str:
    """Return the hash of a plan that has its answers."""
    case = server.post("/v1/cases", load(sizes.plan_case))["hash"]
    options = {"number_of_scenarios": sizes.plan_scenarios}
    job = server.post("/v1/jobs", {"case": case, "options": options})
    plan = _ended(server, job)["result"]["plan"]
    for name in ANALYSES:
        _ended(server, server.post(f"/v1/plans/{plan}/analyses/{name}", {}))
    return plan


def _ended(server: Server, job: Mapping[str, Any]) -> dict[str, Any]:
    path = f"/v1/jobs/{job['id']}"
    under_way = ("QUEUED", "RUNNING")
    wait_until(lambda: server.get(path)["state"] not in under_way, PATIENCE_S)
    return server.get(path)


def _load(browser: Browser, address: str, path: str) -> tuple[float, float, float]:
    """Return bytes, seconds to the first paint, and to the first byte."""
    with visit(browser, address) as visited:
        page, sizes = visited.page, list[float]()
        session: Any = page.context.new_cdp_session(page)
        session.send("Network.enable")

        def note(event: dict[str, float]) -> None:
            sizes.append(event["encodedDataLength"])

        session.on("Network.loadingFinished", note)
        page.goto(path, wait_until="load")
        page.wait_for_timeout(SETTLED_MS)
        paint_s, answer_s = (page.evaluate(x) / 1_000 for x in (PAINT_MS, SERVER_MS))
    return sum(sizes), paint_s, answer_s
