"""A case small enough to read: tests take it and change what they are about."""

import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.store.opening import opened_store
from tests.postgres import Postgres, opened_postgres

BYTECODE = Path(__file__).parents[1] / ".pytest_cache" / "bytecode"

if sys.dont_write_bytecode:
    # Hundreds of processes are started, which would each compile all that they load.
    # The wish that nothing is written beside the sources is kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(BYTECODE)
    sys.dont_write_bytecode = False


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """Yield a PostgreSQL server, started when the first test wants it."""
    with opened_postgres() as postgres:
        yield postgres


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all tables, of which others are copies."""
    settings = Settings(
        data_directory=tmp_path_factory.mktemp("migrated"), database_url=None
    )
    with opened_store(settings):
        pass
    assert [*settings.data_directory.glob("*.sqlite3*")] == [settings.database_file]
    return settings.database_file


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Generator[SecretStr | None]:
    """Yield a database of each kind; None is a file of the data directory.

    Its tables are there, in SQLite if that is `data` in the folder of the test; not so
    in an `empty sqlite` and an `empty postgresql`.
    """
    if request.param == "sqlite":
        (tmp_path / "data").mkdir()
        migrated: Path = request.getfixturevalue("migrated_file")
        shutil.copy(migrated, tmp_path / "data")
    with opened_database(request) as url:
        yield url


@contextmanager
def opened_database(request: pytest.FixtureRequest) -> Generator[SecretStr | None]:
    """Yield the database that the parameter names, for what several tests share too."""
    if request.param.endswith("sqlite"):
        yield None
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(is_migrated=not request.param.startswith("empty")) as url:
        yield SecretStr(url.render_as_string(hide_password=False))


@pytest.fixture
def tiny_case() -> dict[str, Any]:
    """Return a fresh mapping of a smallest valid case, to change and then read."""
    return smallest_case()


def smallest_case() -> dict[str, Any]:
    """Return it for what several tests share."""
    return {
        "id": "tiny",
        "name": "Gallium for one maker of wafers",
        "horizon": {"start": "2026-01-01", "number_of_periods": 4},
        "materials": [
            {
                "id": "gallium",
                "name": "Gallium",
                "traded_form": "metal 4N",
                "stage": "metal",
                "lot_tonnes": 0.1,
                "price_usd_per_tonne": 500_000.0,
                "storage_class": "dry",
                "market_capacity_tonnes_per_year": 40.0,
            }
        ],
        "storage_classes": [
            {
                "id": "dry",
                "name": "Dry warehouse",
                "capacity_tonnes": 100.0,
                "cost_usd_per_tonne_year": 200.0,
                "outload_tonnes_per_day": 1.0,
            }
        ],
        "routes": [
            {
                "id": "gallium-chn",
                "material": "gallium",
                "mining_country": "CHN",
                "refining_country": "CHN",
                "share": 0.8,
            },
            {
                "id": "gallium-deu",
                "material": "gallium",
                "mining_country": "DEU",
                "refining_country": "DEU",
                "share": 0.2,
            },
        ],
        "priority_classes": [{"id": "civil", "name": "Civil"}],
        "participants": [
            {"id": "maker", "name": "Wafer maker", "priority_class": "civil"}
        ],
        # 0.001 t a wafer x 12,000 wafers a year: 12 t a year, 1 t a month.
        "products": [
            {
                "id": "wafer",
                "name": "Wafer",
                "unit": "wafer",
                "participant": "maker",
                "demand_units_per_year": 12_000.0,
                "bill_of_materials": [
                    {"material": "gallium", "quantity_per_unit": 0.001}
                ],
                "shortage_blocks": [
                    {"kind": "thrift", "share": 0.1, "cost_usd_per_unit": 1_000.0},
                    {"kind": "line_stop", "share": 0.9, "cost_usd_per_unit": 10_000.0},
                ],
            }
        ],
        "sourcing_options": [
            {
                "id": "in-place",
                "name": "In place at the start",
                "origins": "any",
                "build_up_periods": 0,
            }
        ],
        "rules": [
            {
                "id": "immediate",
                "name": "Release all that is missing",
                "steps": [
                    {"draw_rate_per_month": 0.0, "coverage": 0.0},
                    {"draw_rate_per_month": 1.0, "coverage": 1.0},
                    {"draw_rate_per_month": 1.0, "coverage": 1.0},
                    {"draw_rate_per_month": 1.0, "coverage": 1.0},
                ],
            }
        ],
        "levels_days_of_cover": [60],
        "financing": {
            "facilities": [
                {
                    "id": "loan",
                    "name": "Loan",
                    "kind": "loan",
                    "limit_usd": 5_000_000.0,
                    "rate_per_year": 0.05,
                },
                {
                    "id": "capital",
                    "name": "Capital",
                    "kind": "equity",
                    "limit_usd": 1_000_000.0,
                    "rate_per_year": 0.08,
                },
            ]
        },
        "events": [
            {
                "id": "chn-ban",
                "name": "Export ban",
                "country": "CHN",
                "stage": "refining",
                "materials": ["gallium"],
                "hazard_per_year": 0.3,
                "phases": [
                    {
                        "name": "ban",
                        "duration_days_low": 60,
                        "duration_days_high": 120,
                        "availability": 0.0,
                        "price_multiplier": 2.0,
                    }
                ],
            }
        ],
    }
