"""A table of changes to the vault case, and how each must move the plan.

Its numbers: 8 of 10 t a month are cut, for three months or for one from the third or
fourth month on, and 150,000 dollars buy 15 t at 10,000.
"""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from models.plan import Plan
from tests.cases import rule, sourcing
from tests.optimizer.vault_case import (
    PRICE,
    Changes,
    contract,
    facility,
    offer,
    vault_plan,
)


def cost(plan: Plan) -> float:
    """Return the objective."""
    return plan.promise.objective_usd


def expected(plan: Plan) -> float:
    """Return the mean of what is lost."""
    return plan.promise.expected_shortage_cost_usd


def tonnes(plan: Plan) -> float:
    """Return what is held, pool and rights."""
    return sum(level.tonnes for level in plan.levels)


def unit_cost(plan: Plan) -> float:
    """Return what a tonne costs to buy, with premia."""
    return sum(level.cost_usd for level in plan.levels) / tonnes(plan)


def awarded(plan: Plan) -> int:
    """Return the lots of the right."""
    return sum(award.lots for award in plan.awards)


def signed(plan: Plan) -> int:
    """Return the number of contracts signed."""
    return len(plan.contracts)


def called(plan: Plan) -> float:
    """Return what is drawn from the capital line."""
    return sum(period.draws_usd["capital"] for period in plan.financing)


def fees(plan: Plan) -> float:
    """Return interest and fees of all periods."""
    return sum(period.interest_and_fees_usd for period in plan.financing)


def earned(plan: Plan) -> float:
    """Return what is expected to be left at the end of what was not drawn."""
    return plan.financing[-1].expected_cash_usd - plan.promise.budget_used_usd


class Item(NamedTuple):
    """A case, a change to it, and how a figure of the plan moves."""

    change: Changes
    moves: Callable[[Plan], float]
    how: Callable[[Any, Any], bool]
    before: Changes = {}  # noqa: RUF012 - read only


UP, DOWN = operator.lt, operator.gt
LOAN = "financing.facilities.0"
RIGHT: Changes = {"entitlement_offers+": offer()}
OFFTAKE: Changes = {"contracts+": contract()}
UPSIDE = {"upside_threshold_usd_per_tonne": PRICE, "upside_share": 0.5}
CAPITAL: Changes = {
    "financing.facilities+": facility(rate_per_year=0.01),
    f"{LOAN}.limit_usd": 50_000.0,
}
LATER: Changes = {"sourcing_options": [sourcing("later", 4)]}
LIMITED: Changes = {
    "routes.0.vault_tonnes_per_year": 12.0,
    "routes.1.vault_tonnes_per_year": 3.0,
}
RICH: Changes = {f"{LOAN}.limit_usd": 400_000.0}
# One level of 14.8 t: the rule alone decides how long it lasts. The first 3 of the 8 t
# that a month misses can be thrifted, so 5 t a month keep all lines running.
ONE_LEVEL: Changes = {"levels_days_of_cover": [45]}
TWO_RULES = ONE_LEVEL | {"rules+": rule("half", 0.5)}
LIKE_COSTS = [
    {"kind": "thrift", "share": 0.3, "cost_usd_per_unit": 100_000.0},
    {"kind": "line_stop", "share": 0.7, "cost_usd_per_unit": 130_000.0},
]
LIKE: Changes = {
    "products.0.shortage_blocks": LIKE_COSTS,
    "products.1.shortage_blocks": LIKE_COSTS,
}
ALERT_2: Changes = {"materials.0.alert_thresholds": [0.05, 0.2, 0.9]}
FREE = [{"kind": "line_stop", "share": 1.0, "cost_usd_per_unit": 0.0}]
HARMLESS: Changes = {
    "products.0.shortage_blocks": FREE,
    "products.1.shortage_blocks": FREE,
}

