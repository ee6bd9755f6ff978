"""Law: who follows the printed cash rule has the money that the plan states.

Holdings are those of a plan with plenty of cash; then there is none, and the cash rule
draws.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.books import Books
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities, check
from optimizer.feasibility.cash_rule import follow_rule
from optimizer.plan_document import Proof, write_plan
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.cases import Case, facility
from tests.laws.tiny_cases import LAW, SEEDS, optimal, tiny_case, tiny_scenarios

WAYS = ("when_needed", "revolving")
CENT = 0.01
PLENTY = 1e12


def with_rule(case: Case, drawn: str, need_usd: float) -> Case:
    """Return a case with a loan and capital, 5 : 1 and too small, then a dearer one."""
    terms: dict[str, Any] = {"drawn": drawn, "commitment_fee_per_year": 0.005}
    if drawn == "when_needed":
        terms["exposure_fee"] = 0.01
    lines = [
        facility("exim", limit_usd=0.5 * need_usd, rate_per_year=0.05, **terms),
        facility("capital", limit_usd=0.1 * need_usd, rate_per_year=0.08, **terms),
        facility("bank", limit_usd=need_usd, order=1, rate_per_year=0.1, **terms),
    ]
    lines[1]["kind"] = "equity"
    return case | {"financing": {"facilities": lines}}


def written(
    seed: int, drawn: str
) -> tuple[Instance, ScenarioSet, Plan, Quantities, Books]:
    """Return the plan of a seed with all money drawn by the rule, and its replay."""
    case = tiny_case(seed)
    cash: Case = {"facilities": [], "opening_cash_usd": PLENTY}
    rich = read_instance(case | {"financing": cash})
    scenarios = tiny_scenarios(rich, seed)
    made = optimal(rich, scenarios)
    held = decisions_of(rich, made)
    need = PLENTY - float(replay(rich, scenarios, held).books.available.min())
    instance = read_instance(with_rule(case, drawn, need))
    decisions = Decisions(
        held.tranches, held.signed, np.zeros((3, len(made.financing)))
    )
    happened = replay(instance, scenarios, decisions)
    promise = made.promise
    proof = Proof(
        expected_cost_usd=promise.expected_shortage_cost_usd,
        objective_usd=promise.objective_usd,
        lower_bound_usd=promise.lower_bound_usd,
        cost_without_vault_usd=promise.cost_without_vault_usd,
        budget_shadow_price=None,
        method="decomposition",
        cost_of_holding_usd=0.0,
    )
    draft = write_plan(instance, scenarios, decisions, happened, proof)
    assert draft.promise.cost_of_holding is not None
    cost = draft.promise.cost_of_holding.total_usd
    proof = replace(proof, cost_of_holding_usd=cost)
    plan = write_plan(instance, scenarios, decisions, happened, proof)
    allocation = happened.allocation
    quantities = Quantities(
        allocation.allocated, allocation.emergency, allocation.shortage
    )
    return instance, scenarios, plan, quantities, happened.books


@LAW
@given(seed=SEEDS, drawn=st.sampled_from(WAYS))
def test_an_operator_has_the_money_of_the_replay(seed: int, drawn: str) -> None:
    """Cash, debt and capital of every scenario and period, and the mean cost."""
    instance, scenarios, plan, _, books = written(seed, drawn)
    plain = follow_rule(instance, books.available)
    assert books.cash == pytest.approx(plain.cash[:, 1:], abs=CENT)
    debt, capital = (
        plain.owed(lambda x, kind=kind: x.kind == kind) for kind in ("loan", "equity")
    )
    assert books.debt == pytest.approx(debt, abs=CENT)
    assert books.capital == pytest.approx(capital, abs=CENT)
    assert books.cash.min() >= -CENT
    paid = scenarios.probability @ plain.costs[:, -1]
    printed = sum(x.interest_and_fees_usd for x in plan.financing)
    assert printed == pytest.approx(paid)


@LAW
@given(seed=SEEDS, drawn=st.sampled_from(WAYS))
def test_the_check_accepts_the_document(seed: int, drawn: str) -> None:
    """It follows the rule by itself, and finds each changed figure of the table."""
    instance, scenarios, plan, quantities, _ = written(seed, drawn)
    assert check(instance, scenarios, plan, quantities) == ()
    last = plan.financing[-1]
    changes: dict[str, Any] = {
        "expected_balance": {
            "expected_balances_usd": {**last.expected_balances_usd, "bank": 7e9}
        },
        "highest_balance": {
            "highest_balances_usd": {**last.highest_balances_usd, "bank": 7e9}
        },
        "fees": {"interest_and_fees_usd": 7e9},
        "expected_cash": {"expected_cash_usd": 7e9},
        "lowest_cash": {"lowest_cash_usd": 7e9},
    }
    for row, change in changes.items():
        table = (*plan.financing[:-1], last.model_copy(update=change))
        found = check(
            instance,
            scenarios,
            plan.model_copy(update={"financing": table}),
            quantities,
        )
        assert [x.row for x in found] == [row]
