"""strongroom new: a case out of the shipped data, from flags or from questions."""

import json
from pathlib import Path

from models.reading import read_instance
from service.casefiles import load
from service.cli.exit_status import ExitStatus
from tests.service.cli.conftest import strongroom

WISHES = ("--minerals", "gallium,germanium", "--country", "Japan", "--budget", "5e8")


def test_flags_make_a_case_that_commands_read(tmp_path: Path) -> None:
    """What is missing is told beside it."""
    path = tmp_path / "case.yaml"
    result = strongroom("new", *WISHES, "--output", path, "--json")
    assert result.exit_code == ExitStatus.SUCCESS
    answer = json.loads(result.stdout)
    case = read_instance(load(str(path)))
    assert answer["file"] == {"path": str(path), "content_hash": case.content_hash}
    assert [m.id for m in case.materials] == ["gallium", "germanium"]


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    """Unless it is to be replaced."""
    path = tmp_path / "case.yaml"
    path.write_text("mine")
    result = strongroom("new", *WISHES, "--output", path)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "or --replace" in result.stderr
    assert path.read_text() == "mine"
    result = strongroom("new", *WISHES, "--output", path, "--replace")
    assert result.exit_code == ExitStatus.SUCCESS
    assert "strongroom solve" in result.stdout


def test_all_that_is_missing_is_told_at_once() -> None:
    """With the values that are allowed."""
    result = strongroom("new")
    assert result.exit_code == ExitStatus.BAD_INPUT
    for flag, value in (
        ("minerals", "gallium"),
        ("country", "JPN"),
        ("budget", "1.5bn"),
    ):
        assert f"--{flag}: is 'absent'" in result.stderr
        assert value in result.stderr
