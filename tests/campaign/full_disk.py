"""Fill a store's disk while jobs run: `python -m tests.campaign.full_disk`, as root.

The disk is a small one in memory, mounted for this. Counts what is refused, and what is
lost once there is room again.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from service.casefiles import load
from service.settings import Settings
from service.store.address import database_url
from service.store.database import Database
from tests.campaign.answers import answers, watch
from tests.campaign.solver import SOLVER
from tests.journeys.server import Server
from tests.service.waiting import wait_until

# Room for the log of SQLite, which grows to 4 MB before it is used again.
SIZE, BLOCK = "16m", b"x" * 4096
NUMBER_OF_JOBS, FULL_FOR_S = 20, 15.0


def main() -> int:
    """Print what was found; return 0 if nothing was lost, and else 1."""
    with _small_disk() as disk:
        server = Server(disk / "data", SOLVER, lease_s=4)
        server.start()
        settings = Settings(data_directory=disk / "data", database_url=None)
        with closing(Database.open(database_url(settings))) as database:
            watch(database)
            try:
                return 0 if _tried(server, database, disk) else 1
            finally:
                server.clean_up()


def _tried(server: Server, database: Database, disk: Path) -> bool:
    case = server.post("/v1/cases", load("two_materials"))["hash"]
    for seed in range(NUMBER_OF_JOBS):
        server.post("/v1/jobs", {"case": case, "options": {"seed": 10 * seed + 4}})
    wait_until(lambda: server.get("/v1/jobs?state=SUCCEEDED")["items"])
    _fill(disk / "filler")
    refusals = {_refused(server, case, seed) for seed in range(500, 540)}
    threading.Event().wait(FULL_FOR_S)
    reading = server.client.get("/v1/jobs").status_code
    health = server.client.get("/health").status_code
    (disk / "filler").unlink()
    accepted = NUMBER_OF_JOBS + sum(status == 202 for _, status, _ in refusals)
    number_before = len(server.get("/v1/jobs?limit=200")["items"])
    server.post("/v1/jobs", {"case": case, "options": {"seed": 990}})
    number = number_before + 1
    wait_until(lambda: len(answers(database)) == number, 120)
    jobs = server.get("/v1/jobs?limit=200")["items"]
    with database.reading() as session:
        check = session.connection().execute(text("PRAGMA integrity_check")).scalar()
    told = sorted({(status, slug) for _, status, slug in refusals if status != 202})
    states = sorted({job["state"] for job in jobs})
    attempts = max(job["attempt"] for job in jobs)
    is_good = (
        number_before == accepted
        and check == "ok"
        and states == ["SUCCEEDED"]
        and set(answers(database).values()) == {1}
        and bool(told)
        and {status for status, _ in told} <= {503, 507}
    )
    print(  # noqa: T201 - a program
        f"orders on a full disk: {told}; reading: {reading}, health: {health}; "
        f"{accepted} accepted, {number_before} there, ended: {states}, "
        f"most attempts {attempts}; integrity: {check}"
    )
    return is_good


def _refused(server: Server, case: str, seed: int) -> tuple[int, int, str]:
    order = {"case": case, "options": {"seed": seed}}
    answer = server.client.post("/v1/jobs", json=order)
    found: dict[str, Any] = answer.json()
    return seed, answer.status_code, str(found.get("type", "")).rpartition(":")[2]


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(BLOCK)
        except OSError:
            return


@contextmanager
def _small_disk() -> Generator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
        subprocess.run(mount, check=True)  # noqa: S603
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)  # noqa: S603, S607


if __name__ == "__main__":
    sys.exit(main())
