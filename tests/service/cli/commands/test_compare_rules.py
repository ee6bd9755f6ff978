"""strongroom compare-rules: tables, one JSON object, a picture, what is refused."""

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import strongroom


def test_tables_of_costs_rules_and_worth(hand_worked: Path, tmp_path: Path) -> None:
    """The only rule is as good as the plan, and knowing the future is worth nothing."""
    picture = tmp_path / "rules.svg"
    words = ("--scenarios", 20, "--value-scenarios", 2, "--picture", picture)
    result = strongroom("compare-rules", "two_materials", hand_worked, *words)
    assert result.exit_code == 0, result.output
    for text in (
        "20 fresh scenarios, seed 2",
        "No vault",
        "$5.00 m",
        "Immediate full release",
        "Clairvoyant (lower bound)",
        "$2.25 m",
        "that of the plan's cost is $2.25 m .. $2.25 m.",
        "chosen on 100 other scenarios",
        "Plan for the mean scenario",
        "$2.50 m",
        "$250 k",
    ):
        assert text in result.output
    assert picture.read_text().startswith("<?xml")
    assert result.stderr.splitlines() == [
        "choosing single rules on 100 scenarios",
        "following all rules through 20 scenarios",
        "solving for the worth of knowing, 2 scenarios",
    ]


def test_json_is_the_document(hand_worked: Path) -> None:
    """The same again with the same seed; no value unless it is asked for."""
    words = ("--scenarios", 4, "--seed", 5, "--value-scenarios", 0, "--json")
    first, again = (
        strongroom("compare-rules", "two_materials", hand_worked, *words).stdout
        for _ in range(2)
    )
    answer = json.loads(first)
    assert first == again
    assert answer["value"] is answer["no_value_because"] is None
    assert answer["seed"] == 5
    assert answer["picture"] is None
    kinds = [row["kind"] for row in answer["rows"]]
    assert kinds == [
        "no_vault",
        "menu_rule",
        "price_trigger",
        "best_single_rule",
        "plan",
        "clairvoyant",
    ]


def test_a_sample_without_a_plan_is_reported(hand_worked: Path) -> None:
    """Limits that no plan satisfies are named beside the table of costs."""
    impossible = ("--set", "materials.beta.minimum_days_of_cover=350")
    words = ("--scenarios", 2, "--value-scenarios", 2, *impossible)
    result = strongroom("compare-rules", "two_materials", hand_worked, *words)
    assert result.exit_code == 0, result.output
    assert "No value of information: these scenarios have no plan" in result.output
    assert "warning: the plan was made for another case" in result.output


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--picture", "rules.gif"), ".svg or .png"),
        (("--price-trigger", "0.5"), "price-trigger"),
        (("--scenarios", "0"), "scenarios"),
    ],
)
def test_wrong_options_are_refused(
    hand_worked: Path, words: tuple[str, ...], text: str
) -> None:
    """The status is 2, and what was wrong is named."""
    result = strongroom("compare-rules", "two_materials", hand_worked, *words)
    assert result.exit_code == 2
    assert text in result.output


def test_a_plan_for_another_case_is_refused(hand_worked: Path, case_file: Path) -> None:
    """What the case does not have is named, before any work."""
    result = strongroom("compare-rules", case_file, hand_worked)
    assert result.exit_code == 2
    assert "alpha" in result.output
