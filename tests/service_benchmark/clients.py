"""Many clients with keys of their own poll and order: how long a read takes."""

import tempfile
from pathlib import Path
from typing import Any

from models.tables import Role
from service.casefiles import load
from service.settings import Settings
from tests.benchmark.table import Row
from tests.journeys.accounts import new_keys
from tests.journeys.server import running_server
from tests.postgres import Postgres
from tests.service.fake_solver import SOLVER
from tests.service_benchmark.bench import Bench
from tests.service_benchmark.load import Load, Target, loaded
from tests.service_benchmark.site import database_of
from tests.service_benchmark.sizes import Sizes

LONGEST_READ_S = 0.05


def clients(bench: Bench) -> list[Row]:
    """Time of reads at half of the load that the server bears; no error at either."""
    rows: list[Row] = []
    for name, postgres in bench.databases.items():
        full, half = _both(postgres, bench.sizes)
        bench.tell(f"{name}, full: {full.in_words()} {dict(full.errors)}")
        bench.tell(f"{name}, half: {half.in_words()} {dict(half.errors)}")
        number = bench.sizes.clients
        measure = f"{name}: 95 % of reads by {number} clients at half of the full load"
        errors = full.errors + half.errors
        rows.append(
            Row(
                measure,
                LONGEST_READ_S,
                "s",
                half.read_s(95),
                remarks=f"half: {half.in_words()}; full: {full.in_words()}; no error",
                failure=f"{errors.total()} errors" if errors else "",
            )
        )
    return rows


def _both(postgres: Postgres | None, sizes: Sizes) -> tuple[Load, Load]:
    """Return what clients meet without a pause, then at half of that rate."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database_of(postgres) as url,
    ):
        data = Path(folder, "data")
        settings = Settings(data_directory=data, database_url=url)
        names = [f"planner {number}" for number in range(sizes.clients)]
        keys = new_keys(settings, Role.ANALYST, names)
        # The load, not the limit, is what is measured.
        unlimited: dict[str, Any] = {"requests_per_minute_of_organisation": 0}
        with running_server(
            data, SOLVER, url=url, log_level="warning", **unlimited
        ) as server:
            server.client.headers["Authorization"] = f"Bearer {keys[0]}"
            case = server.post("/v1/cases", load("two_materials"))["hash"]
            job = server.post("/v1/jobs", {"case": case, "options": {"seed": 1}})
            server.wait_for(job["id"], "SUCCEEDED")
            target = Target(str(server.client.base_url), case, job["href"], keys)
            full = loaded(target, sizes.clients_s)
            pause_s = 2 * sizes.clients / full.rate_per_s
            half = loaded(target, sizes.clients_s, pause_s)
    return full, half
