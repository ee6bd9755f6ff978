"""strongroom evaluate: a plan on scenarios that it was not made with."""

import json
from pathlib import Path

import pytest

from models.evaluation import Evaluation, ReplayResult
from models.instance import Instance
from models.plan import Plan
from service.cli.evaluate import evaluate_plan
from tests.service.cli.conftest import Strongroom

Output = pytest.CaptureFixture[str]


def evaluate(
    instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
) -> Evaluation:
    """Return statistics made by hand."""
    return Evaluation(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=number_of_scenarios,
        seed=seed,
        expected_shortage_cost_usd=1.25e9,
        confidence_interval_usd=(1.2e9, 1.3e9),
        cost_without_vault_usd=4.4e9,
        cvar_usd=9e9,
        cvar_level=0.95,
        lowest_cash_usd=1e3,
        replays=(
            ReplayResult(
                replay="r2010",
                name="Rare earths 2010",
                shortage_cost_usd=1e9,
                cost_without_vault_usd=3e9,
            ),
        ),
    )


def test_the_evaluation_in_json_is_one_object(
    instance: Instance, plan: Plan, capsys: Output
) -> None:
    """Cost, interval of two numbers, and the number of scenarios."""
    evaluate_plan(instance, plan, evaluate, (500, 7), as_json=True)
    captured = capsys.readouterr()
    answer = json.loads(captured.out)
    assert answer["expected_shortage_cost_usd"] == 1.25e9
    assert answer["confidence_interval_usd"] == [1.2e9, 1.3e9]
    assert answer["scenarios"] == 500
    assert answer["warnings"] == []
    assert captured.err == ""


def test_the_tables_hold_interval_and_replays(
    instance: Instance, plan: Plan, capsys: Output
) -> None:
    """What was promised stands beside what was found."""
    evaluate_plan(instance, plan, evaluate, (500, 7), as_json=False)
    captured = capsys.readouterr()
    assert "On 500 fresh scenarios, seed 7" in captured.out
    assert "$1.20 bn .. $1.30 bn" in captured.out
    assert "Rare earths 2010" in captured.out
    assert captured.err == ""


def test_a_plan_for_another_case_is_evaluated_with_a_warning(
    instance: Instance, plan: Plan, capsys: Output
) -> None:
    """It may still be of use to know how the plan does there."""
    other = instance.model_copy(update={"id": "other"})
    evaluate_plan(other, plan, evaluate, (500, 7), as_json=False)
    captured = capsys.readouterr()
    assert "warning: the plan was made for another case" in captured.err
    assert "$1.25 bn" in captured.out


def test_a_warning_is_part_of_the_json(
    instance: Instance, plan: Plan, capsys: Output
) -> None:
    """Still one object, and nothing beside it."""
    other = instance.model_copy(update={"id": "other"})
    evaluate_plan(other, plan, evaluate, (500, 7), as_json=True)
    captured = capsys.readouterr()
    (warning,) = json.loads(captured.out)["warnings"]
    assert "other" in warning
    assert captured.err == ""


def test_a_plan_that_cannot_be_followed_in_the_case_is_refused(
    strongroom: Strongroom, case_file: Path, plan_file: Path
) -> None:
    """The case knows neither the right nor the contract of the plan."""
    result = strongroom("evaluate", case_file, plan_file, "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 2
    assert {mistake["value"] for mistake in answer["mistakes"]} == {
        "maker-gallium",
        "smelter",
    }


@pytest.mark.parametrize(
    "words", [("--scenarios", "0"), ("--seed", "-1"), ("--set", "x=1")]
)
def test_wrong_options_are_refused(
    strongroom: Strongroom, case_file: Path, plan_file: Path, words: tuple[str, ...]
) -> None:
    """The status is 2."""
    assert strongroom("evaluate", case_file, plan_file, *words).exit_code == 2
