"""What a reserve holds already: counted once, and never in its way."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.content import canonical_json
from models.plan import Plan
from models.reading import read_instance
from optimizer.solve import solve
from tests import cases
from tests.cases import Case
from tests.laws.tiny_cases import EXACT
from tests.optimizer.vault_case import PRICE, Changes, contract, offer, vault_plan

LAW = settings(max_examples=3, deadline=None, derandomize=True)
HELD = cases.sourcing("held", is_held=True)
# A trading lot is half a tonne.
LOTS = st.lists(st.integers(1, 20).map(lambda x: x / 4), min_size=1, max_size=3)
WORLDS: dict[str, Changes] = {
    "a right and a contract": {
        "entitlement_offers+": offer(),
        "contracts+": contract(),
        "sourcing_options+": cases.sourcing("slow", 2),
    },
    "little room": {
        "storage_classes.0.capacity_tonnes": 17.0,
        "rules+": cases.rule("half", 0.5),
        "options.max_tranches": 2,
    },
}
SOME_WORLDS = st.sampled_from(sorted(WORLDS))


def stock(*tonnes: float) -> Changes:
    """Return the change to a case that holds lots of so many tonnes already."""
    lots = [
        cases.stock_lot(f"lot-{i}", x, material="alpha") for i, x in enumerate(tonnes)
    ]
    return {"sourcing_options+": HELD, "position": {"stock": lots}}


def told(plan: Plan) -> Case:
    """Return all of a plan but which case it is of and how its stock is cut."""
    found = json.loads(canonical_json(plan))
    for level in found["levels"]:
        level.pop("held", None)
    return {x: found[x] for x in found if x not in {"provenance", "seal"}}


def test_nothing_held_changes_nothing() -> None:
    """An empty position gives the same plan, to the last byte."""
    plans = [vault_plan(), vault_plan({"position": {"stock": []}})]
    assert canonical_json(plans[0]) == canonical_json(plans[1])


@LAW
@given(world=SOME_WORLDS, lots=LOTS)
def test_more_free_stock_never_costs_more(world: str, lots: list[float]) -> None:
    """Half of each lot, or all, or one more: no more is lost."""
    amounts = (lots[:0], [x / 2 for x in lots], lots, [*lots, 3.0])
    objectives = [
        vault_plan(WORLDS[world], stock(*some)).promise.objective_usd
        for some in amounts
    ]
    for less, more in zip(objectives[1:], objectives, strict=False):
        assert less <= more * (1 + EXACT)
    assert objectives[-1] < objectives[0]


@LAW
@given(world=SOME_WORLDS, lots=LOTS)
def test_cutting_a_lot_changes_nothing(world: str, lots: list[float]) -> None:
    """Its halves are the same stock."""
    halves = [x / 2 for x in lots for _ in range(2)]
    plans = [vault_plan(WORLDS[world], stock(*some)) for some in (lots, halves)]
    assert told(plans[0]) == told(plans[1])


def test_stock_comes_on_top_of_what_money_buys() -> None:
    """150,000 dollars buy 15 t; of a level of 19.7 t the rest is taken from stock."""
    (bought,), (both,) = vault_plan().levels, vault_plan(stock(10.0)).levels
    assert bought.tonnes == pytest.approx(15.0)
    taken = both.held[0].tonnes
    assert both.tonnes == pytest.approx(19.5)
    assert 4.5 <= taken <= 10.0
    assert both.cost_usd == pytest.approx((19.5 - taken) * PRICE)
    assert taken + both.held[0].left_tonnes == pytest.approx(10.0)


def test_stock_needs_no_money() -> None:
    """Without any, all that is held is what was held before."""
    (level,) = vault_plan(stock(10.0), {"financing.facilities": []}).levels
    assert (level.tonnes, level.cost_usd) == (10.0, 0.0)
    assert "free stock that is held already" in level.tranches[0].text


def for_sale(tonnes: float, **terms: object) -> Changes:
    """Return the change to a case whose free stock can be sold, at a cost of storage.

    A dollar of holding counts as much as one of shortages.
    """
    sale = {"material": "alpha", "within_periods": 3} | terms
    position = {"stock": [cases.stock_lot("pile", tonnes, material="alpha")]}
    return {
        "sourcing_options+": HELD,
        "position": position | {"sales": [sale]},
        "storage_classes.0.cost_usd_per_tonne_year": 500.0,
        "options.cost_of_holding_weight": 1.0,
    }


def sold(plan: Plan) -> float:
    """Return the tonnes for sale."""
    return sum(sale.tonnes for sale in plan.sales())


def test_more_of_a_surplus_never_costs_more() -> None:
    """All that is not held goes, at the market price less a tenth."""
    plans = [vault_plan(for_sale(x, discount=0.1)) for x in (5.0, 25.0, 60.0)]
    costs = [plan.promise.objective_usd for plan in plans]
    assert costs[0] > costs[1] > costs[2]
    assert [sold(plan) for plan in plans] == pytest.approx([0.0, 5.5, 40.5])


def test_better_terms_of_sale_never_cost_more() -> None:
    """Less discount, more a year, or terms at all."""
    steps: tuple[Case, ...] = (
        {"discount": 1.0},
        {"discount": 0.1, "most_tonnes_per_year": 60.0},
        {"discount": 0.1},
        {"discount": 0.0},
    )
    none = vault_plan(for_sale(60.0), {"position.sales": []}).promise.objective_usd
    costs = [vault_plan(for_sale(60.0, **x)).promise.objective_usd for x in steps]
    assert costs[0] == pytest.approx(none)
    assert costs == sorted(costs, reverse=True)
    assert len(set(costs)) == len(steps)


def test_nothing_is_sold_for_nothing() -> None:
    """Until it is sold it costs storage, and left out of the plan it does not."""
    plan = vault_plan(for_sale(60.0, discount=1.0))
    assert not plan.sales()
    assert plan.levels[0].held[0].left_tonnes == pytest.approx(40.5)


def test_a_surplus_needs_room_until_it_is_sold() -> None:
    """Of 60 t no more is for sale than the store takes beside what is held."""
    plan = vault_plan(for_sale(60.0), {"storage_classes.0.capacity_tonnes": 30.0})
    assert sold(plan) + plan.levels[0].tonnes == pytest.approx(30.0)
    assert sold(plan) > 0


def test_a_surplus_pays_for_what_is_bought() -> None:
    """What is sold before a cut buys more for it than what is there would cover."""
    poor: Changes = {
        "financing.facilities": [],
        "sourcing_options": [cases.sourcing("slow", 2)],
        "options.cost_of_holding_weight": None,
    }
    case = for_sale(60.0, within_periods=1)
    without = vault_plan(case, poor, {"position.sales": []})
    plan = vault_plan(case, poor)
    assert without.levels[0].tonnes == 0
    assert plan.levels[0].tonnes > 0
    assert plan.levels[0].cost_usd <= sold(plan) * PRICE
    assert plan.promise.objective_usd < without.promise.objective_usd


@pytest.mark.parametrize("method", ["extensive_form", "decomposition"])
def test_a_surplus_may_bring_more_than_all_shortages_cost(method: str) -> None:
    """An objective below 0 is one like others: its gap is met at once."""
    plan = vault_plan(
        for_sale(800.0),
        {"storage_classes.0.capacity_tonnes": 1e3, "options.method": method},
        {"options.time_limit_s": 10.0},
    )
    assert plan.promise.objective_usd < 0
    assert plan.promise.gap <= EXACT
    assert sold(plan) > 700.0


def debt(usd: float, **terms: object) -> Changes:
    """Return the change to a case whose loan is owed so much at the start."""
    owed = {"facility": "loan", "drawn_usd": usd} | terms
    return {"position": {"debt": [owed]}}


def test_what_a_revolving_loan_is_owed_is_cash_that_is_not_there() -> None:
    """It is paid back with cash at once, so the plan is that with so much less."""
    loan: Changes = {
        "financing.facilities.0.drawn": "revolving",
        "financing.facilities.0.rate_per_year": 0.06,
    }
    cash, left = "financing.opening_cash_usd", 2e4
    owing = vault_plan(loan, {cash: left + 5e4}, debt(5e4))
    poorer = vault_plan(loan, {cash: left})
    assert owing.levels == poorer.levels
    assert owing.financing == poorer.financing
    assert owing.promise.objective_usd == poorer.promise.objective_usd
    # Nothing of it is a cost of this plan.
    cost = poorer.promise.cost_of_holding_usd
    assert owing.promise.cost_of_holding_usd == pytest.approx(cost)


@pytest.mark.parametrize("drawn", ["by_schedule", "when_needed", "revolving"])
def test_more_debt_of_before_never_costs_less(drawn: str) -> None:
    """However it is drawn, interest and instalments take from what can be bought."""
    loan: Changes = {
        "financing.facilities.0.drawn": drawn,
        "financing.facilities.0.rate_per_year": 0.06,
        "financing.opening_cash_usd": 5e4,
    }
    objectives = [
        vault_plan(loan, debt(usd)).promise.objective_usd for usd in (1.0, 4e4, 1e5)
    ]
    assert sorted(objectives) == objectives
    assert objectives[0] < objectives[-1]


def test_debt_of_before_is_owed_and_paid() -> None:
    """Half of 40,000 in period 1 and the rest in period 2, at 6 % a year until then."""
    loan: Changes = {"financing.facilities.0.rate_per_year": 0.06}
    terms = debt(4e4, repayment_start_period=1, number_of_instalments=2)
    some = {"financing.opening_cash_usd": 5e4}
    plan = vault_plan(loan, some, terms)
    drawn = sum(period.draws_usd["loan"] for period in plan.financing)
    owed = [period.balances_usd["loan"] for period in plan.financing]
    assert owed[-1] == pytest.approx(drawn)
    assert owed[0] == pytest.approx(4e4 + plan.financing[0].draws_usd["loan"])
    # 200 and 100 dollars of interest, of which the cost of holding has none.
    fees = sum(period.interest_and_fees_usd for period in plan.financing)
    found = plan.promise.cost_of_holding
    assert found is not None
    assert fees - found.interest_and_fees_usd == pytest.approx(300.0)


def test_a_right_may_be_served_from_stock() -> None:
    """It is awarded for its fee, and nothing is bought for it."""
    right: Changes = {
        "entitlement_offers+": cases.offer(
            participant="large", material="alpha", maximum_lots=20
        ),
        "financing.facilities": [],
        "levels_days_of_cover": [1],
    }
    plan = vault_plan(stock(10.0), right)
    assert [award.tonnes for award in plan.awards] == [10.0]
    assert plan.financing[0].lowest_cash_usd >= 10.0 * 1_000.0


def test_free_stock_costs_what_the_same_stock_bought_costs() -> None:
    """10 t at 10,000 dollars: paid for before the start, or worth that much then."""
    poor: Changes = {"financing.facilities": [], "financing.final_value_haircut": 0.0}
    cash: Changes = {"financing.opening_cash_usd": 10.0 * PRICE}
    bought, held = (vault_plan(poor, x).promise for x in (cash, stock(10.0)))
    assert bought.cost_of_holding is not None
    assert held.cost_of_holding is not None
    assert held.cost_of_holding.opening_stock_usd == pytest.approx(10.0 * PRICE)
    assert held.cost_of_holding_usd == pytest.approx(
        bought.cost_of_holding_usd, abs=0.01
    )
    assert held.net_benefit_usd == pytest.approx(bought.net_benefit_usd)


def test_what_is_bought_at_the_start_has_the_price_of_that_day() -> None:
    """A quarter above the path, 150,000 dollars buy 12 t instead of 15 t."""
    prices = [{"material": "alpha", "multiple_of_path": 1.25}]
    (level,) = vault_plan({"position": {"prices": prices}}).levels
    assert level.tonnes == pytest.approx(12.0)


@pytest.mark.parametrize("method", ["extensive_form", "decomposition"])
def test_a_level_of_prices_is_a_path_that_much_higher(
    tiny_case: Case, method: str
) -> None:
    """Where nothing goes by the path: no price cap, no premium, no sale at book.

    Free stock, and tonnes that are bought at once, have the price of today.
    """
    tiny_case["financing"]["pool_sale_price"] = "market"
    tiny_case["options"] = {"method": method, "number_of_scenarios": 4}
    tiny_case["sourcing_options"].append(HELD)
    stock = {"stock": [cases.stock_lot("pile", 0.5)]}
    prices = [{"material": "gallium", "multiple_of_path": 1.5}]
    (material,) = tiny_case["materials"]
    dearer = material | {"price_usd_per_tonne": 1.5 * material["price_usd_per_tonne"]}
    found = [
        solve(read_instance(tiny_case | changes)).plan
        for changes in (
            {"position": stock | {"prices": prices}},
            {"position": stock, "materials": [dearer]},
        )
    ]
    promises = [plan.promise for plan in found if plan is not None]
    first, second = (
        (x.objective_usd, x.cost_of_holding_usd, x.lower_bound_usd) for x in promises
    )
    assert first == pytest.approx(second)
