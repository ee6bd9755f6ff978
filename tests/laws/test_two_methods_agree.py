"""Extensive form and decomposition know nothing of each other, and find the same."""

from itertools import product

import pytest

from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.solve import solve_on
from tests.cases import Case, rule, sourcing, stock_lot
from tests.optimizer.decomposition.drawn_cases import limited
from tests.optimizer.vault_case import (
    Changes,
    bans,
    changed,
    contract,
    facility,
    offer,
    vault_case,
)
from tests.thorough import some_of

GAP = 5e-4
PROVEN = {Termination.OPTIMAL, Termination.GAP_REACHED}
SEEDS = range(1_000, 1_026)
METHODS = ("extensive_form", "decomposition")


RULE = {"drawn": "when_needed", "rate_per_year": 0.06, "exposure_fee": 0.01}
LENT_BY_RULE = facility(id="loan", kind="loan", limit_usd=150_000.0, **RULE)
HELD_AND_SOLD: Case = {
    "sourcing_options+": sourcing("held", is_held=True),
    "position": {
        "stock": [
            stock_lot("new", 30.0, material="alpha"),
            stock_lot("old", 10.0, material="alpha", arrival="2025-11-01"),
        ],
        "sales": [{"material": "alpha", "within_periods": 3, "discount": 0.05}],
    },
}

RIGHT: Case = {"offer": "right", "lots": 12, "sourcing": "ready"}


def debt(facility: str = "loan", **terms: object) -> Case:
    """Return 60,000 dollars that a facility lent before the start."""
    return {"facility": facility, "drawn_usd": 60_000.0} | terms


def by_both(seed: int) -> list[Outcome]:
    """Return the answers of both methods to a drawn case."""
    return [solve_on(*limited(seed, {"options.method": name})) for name in METHODS]


def assert_agree(plan: Plan, other: Plan) -> None:
    """Compare costs within the sum of gaps; no bound is above the other's cost."""
    one, two = plan.promise, other.promise
    assert one.objective_usd == pytest.approx(two.objective_usd, rel=2 * GAP, abs=1.0)
    for lower, upper in product((one, two), repeat=2):
        assert lower.lower_bound_usd <= upper.objective_usd * (1 + 1e-6) + 1.0


def limits(outcome: Outcome) -> set[str]:
    """Return the names of the limits in conflict, without their sentences."""
    return {text.split(": ")[0] for text in outcome.conflict}


@pytest.mark.parametrize("seed", some_of(SEEDS, 10))
def test_methods_agree(seed: int) -> None:
    """On the plan's cost within their gaps, or that there is none."""
    extensive, decomposed = by_both(seed)
    if extensive.plan is None or decomposed.plan is None:
        assert extensive.termination is decomposed.termination
        assert extensive.termination is Termination.INFEASIBLE
        assert limits(extensive)
        assert limits(decomposed)
        return
    assert {extensive.termination, decomposed.termination} <= PROVEN
    assert_agree(extensive.plan, decomposed.plan)


def test_drawn_cases_have_all_that_they_are_to_have() -> None:
    """The law is not empty: some have no plan, others rights, contracts and risk."""
    cases = [limited(seed)[0] for seed in SEEDS]
    assert {case.options.max_tranches for case in cases} == {1, 2, 3}
    for count in (
        sum(case.options.cvar_weight > 0 for case in cases),
        sum(case.financing.collateral_cover is not None for case in cases),
        sum(case.materials[0].minimum_days_of_cover > 0 for case in cases),
        sum(len(case.entitlement_offers) > 0 for case in cases),
        sum(len(case.financing.facilities) > 1 for case in cases),
    ):
        assert 4 < count < len(SEEDS)
    assert all(case.contracts for case in cases)