HOLDINGS = {
    # 30 days are 9.9 t and all that there is of a menu of 30 days.
    "target level": Item(
        {"levels_days_of_cover": [30, 60]},
        tonnes,
        UP,
        before={"levels_days_of_cover": [30]},
    ),
    # A tenth of the target a month is 2 t of a gap of 8 t.
    "draw rate": Item(
        {"rules": [rule("slow", 1.0, draw_rate_per_month=0.1)]}, cost, UP
    ),
    # 5 t of each 8 t last as long as the long cut.
    "coverage": Item({"rules+": rule("part", 0.625)}, cost, DOWN, before=ONE_LEVEL),
    # Half of the stock is held back for worse, which never comes.
    "floor": Item({"rules": [rule("floor", 1.0, floor=0.5)]}, cost, UP),
    # What is bought in four parts is not all there when the cut comes.
    "build-up": Item(LATER, cost, UP),
    # Purchases from the zone arrive during the cut, others do not.
    "origins of a sourcing option": Item(
        {"sourcing_options+": sourcing("zone", 4, origins="zone")},
        cost,
        DOWN,
        before=LATER,
    ),
    # The whole gap for a quarter of it and half of it for the rest are 5 t of 8 t.
    "max_tranches": Item({"options.max_tranches": 1}, cost, UP, before=TWO_RULES),
    # 15 t are three lots of 4 t and no more.
    "lots": Item({"materials.0.lot_tonnes": 4.0}, tonnes, DOWN),
    # Four parts of 5 t a month, of which only 2 t can be bought.
    "market capacity": Item(
        {"materials.0.market_capacity_tonnes_per_year": 24.0}, cost, UP, before=LATER
    ),
    # Two of five months' purchases fit over China's route, and all over Australia's.
    "tonnes of a route for the vault": Item(
        {
            "routes.0.vault_tonnes_per_year": 24.0,
            "routes.1.vault_tonnes_per_year": 6.0,
        },
        cost,
        UP,
        before=LATER,
    ),
    "competing buyer": Item(
        {
            "competing_buyers+": {
                "id": "ally",
                "name": "Ally",
                "material": "alpha",
                "tonnes_per_year": 15.0,
            }
        },
        tonnes,
        DOWN,
        before=LIMITED,
    ),
    # Recycling in Australia delivers during the cut, and China does not.
    "recycling as an origin": Item(
        {"sourcing_options+": sourcing("recycled", 4, origins="recycling")},
        cost,
        DOWN,
        before=LATER | {"routes.1.kind": "recycling"},
    ),
    # Half of the stock of two months is swapped each month until China is cut.
    "rotation": Item(
        {"materials.0.rotation_spread": 0.01},
        cost,
        DOWN,
        before={"materials.0.shelf_life_days": 61.0},
    ),
    "rotation spread": Item(
        {"materials.0.rotation_spread": 0.2},
        earned,
        DOWN,
        before={
            "materials.0.shelf_life_days": 122.0,
            "materials.0.rotation_spread": 0.01,
        },
    ),
    # The first 5 t a month cost half as much again.
    "price impact": Item(
        {"materials.0.price_impact": [{"tonnes_per_year": 60.0, "premium": 0.5}]},
        unit_cost,
        UP,
        before=LATER,
    ),
    # What is released doubles its price in the cut, of which half is lost.
    "sale impact": Item(
        {"materials.0.sale_impact": [{"tonnes_per_year": 60.0, "discount": 0.5}]},
        earned,
        DOWN,
        before={"financing.pool_sale_price": "market"},
    ),
    # After each cut the stock is bought back at once, at twice the price.
    "refill impact": Item(
        {"materials.0.refill_impact": [{"tonnes_per_year": 60.0, "premium": 1.0}]},
        earned,
        DOWN,
        before={
            "rules": [
                rule("back", 1.0, calm={"replenishment_rate_per_month": 1.0}),
            ]
        }
        | RICH,
    ),
    "storage capacity": Item({"storage_classes.0.capacity_tonnes": 5.0}, tonnes, DOWN),
    # 1,000 dollars a tonne and month take a share of the money.
    "storage cost": Item(
        {"storage_classes.0.cost_usd_per_tonne_year": 12_000.0}, tonnes, DOWN
    ),
    "insurance": Item({"storage_classes.0.insurance_rate_per_year": 1.0}, tonnes, DOWN),
    # Nothing is worth holding where nothing is lost, but 30 days are asked for.
    "minimum days of cover": Item(
        {"materials.0.minimum_days_of_cover": 30.0}, tonnes, UP, before=HARMLESS
    ),
    # Four fifths of all purchases are from China, and Australia has 3 t.
    "origin share cap": Item(
        {"materials.0.origin_share_cap": 0.5},
        tonnes,
        DOWN,
        before={
            "routes.0.vault_tonnes_per_year": 12.0,
            "routes.1.vault_tonnes_per_year": 3.0,
        },
    ),
    # What is bought from Australia alone arrives during the cut.
    "ineligible country": Item(
        {"trade.ineligible_countries": ["CHN"]}, cost, DOWN, before=LATER
    ),
    "price floor": Item(
        {
            "trade.price_floors": [
                {
                    "material": "alpha",
                    "stage": "metal",
                    "floor_usd_per_tonne": 1.5 * PRICE,
                }
            ]
        },
        unit_cost,
        UP,
    ),
    # Four fifths of a tonne are from outside the zone.
    "border adjustment": Item({"trade.border_adjustment_rate": 0.5}, unit_cost, UP),
    # Two months: what was in place has expired before the cut.
    "shelf life": Item({"materials.0.shelf_life_days": 60.0}, cost, UP),
    # 3 t a month of a gap of 8 t.
    "outload": Item({"storage_classes.0.outload_tonnes_per_day": 0.1}, cost, UP),
    # The first month of a cut, and all of the short one, has nothing.
    "notice": Item({"storage_classes.0.notice_days": 30.0}, cost, UP),
    # The tail is the long cut, for which part of the gap is better; in the short one
    # that wastes 3 t, which cost nearly as much as the stops it avoids in the long one.
    "CVaR weight": Item(
        {"options.cvar_weight": 0.95, "options.cvar_level": 0.75},
        expected,
        UP,
        before=TWO_RULES | LIKE,
    ),
}

