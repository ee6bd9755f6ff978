"""What is measured of the service: each function returns the rows of one measure."""

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from pydantic import JsonValue

from models.instance import Instance
from models.reading import read_instance
from service.casefiles import load
from tests.benchmark.table import Row
from tests.journeys.server import Server
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.orders import (
    LONGEST_PAGE,
    instant,
    jobs,
    order_batch,
    pages,
    wait_for_batches,
)
from tests.service_benchmark.pool import seconds_of
from tests.service_benchmark.site import opened_site
from tests.service_benchmark.sizes import NUMBER_OF_WORKERS, Sizes

LONGEST_PAUSE_S = 4.0
INTERACTIVE_SEEDS = 1_000_000


@dataclass(slots=True)
class _Times:
    """Seconds of the repeats of one side, from the order to the last answer."""

    seconds: list[float] = field(default_factory=list[float])
    remarks: list[str] = field(default_factory=list[str])

    def best(self) -> tuple[float, str]:
        """Return the shortest, and what was noted of it."""
        i = self.seconds.index(min(self.seconds))
        return self.seconds[i], self.remarks[i]


def throughput(bench: Bench) -> list[Row]:
    """Many short solves on two workers, by the same in a bare pool of two processes.

    Of half a second and of a second each: what a job takes beside that is the same.
    """
    longer = replace(bench.sizes, number_of_scenarios=bench.sizes.longer_scenarios)
    return [*_throughput(bench), *_throughput(replace(bench, sizes=longer))]


def _throughput(bench: Bench) -> list[Row]:
    """Side by side in turn, the best of each: others may use the machine as well."""
    number, scenarios = bench.sizes.short_solves, bench.sizes.number_of_scenarios
    ours = {name: _Times() for name in bench.databases}
    pool = _Times()
    for _ in range(bench.sizes.repeats):
        for name, postgres in bench.databases.items():
            with opened_site(postgres, NUMBER_OF_WORKERS) as server:
                seconds, remarks = _solve_all(server, bench.sizes)
            bench.tell(f"{name}: {seconds:.1f} s; {remarks}")
            ours[name].seconds.append(seconds)
            ours[name].remarks.append(remarks)
        pool.seconds.append(seconds_of(_instances(bench.sizes), NUMBER_OF_WORKERS))
        bench.tell(f"pool: {pool.seconds[-1]:.1f} s")
    rows: list[Row] = []
    for name, times in ours.items():
        seconds, remarks = times.best()
        told = f"{remarks}; ours " + ", ".join(f"{x:.1f}" for x in times.seconds)
        told += " s, pool " + ", ".join(f"{x:.1f}" for x in pool.seconds) + " s"
        measure = (
            f"{name}: {number} solves with {scenarios} scenarios on 2 workers / on a "
            "pool of 2"
        )
        least = min(pool.seconds)
        rows.append(Row(measure, 1.15, "s", seconds, least, remarks=told))
    return rows


def waiting(bench: Bench) -> list[Row]:
    """Time from QUEUED to RUNNING of an interactive job beside a large batch."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        with opened_site(postgres, NUMBER_OF_WORKERS) as server:
            waits, remarks = _waits(server, bench.sizes)
        bench.tell(f"{name}: " + ", ".join(f"{x:.2f}" for x in waits))
        measure = (
            f"{name}: longest wait of an interactive job while a batch of "
            f"{bench.sizes.batch_under_way} is under way"
        )
        rows.append(Row(measure, 2.0, "s", max(waits), remarks=remarks))
    return rows


def enqueueing(bench: Bench) -> list[Row]:
    """Time until a batch of very many variants is accepted; then it is listed."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        with opened_site(postgres, NUMBER_OF_WORKERS) as server:
            start_s = time.perf_counter()
            batch = order_batch(server, _grid(bench.sizes))
            seconds = time.perf_counter() - start_s
            remarks, failure = _listed(server, batch)
        bench.tell(f"{name}: {seconds:.1f} s; {remarks} {failure}")
        number = batch["number_of_variants"]
        measure = f"{name}: a batch of {number:,} variants is accepted"
        row = Row(measure, 20.0, "s", seconds, remarks=remarks, failure=failure)
        rows.append(row)
    return rows


def _batch(sizes: Sizes, number: int) -> dict[str, object]:
    """Return an order of a number of short solves, the base and others by seed."""
    seeds: list[JsonValue] = list(range(2, number + 1))
    grid = [{"path": "options.seed", "values": seeds}]
    return {"case": sizes.case, "options": sizes.options, "grid": grid}


def _instances(sizes: Sizes) -> list[Instance]:
    """Return the cases of that order."""
    base = read_instance(load(sizes.case))
    seeds = range(1, sizes.short_solves + 1)
    options = [
        base.options.model_copy(update={**sizes.options, "seed": x}) for x in seeds
    ]
    return [base.model_copy(update={"options": each}) for each in options]


