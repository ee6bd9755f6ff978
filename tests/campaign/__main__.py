"""Kill workers and servers at random while jobs run: `python -m tests.campaign`.

Counts jobs that are lost, have two answers or none, and processes that are left. What
is killed when, `--seed` decides; how far the jobs are by then, the machine.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr

from models.tables import JobState, Priority
from service.casefiles import load
from service.jobs.failures import WORKER_LOST
from service.settings import Settings
from service.store.address import database_url
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.opening import opened_store
from service.store.part import Part
from tests.campaign.answers import answers, watch
from tests.campaign.fleet import Fleet
from tests.postgres import opened_postgres

DATABASES = ("sqlite", "postgresql")
PAUSE_S, PATIENCE_WITH_IDLERS_S = 0.5, 20.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each database; return 0 if nothing was lost, and else 1."""
    options = _options(arguments)
    is_good = True
    for database in options.only or DATABASES:
        with _store(database) as (folder, url):
            is_good &= _campaign(database, folder, url, options)
    return 0 if is_good else 1


def _campaign(
    name: str, folder: Path, url: SecretStr | None, options: argparse.Namespace
) -> bool:
    began_s = time.monotonic()
    settings = Settings(data_directory=folder, database_url=url)
    with opened_store(settings) as store:
        watch(store.database)
    fleet = Fleet(folder, url, options.workers)
    database = Database.open(database_url(settings))
    try:
        orders = _Orders(fleet, options.jobs)
        orders.start()
        _kill(fleet, orders, database, options)
        orders.join()
        accepted = set(orders.accepted)
        is_over = _wait_for_all(database, fleet, len(accepted), options.patience)
        with database.reading() as session:
            jobs = JobRepository(session).page(Part(10**6))
    finally:
        fleet.end()
    ended = answers(database)
    database.close()
    finished = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}
    given_up = [job for job in jobs if job.failure_kind == WORKER_LOST.kind]
    counts = {
        "lost": len(accepted - {job.id for job in jobs}),
        "more than accepted": len({job.id for job in jobs} - accepted),
        "recorded twice": sum(number > 1 for number in ended.values()),
        "stuck": sum(job.state not in finished for job in jobs),
        "failed otherwise": sum(job.state is JobState.FAILED for job in jobs)
        - len(given_up),
        "orphans": len(fleet.orphans),
    }
    _tell(
        f"{name}: {options.kills} kills, {len(accepted)} jobs, "
        f"{sum(job.attempt for job in jobs)} attempts, "
        f"{sum(job.lost_attempts for job in jobs)} lost with their workers, "
        f"{len(given_up)} given up after three, {time.monotonic() - began_s:.0f} s; "
        + ", ".join(f"{number} {what}" for what, number in counts.items())
    )
    return is_over and not any(counts.values())


class _Orders(threading.Thread):
    """Gives the jobs, each again until it is accepted: the server is killed as well."""

    def __init__(self, fleet: Fleet, number_of_jobs: int) -> None:
        super().__init__(name="orders", daemon=True)
        self._fleet = fleet
        self._number_of_jobs = number_of_jobs
        self.accepted: list[str] = []
        self._allowed = threading.Semaphore(0)
        self._number_allowed = 0

    def allow(self, number_of_jobs: int) -> None:
        """Let so many be given by now."""
        for _ in range(number_of_jobs - self._number_allowed):
            self._allowed.release()
        self._number_allowed = number_of_jobs

    def run(self) -> None:
        """Give them."""
        case = self._post("/v1/cases", load("two_materials"), None)["hash"]
        for number in range(self._number_of_jobs):
            self._allowed.acquire()
            priority = Priority.BATCH if number % 2 else Priority.INTERACTIVE
            order = {"case": case, "options": {"seed": number}, "priority": priority}
            self.accepted.append(self._post("/v1/jobs", order, str(uuid.uuid4()))["id"])

    def _post(self, path: str, body: Mapping[str, object], key: str | None) -> Any:  # noqa: ANN401 - JSON
        headers = {} if key is None else {"Idempotency-Key": key}
        while True:
            try:
                client = self._fleet.server.client
                answer = client.post(path, json=body, headers=headers)
                if answer.is_success:
                    return answer.json()
            except (httpx2.HTTPError, RuntimeError):
                # It was killed, or its client closed, at this moment.
                pass
            threading.Event().wait(PAUSE_S)


def _kill(
    fleet: Fleet, orders: _Orders, database: Database, options: argparse.Namespace
) -> None:
    dice = random.Random(options.seed)  # noqa: S311 - to be repeated
    for number in range(options.kills):
        orders.allow(options.jobs * (number + 1) // options.kills)
        _wait_for_work(database)
        threading.Event().wait(dice.uniform(0, 2 * options.pause))
        _tell(f"  kill {number + 1}: {fleet.kill_one(dice)}")
        _tell_of_orphans(fleet)


def _tell_of_orphans(fleet: Fleet) -> None:
    for orphan in fleet.look_for_orphans():
        _tell(f"  orphan {orphan}")


def _wait_for_work(database: Database) -> None:
    """Wait a while until some job runs: to kill the idle would prove little."""
    end_s = time.monotonic() + PATIENCE_WITH_IDLERS_S
    while time.monotonic() < end_s:
        with database.reading() as session:
            if JobRepository(session).number_by_state()[JobState.RUNNING]:
                return
        threading.Event().wait(PAUSE_S / 5)


def _wait_for_all(
    database: Database, fleet: Fleet, number_of_jobs: int, patience_s: float
) -> bool:
    end_s = time.monotonic() + patience_s
    while time.monotonic() < end_s:
        if len(answers(database)) >= number_of_jobs:
            return True
        _tell_of_orphans(fleet)
        threading.Event().wait(PAUSE_S)
    return False


@contextmanager
def _store(database: str) -> Generator[tuple[Path, SecretStr | None]]:
    with tempfile.TemporaryDirectory() as folder:
        if database == "sqlite":
            yield Path(folder, "data"), None
            return
        with opened_postgres() as postgres, postgres.database() as url:
            text = url.render_as_string(hide_password=False)
            yield Path(folder, "data"), SecretStr(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.campaign")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2, help="beside the server's")
    parser.add_argument("--pause", type=float, default=1.0, help="mean, seconds")
    parser.add_argument("--patience", type=float, default=300.0, help="at the end, s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=DATABASES)
    return parser.parse_args(arguments)


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program


if __name__ == "__main__":
    sys.exit(main())
