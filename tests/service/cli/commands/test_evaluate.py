"""strongroom evaluate: a plan on scenarios that it was not made with."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from models.benefit import Benefit, Estimate
from models.evaluation import (
    Evaluation,
    MaterialService,
    PlanDifference,
    ProductService,
    ReplayResult,
    TailCost,
)
from models.financing_view import FinancingFans
from models.instance import Instance
from models.plan import Plan
from models.trajectories import Fan, Quantiles
from service.cli.commands.evaluate import evaluate_plans
from tests.service.cli.conftest import strongroom

Output = pytest.CaptureFixture[str]
# Evaluates plans by hand statistics; returns standard output and standard error.
Evaluated = Callable[..., tuple[str, str]]


def fans() -> FinancingFans:
    """Return 18 months of cash and collateral; cash is least in the fourth of them."""
    months = [dt.date(2026 + t // 12, t % 12 + 1, 1) for t in range(18)]
    return FinancingFans(
        period_starts=tuple(months),
        debt_usd=(5e7,) * 17 + (0.0,),
        cash_usd=fan([1e6 + 1e5 * abs(t - 3) for t in range(18)]),
        collateral_usd=fan([7e7] * 18),
        collateral_to_debt=fan([1.5] * 17),
        debt_service_cover=fan([20.0] * 17),
    )


def fan(medians: list[float]) -> Fan:
    """Return a fan from half to twice its median; null after the last one, if early."""
    defined = [
        Quantiles(p5=x / 2, p25=x * 0.75, p50=x, p75=x * 1.5, p95=2 * x)
        for x in medians
    ]
    return Fan(periods=(*defined, *[None] * (18 - len(medians))))


def evaluate(instance: Instance, plan: Plan, others: Sequence[Plan]) -> Evaluation:
    """Return statistics made by hand."""
    return Evaluation(
        instance_hash=instance.content_hash,
        plan_hash=plan.content_hash,
        scenarios=500,
        seed=7,
        expected_shortage_cost_usd=1.25e9,
        confidence_interval_usd=(1.2e9, 1.3e9),
        cost_without_vault_usd=4.4e9,
        benefit=Benefit(
            avoided_usd=Estimate(mean=3.15e9, confidence_interval=(3.1e9, 3.2e9)),
            cost_of_holding_usd=Estimate(mean=6e8, confidence_interval=(5e8, 7e8)),
            net_benefit_usd=Estimate(mean=2.55e9, confidence_interval=(2.5e9, 2.6e9)),
            benefit_cost_ratio=Estimate(mean=5.25, confidence_interval=(5.0, 5.5)),
        ),
        cvar_usd=9e9,
        cvar_level=0.95,
        precision=0.01,
        scenarios_for_precision=8_000,
        tails=(TailCost(level=0.99, cvar_usd=2e10, cvar_without_vault_usd=3e10),),
        lowest_cash_usd=1e3,
        fans=fans(),
        products=(
            ProductService(
                participant="maker",
                participant_name="The maker",
                product="engine",
                name="Engine",
                days_of_cover=45,
                fill_rate=0.998,
                fill_rate_without_vault=0.971,
                line_stop_probability=0.01,
                line_stop_probability_without_vault=0.12,
            ),
        ),
        materials=(
            MaterialService(
                material="gallium",
                name="Gallium",
                mean_days_of_cover=123.4,
                gap_probability=0.31,
                stock_out_probability=0.07,
            ),
        ),
        others=tuple(
            PlanDifference(
                plan_hash=other.content_hash,
                expected_shortage_cost_usd=1.5e9,
                difference_usd=2.5e8,
                confidence_interval_usd=(2e8, 3e8),
                cost_of_holding_difference_usd=Estimate(mean=1e7),
                net_benefit_difference_usd=Estimate(mean=-2.6e8),
            )
            for other in others
        ),
        replays=(
            ReplayResult(
                replay="r2010",
                name="Rare earths 2010",
                shortage_cost_usd=1e9,
                cost_without_vault_usd=3e9,
            ),
        ),
    )


@pytest.fixture
def evaluated(instance: Instance, plan: Plan, capsys: Output) -> Evaluated:
    """Return what evaluates the plan, or several, and gives both outputs."""

    def run(
        *,
        as_json: bool,
        plans: Sequence[Plan] = (plan,),
        case: Instance = instance,
        picture: Path | None = None,
    ) -> tuple[str, str]:
        evaluate_plans(case, plans, evaluate, picture, as_json=as_json)
        captured = capsys.readouterr()
        return captured.out, captured.err

    return run


def test_the_evaluation_in_json_is_one_object(evaluated: Evaluated) -> None:
    """Cost, interval of two numbers, and the number of scenarios."""
    out, err = evaluated(as_json=True)
    answer = json.loads(out)
    assert answer["expected_shortage_cost_usd"] == 1.25e9
    assert answer["confidence_interval_usd"] == [1.2e9, 1.3e9]
    assert answer["scenarios"] == 500
    assert answer["warnings"] == []
    assert err == ""


def test_the_tables_hold_interval_and_replays(evaluated: Evaluated) -> None:
    """What was promised stands beside what was found."""
    out, err = evaluated(as_json=False)
    assert "On 500 fresh scenarios, seed 7" in out
    assert "$1.20 bn .. $1.30 bn" in out
    assert "Rare earths 2010" in out
    assert "The maker" in out
    assert err == ""


def test_service_stock_and_tails_are_shown(evaluated: Evaluated) -> None:
    """With the vault and without it, and what precision would take."""
    printed, _ = evaluated(as_json=False)
    for text in ("Engine", "99.8 %", "97.1 %", "Gallium", "123", "7 %", "8,000"):
        assert text in printed
    assert "$20.0 bn (without vault $30.0 bn)" in printed
    assert "Other plans" not in printed


def test_cash_and_collateral_of_a_few_periods_are_shown(evaluated: Evaluated) -> None:
    """First and last, the end of each year, and where the lowest 5 % of cash are."""
    table = evaluated(as_json=False)[0].partition("Cash and collateral")[2]
    rows = [
        [cell.strip() for cell in line.strip("│").split("│")]
        for line in table.partition("└")[0].splitlines()
        if line.startswith("│")
    ]
    assert [row[0] for row in rows] == [
        "2026-01-01",
        "2026-04-01*",
        "2026-12-01",
        "2027-06-01",
    ]
    assert rows[1][1:] == [
        "$500 k / $1.00 m / $2.00 m",
        "$35.0 m / $70.0 m / $140 m",
        "0.75 / 1.50 / 3.00",
        "$50.0 m",
    ]
    assert rows[3][3:] == ["-", "$0"]


def test_the_picture_is_drawn(evaluated: Evaluated, tmp_path: Path) -> None:
    """And named, in the table's place and in the JSON."""
    picture = tmp_path / "fans.svg"
    out, _ = evaluated(as_json=True, picture=picture)
    assert json.loads(out)["picture"] == str(picture)
    assert picture.read_bytes().startswith(b"<?xml")


