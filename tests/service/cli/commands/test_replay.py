"""strongroom replay: a plan in the historic replays of its case."""

import json
from pathlib import Path

import pytest

from tests.cases import Case
from tests.service.cli.conftest import Files, strongroom, with_history, written


def test_each_replay_is_a_block(files: Files) -> None:
    """Cost, days and tonnes of the ban; nothing is touched by what comes too late."""
    result = strongroom("replay", *files)
    assert result.exit_code == 0
    ban, later = result.output.split("Later")
    for text in ("The ban", "Shortage cost without vault", "Wafer maker", "drawn"):
        assert text in ban
    assert "all at full output" in later
    assert "Wafer" not in later
    assert "Gallium" not in later


def test_the_json_is_one_object(files: Files) -> None:
    """Every product and material of every replay, and warnings."""
    answer = json.loads(strongroom("replay", *files, "--json").output)
    assert [run["replay"] for run in answer["replays"]] == ["ban", "later"]
    ban, later = answer["replays"]
    line = ban["products"][0]["with_vault"]
    days = ("full_output_days", "reduced_output_days", "stopped_days")
    assert sum(line[x] for x in days) == pytest.approx(4 * 365.25 / 12)
    assert ban["shortage_cost_usd"] < ban["cost_without_vault_usd"]
    assert later["products"][0]["with_vault"]["full_output_days"] == pytest.approx(
        4 * 365.25 / 12
    )
    late, other_case = answer["warnings"]
    assert late.startswith("replays[later].disruptions[0].onset_day: is 5000.0")
    assert other_case.startswith("the plan was made for another case")


def test_one_replay_alone(files: Files) -> None:
    """What is not asked for is not shown."""
    result = strongroom("replay", *files, "--replay", "later")
    assert "Later" in result.output
    assert "The ban" not in result.output


def test_all_mistakes_are_named_at_once(files: Files, plan_file: Path) -> None:
    """Two unknown replays with those that there are, and a contract of the plan."""
    words = ("--replay", "flood", "--replay", "fire", "--replay", "ban", "--json")
    result = strongroom("replay", files[0], plan_file, *words)
    assert result.exit_code == 2
    mistakes = json.loads(result.output)["mistakes"]
    assert [x["value"] for x in mistakes] == ["smelter", "flood", "fire"]
    assert mistakes[1]["expected"] == "one of the replays of case tiny: ban, later"


def test_a_case_without_history(files: Files, tmp_path: Path, tiny_case: Case) -> None:
    """The output reports that there is none."""
    case = with_history(tiny_case)
    case["replays"] = []
    result = strongroom("replay", written(tmp_path / "none.json", case), files[1])
    assert result.exit_code == 0
    assert "no historic replays" in result.output


def test_assignments_change_the_case(files: Files) -> None:
    """A dearer shortage costs more."""
    dearer = "products.wafer.shortage_blocks.1.cost_usd_per_unit=20000"
    answers = [
        json.loads(strongroom("replay", *files, *words, "--json").output)
        for words in ((), ("--set", dearer))
    ]
    plain, changed = (x["replays"][0]["cost_without_vault_usd"] for x in answers)
    assert changed > 1.5 * plain