VAULTS: dict[str, Changes] = {
    "one loan": {},
    "capital beside it": {"financing.facilities+": facility(limit_usd=2e4)},
    "a right": {"entitlement_offers+": offer()},
    "a contract for all": {"contracts+": contract()},
    "a contract of one": {"contracts+": contract(beneficiary="large")},
    "the small one as member": {"membership": {"members": ["small"]}},
    "the large one as member": {"membership": {"members": ["large"]}},
    "the large one after the small one": {
        "membership": {"members": ["small"], "others": "after_members"},
        "rules+": rule("half", 0.5),
    },
    "the small one after the large one": {
        "membership": {"members": ["large"], "others": "after_members"},
        "financing.pool_sale_price": "market",
        "financing.facilities.0.limit_usd": 300_000.0,
    },
    "a right of one outside": {
        "membership": {"members": ["small"]},
        "entitlement_offers+": offer(),
    },
    "a contract for members": {
        "membership": {"members": ["large"]},
        "contracts+": contract(),
    },
    "a contract in force beside others": {
        "contracts": [
            contract(id="dear", floor_usd_per_tonne=12e3, signing_cost_usd=1e9),
            contract(volume_tonnes_per_year=12.0),
        ],
        "position": {"contracts": [{"contract": "dear"}]},
        "sourcing_options+": sourcing("slow", 3),
    },
    "a contract in force beyond all money": {
        "contracts": [contract(floor_usd_per_tonne=1e6)],
        "position": {"contracts": [{"contract": "offtake"}]},
    },
    "fees instead of money": {
        "membership": {"members": ["large", "small"], "fee_rate_per_year": 0.1},
        "sourcing_options+": sourcing("slow", 3),
        "financing.facilities": [],
    },
    "coarse lots": {"materials.0.lot_tonnes": 4.0},
    "risk": {"options.cvar_weight": 0.5, "options.cvar_level": 0.6},
    "risk above all": {"options.cvar_weight": 0.99},
    "the mean as risk": {"options.cvar_weight": 0.99, "options.cvar_level": 0.0},
    "cover": {"financing.collateral_cover": 1.0},
    "more cover": {"financing.collateral_cover": 1.3},
    "slow sourcing": {"sourcing_options+": sourcing("slow", 3)},
    "two rules": {"rules+": rule("half", 0.5)},
    "debt of before": {
        "position": {"debt": [debt(repayment_start_period=2, number_of_instalments=3)]},
        "financing.facilities.0.rate_per_year": 0.06,
        "financing.opening_cash_usd": 7e4,
        "financing.collateral_cover": 0.9,
    },
    "debt of before beside the cash rule": {
        "position": {
            "debt": [debt()],
            "stock": [stock_lot("pile", 7.0, material="alpha")],
        },
        "sourcing_options+": sourcing("held", is_held=True),
        "financing.facilities": [LENT_BY_RULE],
        "financing.collateral_cover": 0.9,
    },
    "debt that cash pays back": {
        "position": {"debt": [debt()]},
        "financing.facilities.0.drawn": "revolving",
        "financing.facilities.0.rate_per_year": 0.06,
    },
    "capital of before": {
        "position": {"debt": [debt(), debt("capital")]},
        "financing.facilities+": facility(limit_usd=2e4),
        "financing.debt_to_equity_limit": 2.0,
    },
    "capital of before beside the cash rule": {
        "position": {"debt": [debt("capital")]},
        "financing.facilities": [
            LENT_BY_RULE,
            facility(limit_usd=1e4, order=1, **RULE),
        ],
        "financing.debt_to_equity_limit": 2.0,
    },
    "free stock": {
        "sourcing_options+": sourcing("held", is_held=True),
        "position": {"stock": [stock_lot("pile", 7.0, material="alpha")]},
        "entitlement_offers+": offer(),
    },
    "free stock that is weighed": {
        "sourcing_options+": sourcing("held", is_held=True),
        "position": {"stock": [stock_lot("pile", 7.0, material="alpha")]},
        "options.cost_of_holding_weight": 0.5,
    },
    "a surplus that is sold": {
        **HELD_AND_SOLD,
        "options.cost_of_holding_weight": 0.5,
        "storage_classes.0.cost_usd_per_tonne_year": 500.0,
        "entitlement_offers+": offer(),
    },
    "a surplus that pays for more": {
        **HELD_AND_SOLD,
        "financing.facilities": [facility(limit_usd=2e4)],
        "levels_days_of_cover": [90],
        "sourcing_options": [sourcing("slow", 3)],
        "financing.pool_sale_price": "market",
    },
    "a surplus that expires beside the cash rule": {
        **HELD_AND_SOLD,
        "financing.facilities": [LENT_BY_RULE],
        "financing.collateral_cover": 0.9,
        "materials.0.shelf_life_days": 100.0,
        "options.cost_of_holding_weight": 0.5,
    },
    "free stock without any money": {
        "sourcing_options": [sourcing("slow", 3), sourcing("held", is_held=True)],
        "position": {"stock": [stock_lot("pile", 30.0, material="alpha")]},
        "materials.0.minimum_days_of_cover": 30.0,
        "financing.facilities": [],
    },
    "a loan by the cash rule that is drawn in full": {
        "position": {"debt": [debt()]},
        "financing.facilities": [LENT_BY_RULE | {"limit_usd": 0.0}],
        "financing.opening_cash_usd": 1e5,
        "financing.collateral_cover": 0.9,
    },
    "free stock that expires": {
        "materials.0.shelf_life_days": 120.0,
        "materials.0.rotation_spread": 0.02,
        "sourcing_options+": sourcing("held", is_held=True),
        "position": {
            "stock": [
                stock_lot("new", 4.0, material="alpha"),
                stock_lot("old", 3.0, material="alpha", arrival="2025-11-01"),
            ]
        },
    },
    "a right in force": {
        "entitlement_offers+": offer(),
        "position": {
            "rights": [RIGHT | {"drawn_tonnes": 2.0}],
            "stock": [
                stock_lot("pile", 4.0, material="alpha", right="right"),
                stock_lot("free", 3.0, material="alpha"),
            ],
        },
        "sourcing_options+": sourcing("held", is_held=True),
        "options.cost_of_holding_weight": 0.5,
    },
    "a right in force that is bought back by the cash rule": {
        "entitlement_offers+": offer(),
        "position": {"rights": [RIGHT | {"drawn_tonnes": 3.0, "build_up_periods": 2}]},
        "financing.facilities": [LENT_BY_RULE],
        "materials.0.minimum_days_of_cover": 30.0,
    },
    "a right in force that nothing pays for": {
        "entitlement_offers+": offer(),
        "position": {"rights": [RIGHT | {"drawn_tonnes": 6.0}]},
        "financing.facilities": [],
    },
    "no money": {"financing.facilities": []},
    "a limit of 0": {"financing.facilities.0.limit_usd": 0.0},
    "dear money": {"financing.facilities.0.rate_per_year": 0.5},
    "instalments": {
        "financing.facilities.0.last_draw_period": 1,
        "financing.facilities.0.repayment_start_period": 3,
        "financing.facilities.0.number_of_instalments": 3,
    },
    "more cover than money": {"materials.0.minimum_days_of_cover": 60.0},
    "more cover than room": {
        "materials.0.minimum_days_of_cover": 30.0,
        "storage_classes.0.capacity_tonnes": 5.0,
    },
    "a fee that nothing pays": {
        "financing.facilities.0.first_draw_period": 1,
        "financing.facilities.0.commitment_fee_per_year": 0.01,
    },
}


