"""strongroom explain: why a plan is as it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.cli.conftest import strongroom

SHORT = ("two_materials", "--no-frontier", "--json")


def test_tables(hand_worked: Path) -> None:
    """Dollars avoid 2.00 and 1.50; why there is no more of each; what it comes from."""
    result = strongroom("explain", "two_materials", hand_worked)
    assert result.exit_code == 0, result.output
    for text in (
        "Value on the 2 planning scenarios",
        "$2.00",
        "$1.50",
        "nothing larger",
        "cannot be paid for",
        "Binding limits",
        "The next dollar of financing avoids $1.50.",
        "Each budget is solved again",
        "Cut of the second year",
        "Shortfalls, complete",
    ):
        assert text in result.output


def test_json_is_the_document(hand_worked: Path) -> None:
    """With the list of shortfalls and of what is not modelled, and nothing else."""
    result = strongroom("explain", "two_materials", hand_worked, "--json")
    answer = json.loads(result.stdout)
    assert [x["material"] for x in answer["materials"]] == ["alpha", "beta"]
    assert [x["material"] for x in answer["shortfalls"]] == ["alpha", "beta"]
    assert answer["unmodelled"] == []
    assert answer["warnings"] == []


def test_a_plan_of_another_menu_is_bad_input(hand_worked: Path) -> None:
    """The candidate that is not there is named, and the status is 2."""
    words = ("--set", "levels_days_of_cover=[10]")
    result = strongroom("explain", "two_materials", hand_worked, *words)
    assert result.exit_code == 2
    assert "pool:alpha with 365.25 days" in result.output.replace("\n", " ")
    assert "candidates of the case's menu" in result.output.replace("\n", " ")


def test_an_edited_plan_is_reported_by_its_names(
    hand_worked: Path, tmp_path: Path
) -> None:
    """Levels in another order, a level or draws left out: no worth goes astray."""
    told = json.loads(strongroom("explain", *SHORT, hand_worked).stdout)
    plan = json.loads(hand_worked.read_text())
    changes: tuple[dict[str, Any], ...] = (
        {"levels": plan["levels"][::-1]},
        {"financing": [{**x, "balances_usd": {}} for x in plan["financing"]]},
        {"financing": [{**x, "draws_usd": {}} for x in plan["financing"]]},
    )
    for change in changes:
        path = tmp_path / "edited.json"
        path.write_text(json.dumps(plan | change))
        result = strongroom("explain", *SHORT, path)
        assert result.exit_code == 0, result.output
        materials = json.loads(result.stdout)["materials"]
        for material, expected in zip(materials, told["materials"], strict=True):
            assert material["material"] == expected["material"]
            assert material["avoided_usd"] == pytest.approx(expected["avoided_usd"])
    without_beta = tmp_path / "shorter.json"
    without_beta.write_text(json.dumps({**plan, "levels": plan["levels"][:1]}))
    answer = json.loads(strongroom("explain", *SHORT, without_beta).stdout)
    beta = answer["materials"][1]
    assert (beta["material"], beta["tonnes"], beta["avoided_usd"]) == ("beta", 0, 0)


def test_options_that_are_none_are_refused_before_any_work(hand_worked: Path) -> None:
    """By every command that follows a plan, with path, value and what is expected."""
    plan = json.loads(hand_worked.read_text())
    plan["provenance"]["options"]["cvar_weight"] = 7
    hand_worked.write_text(json.dumps(plan))
    for command in ("explain", "evaluate", "financing", "compare-rules"):
        result = strongroom(command, "two_materials", hand_worked)
        assert result.exit_code == 2, result.output
        assert "provenance.options.cvar_weight: is 7" in result.output