def test_plans_are_compared(evaluated: Evaluated, plan: Plan) -> None:
    """Each by its hash, with the interval of the difference."""
    printed, _ = evaluated(as_json=False, plans=[plan, plan])
    assert plan.content_hash[:12] in printed
    assert "$200 m .. $300 m" in printed


def test_another_case_gives_a_warning(evaluated: Evaluated, instance: Instance) -> None:
    """It may still be of use to know how the plan does there."""
    other = instance.model_copy(update={"id": "other"})
    out, err = evaluated(as_json=False, case=other)
    assert "warning: the plan was made for another case" in err
    assert "$1.25 bn" in out


def test_json_has_the_warnings(evaluated: Evaluated, instance: Instance) -> None:
    """Still one object, and nothing beside it."""
    other = instance.model_copy(update={"id": "other"})
    out, err = evaluated(as_json=True, case=other)
    (warning,) = json.loads(out)["warnings"]
    assert "other" in warning
    assert err == ""


def test_a_plan_that_does_not_fit_is_refused(case_file: Path, plan_file: Path) -> None:
    """The case knows neither the right nor the contract of the plan."""
    result = strongroom("evaluate", case_file, plan_file, "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 2
    assert {mistake["value"] for mistake in answer["mistakes"]} == {
        "maker-gallium",
        "smelter",
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--scenarios", "0"),
        ("--seed", "-1"),
        ("--set", "x=1"),
        ("--picture", "fans.gif"),
    ],
)
def test_wrong_options_are_refused(
    case_file: Path, plan_file: Path, words: tuple[str, ...]
) -> None:
    """The status is 2."""
    assert strongroom("evaluate", case_file, plan_file, *words).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        "Avoided                           │        $3.15 bn ($3.10 bn .. $3.20 bn)",
        "$600 m ($500 m .. $700 m)",
        "$2.55 bn ($2.50 bn .. $2.60 bn)",
        "5.25 (5.00 .. 5.50)",
    ],
)
def test_what_holding_costs_is_shown_with_intervals(
    evaluated: Evaluated, words: str
) -> None:
    """Avoided, cost of holding, net benefit and their ratio."""
    out, _ = evaluated(as_json=False)
    assert " ".join(words.split()) in " ".join(out.split())


def test_other_plans_differ_in_money_too(evaluated: Evaluated, plan: Plan) -> None:
    """What more they cost to hold, and what more they bring."""
    out, _ = evaluated(as_json=False, plans=[plan, plan])
    assert "$10.0 m" in out
    assert "-$260 m" in out
