"""Warnings of a case at the commands that read one, and --strict."""

import json
from pathlib import Path

import pytest

from tests.cases import smallest_case
from tests.service.cli.conftest import strongroom, written

SLIP = "events[chn-ban].country: is 'CHM', expected a country on a route of gallium"
ALONE = [
    ("solve",),
    ("frontier", "--points", 2),
    ("sensitivity", "--only", "prices", "--change", 0.2),
    ("calibration",),
    ("batch", "--vary", "options.gap=0.1,0.2"),
]
OF_A_PLAN = [
    ("evaluate", "--scenarios", 10),
    ("replay",),
    ("compare-rules", "--scenarios", 10, "--value-scenarios", 0),
    ("financing", "--scenarios", 10),
    ("explain", "--no-frontier"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a case with a slip, and of a plan for it."""
    folder = tmp_path_factory.mktemp("warned")
    case = smallest_case()
    case["events"][0]["country"] = "CHM"
    written(folder / "case.json", case)
    result = strongroom("solve", folder / "case.json", "--output", folder / "plan.json")
    assert result.exit_code == 0, result.output
    return folder


def words_of(folder: Path, *words: object) -> tuple[object, ...]:
    """Return a command with its case, and its plan if it needs one."""
    name, *options = words
    plan = [folder / "plan.json"] if words in OF_A_PLAN else []
    return (name, folder / "case.json", *plan, *options)


@pytest.mark.parametrize("words", [*ALONE, *OF_A_PLAN], ids=lambda words: words[0])
def test_a_warning_is_on_standard_error_and_in_the_json(
    folder: Path, words: tuple[object, ...]
) -> None:
    """With the path, the effect and the nearest name; the status is 0."""
    call = words_of(folder, *words)
    plain, as_json = strongroom(*call), strongroom(*call, "--json")
    assert (plain.exit_code, as_json.exit_code) == (0, 0), plain.output
    (line,) = [x for x in plain.stderr.splitlines() if x.startswith("warning")]
    assert line.startswith(f"warning: {SLIP}")
    assert "perhaps CHN; this cuts nothing" in line
    assert [f"warning: {x}" for x in json.loads(as_json.stdout)["warnings"]] == [line]
    assert as_json.stderr == ""


@pytest.mark.parametrize("words", [*ALONE, *OF_A_PLAN], ids=lambda words: words[0])
def test_strict_makes_it_a_mistake(folder: Path, words: tuple[object, ...]) -> None:
    """Exit status 2, with the same words."""
    result = strongroom(*words_of(folder, *words), "--strict")
    assert result.exit_code == 2
    assert "bad input, 1 mistake" in result.stderr
    assert f"  {SLIP}" in result.stderr


@pytest.mark.parametrize("command", ["smps", "mps"])
def test_an_exchanged_case_has_its_warnings(
    folder: Path, tmp_path: Path, command: str
) -> None:
    """Those of a case that is written for other solvers."""
    target = tmp_path / "program.mps" if command == "mps" else tmp_path
    call = (command, "write", folder / "case.json", target)
    assert f"warning: {SLIP}" in strongroom(*call).stderr
    (warning,) = json.loads(strongroom(*call, "--json").stdout)["warnings"]
    assert warning.startswith(SLIP)
    assert strongroom(*call, "--strict").exit_code == 2


def test_a_sound_case_passes_strictly() -> None:
    """The shipped cases have no warnings."""
    result = strongroom("solve", "two_materials", "--strict", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["warnings"] == []


def test_a_participant_sees_no_warnings_of_the_case(folder: Path) -> None:
    """They may name figures of others."""
    plan = folder / "plan.json"
    result = strongroom("participant", folder / "case.json", plan, "maker", "--json")
    assert json.loads(result.stdout)["warnings"] == []


def test_a_solve_says_why_nothing_is_held() -> None:
    """Although the next dollar would avoid something: no lot can be paid for."""
    words = ("solve", "two_materials", "--set", "financing.loan.limit_usd=1000")
    result = strongroom(*words)
    assert result.exit_code == 0, result.output
    answer = json.loads(strongroom(*words, "--json").stdout)
    assert answer["budget_shadow_price"] == pytest.approx(2.0)
    (warning,) = answer["warnings"]
    assert warning == (
        "nothing is held, although the next dollar avoids $2.00: the cheapest lot is "
        "1 t of alpha for about $10,000.00, and the financing is $1,000.00"
    )
    assert f"warning: {warning}" in result.stderr
