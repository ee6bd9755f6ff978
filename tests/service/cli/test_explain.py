"""strongroom explain: why a plan is as it is."""

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import Strongroom


@pytest.fixture
def solved(strongroom: Strongroom, tmp_path: Path) -> Path:
    """Return the file of the plan that is worked out by hand."""
    path = tmp_path / "plan.json"
    assert strongroom("solve", "two_materials", "--output", path).exit_code == 0
    return path


def test_tables(strongroom: Strongroom, solved: Path) -> None:
    """Dollars avoid 2.00 and 1.50; why there is no more of each; what it comes from."""
    result = strongroom("explain", "two_materials", solved)
    assert result.exit_code == 0, result.output
    for text in (
        "Worth on the 2 planning scenarios",
        "$2.00",
        "$1.50",
        "nothing larger",
        "cannot be paid for",
        "Limits without room",
        "Cut of the second year",
        "Shortfalls, complete",
    ):
        assert text in result.output


def test_json_is_the_whole_document(strongroom: Strongroom, solved: Path) -> None:
    """With the list of shortfalls and of what is not modelled, and nothing else."""
    result = strongroom("explain", "two_materials", solved, "--json")
    answer = json.loads(result.stdout)
    assert [x["material"] for x in answer["materials"]] == ["alpha", "beta"]
    assert [x["material"] for x in answer["shortfalls"]] == ["alpha", "beta"]
    assert answer["unmodelled"] == []
    assert answer["warnings"] == []


def test_a_plan_of_another_menu_is_bad_input(
    strongroom: Strongroom, solved: Path
) -> None:
    """The candidate that is not there is named, and the status is 2."""
    words = ("--set", "levels_days_of_cover=[10]")
    result = strongroom("explain", "two_materials", solved, *words)
    assert result.exit_code == 2
    assert "pool:alpha with 365.25 days" in result.output.replace("\n", " ")
    assert "candidates of the case's menu" in result.output.replace("\n", " ")
