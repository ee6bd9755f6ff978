"""The commands with the true optimizer, on the case whose optimum is worked by hand.

The arithmetic stands at the top of service/cases/two_materials.yaml: 100 t of alpha and
25 t of beta cost the 1,500,000 there are; half of (100 - 25) x 60,000 is 2,250,000.
"""

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import strongroom


def test_the_optimum_is_found() -> None:
    """Costs, holdings and the worth of the next dollar are those worked by hand."""
    answer = json.loads(strongroom("solve", "two_materials", "--json").output)
    assert answer["status"] == "OPTIMAL"
    assert answer["expected_shortage_cost_usd"] == pytest.approx(2_250_000)
    assert answer["simulated_shortage_cost_usd"] == pytest.approx(2_250_000)
    assert answer["cost_without_vault_usd"] == pytest.approx(5_000_000)
    assert answer["lower_bound_usd"] == pytest.approx(2_250_000)
    assert answer["budget_used_usd"] == pytest.approx(1_500_000)
    # 1,500,000 are paid; half of it is sold, four fifths of the other half count.
    assert answer["cost_of_holding_usd"] == pytest.approx(150_000)
    assert answer["net_benefit_usd"] == pytest.approx(2_750_000 - 150_000)
    assert answer["benefit_cost_ratio"] == pytest.approx(2_750 / 150)
    held = {level["material"]: level["tonnes"] for level in answer["materials"]}
    assert held == {"alpha": pytest.approx(100), "beta": pytest.approx(25)}


def test_more_money_buys_more() -> None:
    """With 500,000 more, 25 t more of beta: 1/2 x 50 x 60,000 is left."""
    result = strongroom(
        "solve", "two_materials", "--set", "financing.loan.limit_usd=2e6", "--json"
    )
    cost = json.loads(result.output)["expected_shortage_cost_usd"]
    assert cost == pytest.approx(1_500_000)


def test_a_cover_that_cannot_be_paid_is_infeasible() -> None:
    """350 days of beta cost more than the loan; the status is 3."""
    result = strongroom(
        "solve",
        "two_materials",
        "--set",
        "materials.beta.minimum_days_of_cover=350",
        "--json",
    )
    answer = json.loads(result.output)
    assert result.exit_code == 3
    assert answer["status"] == "INFEASIBLE"
    assert any("beta" in limit for limit in answer["conflict"])


def test_the_plan_can_be_shown(hand_worked: Path) -> None:
    """The tables name both materials and the promise."""
    out = strongroom("show", hand_worked).stdout
    assert "$2.25 m" in out
    assert "│ Alpha    │ 100 t │" in out
    assert "│ Cost of holding                    │  $150 k │" in out
    assert "│ Stock at the end, less 20 %     │         │   $600 k │" in out


def test_the_plan_does_on_fresh_scenarios_what_it_promised(hand_worked: Path) -> None:
    """The cut happens in half of them, whatever the seed."""
    result = strongroom(
        "evaluate", "two_materials", hand_worked, "--scenarios", 40, "--json"
    )
    answer = json.loads(result.output)
    low, high = answer["confidence_interval_usd"]
    assert low <= answer["expected_shortage_cost_usd"] <= high
    assert answer["expected_shortage_cost_usd"] == pytest.approx(2_250_000)
    assert answer["scenarios"] == 40
    assert answer["warnings"] == []


def test_losses_of_one_year_are_calibrated() -> None:
    """A year without alpha stops 100 units of 40,000, one without beta 6,000,000."""
    result = strongroom("calibration", "two_materials", "--json")
    rows = json.loads(result.output)["rows"]
    losses = {row["materials"][0]: row["modelled_loss_usd"] for row in rows}
    assert losses == {
        "alpha": pytest.approx(4_000_000),
        "beta": pytest.approx(6_000_000),
    }


@pytest.mark.parametrize(
    ("executor", "expected"),
    [("cloud", "here, local, "), ("mpi", "one that was started as mpiexec ")],
)
def test_an_executor_that_cannot_be_had_is_refused(
    hand_worked: Path, executor: str, expected: str
) -> None:
    """The mistake lists the choices, or the way to start it."""
    words = ("evaluate", "two_materials", hand_worked, "--executor", executor, "--json")
    result = strongroom(*words)
    (mistake,) = json.loads(result.output)["mistakes"]
    assert result.exit_code == 2
    assert (mistake["path"], mistake["value"]) == ("executor", executor)
    assert mistake["expected"].startswith(expected)


def test_the_executor_of_the_environment_is_used(
    hand_worked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the option STRONGROOM_EXECUTOR is used."""
    monkeypatch.setenv("STRONGROOM_EXECUTOR", "cloud")
    result = strongroom("evaluate", "two_materials", hand_worked, "--json")
    (mistake,) = json.loads(result.output)["mistakes"]
    assert mistake["value"] == "cloud"
