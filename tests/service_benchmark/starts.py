"""How soon a server answers, and how soon an idle worker takes a job."""

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from http import HTTPStatus
from pathlib import Path
from statistics import median

import httpx2
from pydantic import SecretStr

from service.casefiles import load
from tests.benchmark.table import Row
from tests.journeys.server import ROOT, environment_of, free_port, running_server
from tests.service.fake_solver import SOLVER
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.orders import instant
from tests.service_benchmark.site import STRONGROOM, database_of

FIRST_ANSWER_S, TAKEN_S = 3.0, 0.5
PAUSE_S = 0.005
LONGEST_IDLE_S = 4.0


def cold_start(bench: Bench) -> list[Row]:
    """Time from the start of `strongroom serve` to its first answer.

    The first start makes the tables; the others find them.
    """
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            database_of(postgres) as url,
        ):
            data = Path(folder, "data")
            starts = [_start(data, url) for _ in range(bench.sizes.starts + 1)]
        first, *others = starts
        answers = [answer_s for answer_s, _ in others]
        remarks = (
            f"median of {len(others)}, longest {max(answers):.2f} s; the first, with "
            f"new tables, {first[0]:.2f} s; with its worker after "
            f"{median(ready_s for _, ready_s in others):.2f} s"
        )
        bench.tell(f"{name}: {median(answers):.2f} s; {remarks}")
        measure = f"{name}: from `strongroom serve` to the first answer"
        rows.append(Row(measure, FIRST_ANSWER_S, "s", median(answers), remarks=remarks))
    return rows


def _start(data: Path, url: SecretStr | None) -> tuple[float, float]:
    """Return the seconds to the first answer, and until a worker is there."""
    port = free_port()
    start_s = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - the same Python
        [sys.executable, "-P", "-c", STRONGROOM, "serve", "--port", str(port)],
        env=environment_of(data, url, {"log_level": "warning"}),
        cwd=ROOT,
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            answered_s = _answered(client, start_s)
            while client.get("/health").status_code != HTTPStatus.OK:
                threading.Event().wait(PAUSE_S)
            return answered_s, time.perf_counter() - start_s
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _answered(client: httpx2.Client, start_s: float) -> float:
    while True:
        try:
            client.get("/health")
        except httpx2.TransportError:
            threading.Event().wait(PAUSE_S)
        else:
            return time.perf_counter() - start_s


def taking(bench: Bench) -> list[Row]:
    """Time from QUEUED to RUNNING of a job that an idle worker is told of."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        with (
            tempfile.TemporaryDirectory() as folder,
            database_of(postgres) as url,
        ):
            first, *waits = _waits(Path(folder, "data"), url, bench.sizes.samples)
        remarks = (
            f"{len(waits)} samples, median {1000 * median(waits):.0f} ms; the first "
            f"job of the worker {1000 * first:.0f} ms"
        )
        bench.tell(f"{name}: " + ", ".join(f"{x:.3f}" for x in waits))
        measure = f"{name}: longest wait of a job for an idle worker"
        rows.append(Row(measure, TAKEN_S, "s", max(waits), remarks=remarks))
    return rows


def _waits(data: Path, url: SecretStr | None, samples: int) -> list[float]:
    """Return how long each job waited that was ordered some time after the last."""
    dice = random.Random(1)  # noqa: S311 - to be repeated
    waits: list[float] = []
    with running_server(data, SOLVER, url=url, log_level="warning") as server:
        case = server.post("/v1/cases", load("two_materials"))["hash"]
        for number in range(samples + 1):
            threading.Event().wait(dice.uniform(0.5, LONGEST_IDLE_S))
            options = {"seed": 1, "time_limit_s": 1_000 + number}
            job = server.post("/v1/jobs", {"case": case, "options": options})
            job = server.wait_for(job["id"], "SUCCEEDED")
            waited = instant(job["started_at"]) - instant(job["created_at"])
            waits.append(waited.total_seconds())
    return waits