def _solve_all(server: Server, sizes: Sizes) -> tuple[float, str]:
    """Return seconds from the order to the last answer, and what took them."""
    start, start_s = time.time(), time.perf_counter()
    order_batch(server, _batch(sizes, sizes.short_solves))
    order_s = time.perf_counter() - start_s
    wait_for_batches(server)
    found = jobs(server)
    assert len(found) == sizes.short_solves
    assert all(job["state"] == "SUCCEEDED" for job in found)
    assert all(job["reused_from"] is None for job in found)
    last = max(instant(job["finished_at"]) for job in found)
    first = min(instant(job["started_at"]) for job in found)
    idle = idle_times(found)
    solves = [job["result"]["seconds"] for job in found]
    beside = [
        (instant(job["finished_at"]) - instant(job["started_at"])).total_seconds()
        - seconds
        for job, seconds in zip(found, solves, strict=True)
    ]
    return last.timestamp() - start, (
        f"one batch, accepted after {order_s:.2f} s, first job begun after "
        f"{first.timestamp() - start:.2f} s, median solve "
        f"{median(solves):.2f} s, beside it in each job {1000 * median(beside):.0f} ms,"
        f" between two jobs "
        f"of a worker median {1000 * median(idle):.0f} ms, "
        f"longest {1000 * max(idle):.0f} ms"
    )


def idle_times(found: list[Any]) -> list[float]:
    """Return the seconds between the end of a job and the start of its worker's next.

    0 if there are no two of one worker.
    """
    by_worker: dict[str, list[tuple[float, float]]] = {}
    for job in found:
        times = [instant(job[x]).timestamp() for x in ("started_at", "finished_at")]
        by_worker.setdefault(job["worker"], []).append((times[0], times[1]))
    idle = [
        after[0] - before[1]
        for times in by_worker.values()
        for before, after in zip(sorted(times), sorted(times)[1:], strict=False)
    ]
    return idle or [0.0]


def _waits(server: Server, sizes: Sizes) -> tuple[list[float], str]:
    """Return how long each of some interactive jobs waited, in seconds."""
    case = server.post("/v1/cases", load(sizes.case))["hash"]
    batch = order_batch(server, _batch(sizes, sizes.batch_under_way))
    dice = random.Random(1)  # noqa: S311 - to be repeated
    waits: list[float] = []
    ordered: list[float] = []
    for number in range(sizes.samples):
        threading.Event().wait(dice.uniform(0, LONGEST_PAUSE_S))
        options = {**sizes.options, "seed": INTERACTIVE_SEEDS + number}
        start_s = time.perf_counter()
        job = server.post("/v1/jobs", {"case": case, "options": options})
        ordered.append(time.perf_counter() - start_s)
        job = server.wait_for(job["id"], "SUCCEEDED")
        waited = instant(job["started_at"]) - instant(job["created_at"])
        waits.append(waited.total_seconds())
    left = server.get(batch["href"])["number_by_state"]
    assert left["QUEUED"], "the batch was over before the last sample"
    server.post(f"{batch['href']}/cancel")
    return waits, (
        f"{len(waits)} samples, median {median(waits):.2f} s, shortest "
        f"{min(waits):.2f} s; the order itself median {median(ordered):.2f} s, longest "
        f"{max(ordered):.2f} s; {left['QUEUED']} of the batch were left"
    )


def _grid(sizes: Sizes) -> dict[str, object]:
    """Return an order of many variants of the large case: budget and what it costs."""
    number = sizes.variants
    limits = f"financing.loan.limit_usd=1e9..1e10:{number}"
    rates = f"financing.loan.rate_per_year=0.01..0.1:{number}"
    return {"case": sizes.large_case, "grid": [limits, rates]}


def _listed(server: Server, batch: Mapping[str, Any]) -> tuple[str, str]:
    """Return how long the lists of variants and of jobs took, and what is wrong."""
    start_s = time.perf_counter()
    path = f"{batch['variants_href']}?limit={LONGEST_PAGE}"
    numbers = [one["number"] for page in pages(server, path) for one in page]
    variants_s = time.perf_counter() - start_s
    start_s = time.perf_counter()
    found = {job["id"] for job in jobs(server)}
    jobs_s = time.perf_counter() - start_s
    expected = batch["number_of_variants"] + 1
    is_whole = numbers == list(range(expected)) and len(found) == expected
    server.post(f"{batch['href']}/cancel")
    return (
        f"then {len(numbers):,} variants listed in pages of {LONGEST_PAGE} within "
        f"{variants_s:.1f} s, and {len(found):,} jobs within {jobs_s:.1f} s"
    ), ("" if is_whole else "the lists are not whole")
