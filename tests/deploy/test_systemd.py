"""Units of systemd: read by systemd itself, where there is one."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from service.settings import Settings
from tests.deploy.deployed import DEPLOY, ran, unit

FOLDER = DEPLOY / "systemd"
UNITS = ("strongroom-server", "strongroom-worker@")
PROGRAM = "/opt/strongroom/bin/strongroom"
ANALYZE = shutil.which("systemd-analyze")
# Of 10; what has no limits at all has 9.6.
MOST_EXPOSED = 20
with_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze here")


def readable(name: str, tmp_path: Path, *, replaced: str = "", by: str = "") -> Path:
    """Return a copy of a unit whose program exists on this machine."""
    text = (FOLDER / f"{name}.service").read_text(encoding="utf-8")
    copied = tmp_path / f"{name}.service"
    copied.write_text(text.replace(PROGRAM, sys.executable).replace(replaced, by))
    return copied


@with_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_it(name: str, tmp_path: Path) -> None:
    """It reports nothing; an unknown word would be reported."""
    assert ANALYZE is not None
    ended = ran(ANALYZE, "verify", "--man=no", readable(name, tmp_path))
    assert ended.stderr + ended.stdout == ""
    wrong = readable(name, tmp_path, replaced="KillMode", by="KilMode")
    assert "KilMode" in ran(ANALYZE, "verify", "--man=no", wrong).stderr


@with_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_it_well_confined(name: str, tmp_path: Path) -> None:
    """Its own measure of what a unit could do."""
    assert ANALYZE is not None
    ended = ran(
        ANALYZE,
        "security",
        "--offline=true",
        f"--threshold={MOST_EXPOSED}",
        readable(name, tmp_path),
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("name", UNITS)
def test_a_stop_is_asked_of_the_program_alone(name: str) -> None:
    """It ends its solves in stages; what is left of them is killed with the unit."""
    assert unit(name)["KillMode"] == ["mixed"]


def test_a_solve_that_takes_too_much_memory_takes_no_other_along() -> None:
    """A job fails before the unit is at its limit, and the unit outlives a kill."""
    worker = unit("strongroom-worker@")
    assert worker["OOMPolicy"] == ["continue"]
    (most,) = worker["MemoryMax"]
    (limit,) = re.findall(r"MEMORY_LIMIT_BYTES=(\d+)", str(worker["Environment"]))
    gibibytes = int(most.removesuffix("G"))
    assert 0.7 < int(limit) / (gibibytes * 2**30) < 0.85
    assert Settings(memory_limit_bytes=int(limit)).number_of_slots == 1


def test_the_example_of_an_environment_is_one() -> None:
    """Each line sets a setting that the service accepts."""
    lines = (FOLDER / "environment.example").read_text(encoding="utf-8").splitlines()
    given = dict(x.split("=", 1) for x in lines if not x.startswith("#"))
    settings = {x.removeprefix("STRONGROOM_").lower(): y for x, y in given.items()}
    assert Settings.model_validate(settings).model_fields_set >= settings.keys()
