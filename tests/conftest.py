"""Databases of both kinds, and a case small enough to read, for tests to change."""

import gc
import os
import shutil
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

if sys.dont_write_bytecode:
    # Hundreds of processes are started, which would each compile all that they load;
    # this one too. The wish that nothing is written beside the sources is kept.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    sys.dont_write_bytecode = False

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.store.opening import opened_store
from tests.cases import Case, smallest_case
from tests.postgres import Postgres, opened_postgres
from tests.reaper import start_reaper

JOURNEYS = Path(__file__).parent / "journeys"


def pytest_configure(config: pytest.Config) -> None:
    """Have all that this process starts end with it: each of xdist has its own."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # As in the background of a script. What tests start would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    reaper = start_reaper()

    def end() -> None:
        assert reaper.stdin is not None
        reaper.stdin.close()
        reaper.wait()

    config.add_cleanup(end)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the journeys where several processes share the tests.

    Each takes long and mostly waits. Of four processes two begin with half of them
    each, while the others compute; none is left to the end, when nothing is shared.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    journeys = [x for x in items if x.path.is_relative_to(JOURNEYS)]
    others = [x for x in items if not x.path.is_relative_to(JOURNEYS)]
    half, middle = len(journeys) // 2, len(items) // 2 - len(journeys) // 2
    items[:] = [
        *journeys[:half],
        *others[:middle],
        *journeys[half:],
        *others[middle:],
    ]


def pytest_collection_finish() -> None:
    """Have the collector of cycles leave alone what stays to the end.

    Thousands of tests and all modules: looking at them again and again took a tenth of
    the time.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)


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
def tiny_case() -> Case:
    """Return a fresh mapping of a smallest valid case, to change and then read."""
    return smallest_case()