TERMS = {
    "right": Item(RIGHT, awarded, UP),
    # Fees are money at the start, and that buys more tonnes.
    "upfront fee": Item(
        {"entitlement_offers.0.upfront_fee_usd_per_tonne": 5_000.0},
        tonnes,
        UP,
        before=RIGHT,
    ),
    # 2,000 dollars a tonne in the first month, too late for what is bought before it.
    "carrying fee": Item(
        {"entitlement_offers.0.carrying_fee_usd_per_tonne_year": 24_000.0},
        earned,
        UP,
        before=RIGHT,
    ),
    "inventory price": Item(
        {"entitlement_offers.0.inventory_price_usd_per_tonne": 2 * PRICE},
        earned,
        UP,
        before=RIGHT,
    ),
    # Of 8, 12 and 15 t only 15 t are left, 3 t more than the long cut draws.
    "minimum of a right": Item(
        {"entitlement_offers.0.minimum_lots": 26},
        awarded,
        DOWN,
        before={
            "entitlement_offers+": offer(maximum_lots=30),
            "levels_days_of_cover": [30, 45, 60],
        },
    ),
    "maximum of a right": Item(
        {"entitlement_offers.0.maximum_lots": 4}, awarded, DOWN, before=RIGHT
    ),
    # The alert never gets to level 3, so a right from there on is worth nothing.
    "access alert": Item(
        {"entitlement_offers.0.access_alert": 3}, awarded, DOWN, before=RIGHT | ALERT_2
    ),
    "draw limit": Item(
        {"entitlement_offers.0.draw_limit_per_month": 0.1}, cost, UP, before=RIGHT
    ),
    # Taken back in the second month, it is not there in the third.
    "repurchase": Item(
        {"entitlement_offers.0.repurchase_period": 1}, cost, UP, before=RIGHT
    ),
    "contract": Item(OFFTAKE, signed, UP),
    # 3 t a month at 40,000 dollars above the market cannot be paid.
    "floor of a contract": Item(
        {"contracts.0.floor_usd_per_tonne": 5 * PRICE}, signed, DOWN, before=OFFTAKE
    ),
    # Half of 10,000 dollars a tonne comes back while prices are doubled.
    "upside share": Item(
        {"contracts+": contract(floor_usd_per_tonne=1.2 * PRICE, **UPSIDE)},
        earned,
        UP,
    ),
    # 2,000 dollars a year of the 15,000 of a month.
    "upside cap": Item(
        {"contracts.0.upside_cap_usd_per_year": 2_000.0},
        earned,
        DOWN,
        before={"contracts+": contract(**UPSIDE)},
    ),
    # Others take 30 of the 36 t.
    "senior claims": Item(
        {
            "contracts.0.capacity_tonnes_per_year": 36.0,
            "contracts.0.senior_claims_tonnes_per_year": 30.0,
        },
        cost,
        UP,
        before=OFFTAKE,
    ),
    # The maker that loses twice as much by weight no longer comes first.
    "priority allocation": Item(
        {"contracts.0.beneficiary": "large"},
        cost,
        UP,
        before=OFFTAKE | {f"{LOAN}.limit_usd": 10_000.0},
    ),
    # What comes from China does not come during the cut.
    "origin of a contract": Item(
        {"contracts.0.route": "alpha-chn"}, cost, UP, before=OFFTAKE
    ),
}

