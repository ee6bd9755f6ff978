"""Commands without room for a file report it and leave no partial file."""

import resource
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.settings import Settings
from service.store.opening import opened_store
from tests.service.cli.conftest import strongroom

ROOM_BYTES = 2_000


@contextmanager
def little_room() -> Generator[None]:
    """Let this process write no file that is larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    writes_bytecode = not sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # bytecode cut short would stay in its cache
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        sys.dont_write_bytecode = not writes_bytecode


@pytest.mark.parametrize(
    "words",
    [
        ("solve", "two_materials", "--output"),
        ("batch", "two_materials", "--vary", "options.seed=2,3,4,5,6", "--output"),
        ("audit", "two_materials", "PLAN", "--output"),
    ],
    ids=["solve", "batch", "audit"],
)
def test_a_file_without_room_is_reported(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """No traceback, and what was there before is still there."""
    plan, target = tmp_path / "plan.json", tmp_path / "target"
    if "PLAN" in words:
        assert strongroom("solve", "two_materials", "--output", plan).exit_code == 0
    target.write_text("before")
    given = [plan if word == "PLAN" else word for word in words]
    with little_room():
        result = strongroom(*given, target)
    assert result.exit_code == 2
    assert "not written" in result.stderr
    assert f"{target.name}: is 'File too large'" in result.stderr.replace("\n", "")
    assert "Traceback" not in result.stderr
    assert target.read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} <= {"plan.json", "target"}


def test_a_backup_without_room_is_reported(tmp_path: Path) -> None:
    """The store is as it was, and there is no half of a backup."""
    with opened_store(Settings(data_directory=tmp_path, database_url=None)):
        pass
    file = tmp_path / "strongroom.backup"
    with little_room():
        result = strongroom("store", "backup", file, "--data-dir", tmp_path)
    assert result.exit_code == 2
    assert "room" in result.stderr
    assert not file.exists()