def vault_by_both(changes: Changes) -> list[Outcome]:
    """Return the answers of both methods to the vault case."""
    found: list[Outcome] = []
    for name in METHODS:
        case = changed(changed(vault_case(), changes), {"options.method": name})
        instance = read_instance(case)
        found.append(solve_on(instance, bans(instance)))
    return found


@pytest.mark.parametrize("changes", VAULTS.values(), ids=VAULTS.keys())
def test_methods_agree_on_a_vault(changes: Changes) -> None:
    """One term at a time: on the cost, or on the limits in conflict."""
    extensive, decomposed = vault_by_both(changes)
    assert extensive.termination is decomposed.termination
    assert limits(extensive) == limits(decomposed)
    assert (extensive.plan is None) == (decomposed.plan is None)
    if extensive.plan is not None and decomposed.plan is not None:
        assert_agree(extensive.plan, decomposed.plan)


@pytest.mark.parametrize(
    "name", ["one loan", "capital beside it", "coarse lots", "risk", "a limit of 0"]
)
def test_methods_agree_on_what_a_dollar_more_avoids(name: str) -> None:
    """The budget's shadow price is the same number, or there is none."""
    prices = [
        None if outcome.plan is None else outcome.plan.promise.budget_shadow_price
        for outcome in vault_by_both(VAULTS[name])
    ]
    if prices[0] is None:
        assert prices[1] is None
        return
    assert prices[0] > 0
    assert prices[1] == pytest.approx(prices[0], rel=1e-4)