MONEY = {
    "loan limit": Item({f"{LOAN}.limit_usd": 100_000.0}, tonnes, DOWN),
    "equity limit": Item(
        {"financing.facilities.1.limit_usd": 10_000.0}, tonnes, DOWN, before=CAPITAL
    ),
    # Of 150,000 dollars 135,000 arrive.
    "exposure fee": Item({f"{LOAN}.exposure_fee": 0.1}, tonnes, DOWN),
    # 200,000 dollars are not needed, and now they cost.
    "commitment fee": Item(
        {f"{LOAN}.commitment_fee_per_year": 0.02},
        fees,
        UP,
        before=RICH | {f"{LOAN}.rate_per_year": 0.05},
    ),
    # Half of the loan a year, from the first month on.
    "interest": Item({f"{LOAN}.rate_per_year": 0.5}, tonnes, DOWN),
    # What must be paid back in calm times too cannot be spent.
    "repayment": Item(
        {
            f"{LOAN}.last_draw_period": 0,
            f"{LOAN}.repayment_start_period": 4,
            f"{LOAN}.number_of_instalments": 2,
        },
        tonnes,
        DOWN,
    ),
    # Each dollar of debt needs two of capital: 150,000 in all are 50,000 and 100,000,
    # with 60,000 of capital 30,000 and 60,000.
    "debt to equity": Item(
        {
            "financing.debt_to_equity_limit": 0.5,
            "financing.facilities.1.limit_usd": 6e4,
        },
        tonnes,
        DOWN,
        before=CAPITAL,
    ),
    # The stock is worth what is owed and not a fifth more.
    "collateral cover": Item({"financing.collateral_cover": 1.2}, tonnes, DOWN),
    "opening cash": Item({"financing.opening_cash_usd": 20_000.0}, tonnes, UP),
    # Prices are doubled while the pool releases.
    "price of pool sales": Item({"financing.pool_sale_price": "market"}, earned, UP),
}


ITEMS = HOLDINGS | TERMS | MONEY
SMALLEST_MOVE = 1e-4


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS.keys())
def test_a_change_of_it_moves_the_plan(item: Item) -> None:
    """The figure goes up or down as in the table, by more than rounding."""
    before = item.moves(vault_plan(item.before))
    after = item.moves(vault_plan(item.before, item.change))
    assert item.how(before, after)
    assert abs(after - before) > SMALLEST_MOVE * max(abs(before), abs(after))
