"""A plan worked out by hand: two tranches of a pool, a right, a contract, a loan.

Periods of 30 days; rates a year are those a period times 12.175. The maker needs 1 t a
period; in periods 1 and 2 China delivers nothing, so 0.8 t are missing and the price
doubles to 1,000,000.

  tonnes                       t=0     t=1     t=2     t=3
  A 0.8 t in place  released           0.32    0.32
                    on hand    0.80    0.48    0.16    0.16
  B 0.2 t built up  bought     0.10    0.02                   (1/5 of routes is open)
                    released           0.08    0.04
                    on hand    0.10    0.04    0       0
  R 0.2 t right     drawn              0.08    0.08               (1/10 of the gap)
                    bought back                        0.10
                    on hand    0.20    0.12    0.04    0.14
  contract          delivered  0.10    0.10    0.10    0.10
  emergency                            0.02    0.02
  short: wafers                        200     240
  lost  thrift 1,000 a wafer           100,000 100,000
        line stop 10,000             1,000,000 1,400,000
        emergency 2 x price             40,000  40,000        in all 2,680,000

  dollars
  bought                    -550,000 -20,000        -50,000
  kept at 1,000 + 0.1 %       -1,650  -1,280   -400    -450
  sold at book, 600,000 (R)          248,000 228,000
  R: fee, carrying             4,000   1,200    400   1,400
  premia on B's planned 0.1   -7,500  -7,500
  contract                   -15,000   5,000  2,000 -10,000   (7,000 back a year)
  interest, fees             -19,450  -9,450 -6,500  -4,000   (450 undrawn, to t=1)
  draws less instalments     700,000        -250,000 -250,000
  cash, 50,000 at first      160,400 376,370 349,870  36,820
"""

from typing import Any

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from models.supply import TradePolicy
from optimizer.feasibility import Quantities, check
from optimizer.policies.policy_text import policy_text
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.plans import empty_plan, in_place, steps

MONTHS = 30 / 30.4375
PERIODS_A_YEAR = 12.175
OUTLOAD = 30.0
COST = 2_680_000.0
Path = tuple[str | int, ...]


def case(tiny: Case) -> Case:
    """Return the case of the table, from the tiny one."""
    tiny["horizon"] = cases.horizon(4, period_days=30)
    tiny["materials"][0] |= {
        "emergency_tonnes_per_year": 0.02 * PERIODS_A_YEAR,
        "minimum_days_of_cover": 30.0,
        "origin_share_cap": 0.8,
        "price_impact": [
            {"tonnes_per_year": 0.05 * PERIODS_A_YEAR, "premium": 0.1},
            {"tonnes_per_year": 1.0, "premium": 0.2},
        ],
    }
    tiny["storage_classes"][0] |= {
        "cost_usd_per_tonne_year": 1_000 * PERIODS_A_YEAR,
        "insurance_rate_per_year": 0.001 * PERIODS_A_YEAR,
    }
    tiny["products"][0]["demand_units_per_year"] = 1_000 * PERIODS_A_YEAR
    tiny["sourcing_options"].append(cases.sourcing("built-up", 2))
    tiny["levels_days_of_cover"] = [6, 60]
    tiny["entitlement_offers"] = [_offer()]
    tiny["contracts"] = [_contract()]
    tiny["financing"] = _financing()
    tiny["events"] = []
    return tiny


def _offer() -> Case:
    return cases.offer(
        id="makers-right",
        maximum_lots=5,
        inventory_price_usd_per_tonne=600_000.0,
        upfront_fee_usd_per_tonne=10_000.0,
        carrying_fee_usd_per_tonne_year=10_000 * PERIODS_A_YEAR,
        coverage=0.1,
        replenish_within_periods=2,
    )


def _contract() -> Case:
    return cases.contract(
        volume_tonnes_per_year=0.1 * PERIODS_A_YEAR,
        floor_usd_per_tonne=600_000.0,
        upside_threshold_usd_per_tonne=900_000.0,
        upside_share=0.5,
        upside_cap_usd_per_year=7_000.0,
        signing_cost_usd=5_000.0,
    )


def _financing() -> Case:
    loan = cases.facility(
        limit_usd=5_000_000.0,
        rate_per_year=0.01 * PERIODS_A_YEAR,
        exposure_fee=0.02,
        commitment_fee_per_year=0.0001 * PERIODS_A_YEAR,
        **cases.instalments(2, 2),
    )
    capital = cases.facility(
        "capital",
        kind="equity",
        limit_usd=1_000_000.0,
        rate_per_year=0.02 * PERIODS_A_YEAR,
    )
    return {
        "facilities": [loan, capital],
        "opening_cash_usd": 50_000.0,
        "debt_to_equity_limit": 3.0,
        "collateral_cover": 1.1,
    }


def scenarios(instance: Instance) -> ScenarioSet:
    """Return the one scenario of the table."""
    return one_scenario(
        instance,
        availability={"gallium-chn": [1, 0, 0, 1]},
        price={"gallium": [5e5, 1e6, 1e6, 5e5]},
    )


def quantities() -> Quantities:
    """Return the allocation of the table: periods 1 and 2, blocks by period."""
    return Quantities(
        allocated=np.array([0.50, 0.46]),
        emergency=np.array([0.02, 0.02]),
        shortage=np.array([100.0, 100.0, 100.0, 140.0]),
    )


def plan(instance: Instance) -> Plan:
    """Return the plan of the table."""
    tranches = [
        _tranche("immediate", "in-place", 60.0, 0.4, 0.8),
        _tranche("immediate", "built-up", 60.0, 0.1, 0.2),
        _tranche("entitlement", "in-place", 6.0, 1.0, 0.2),
    ]
    level = {
        "material": "gallium",
        "name": "Gallium",
        "tonnes": 1.2,
        "pool_tonnes": 1.0,
        "lots": 12,
        "days_of_cover": 36.0,
        "cost_usd": 615_000.0,
        "tranches": tranches,
        "purchases": [
            {"route": "gallium-chn", "tonnes": 0.8 * 1.2},
            {"route": "gallium-deu", "tonnes": 0.2 * 1.2},
        ],
    }
    award = {
        "offer": "makers-right",
        "participant": "maker",
        "material": "gallium",
        "lots": 2,
        "tonnes": 0.2,
        "days_of_own_cover": 6.0,
        "inventory_price_usd_per_tonne": 600_000.0,
        "upfront_fee_usd": 2_000.0,
        "carrying_fee_usd_per_year": 2_000 * PERIODS_A_YEAR,
    }
    contract = {
        "contract": "offtake",
        "material": "gallium",
        "volume_tonnes_per_year": 0.1 * PERIODS_A_YEAR,
        "expected_cost_usd": 18_000.0,
    }
    shortfall = {
        "material": "gallium",
        "name": "Gallium",
        "days_of_cover": 36.0,
        "gap_tonnes": 1.6,
        "released_tonnes": 0.92,
        "unused_tonnes": 0.0,
        "uncovered_tonnes": 0.48,
        "probability_of_gap": 1.0,
    }
    # Nothing held: 780 wafers short in both periods, 6,900,000 and 40,000 each.
    content = empty_plan(
        instance,
        COST,
        cost_without_vault_usd=13_880_000.0,
        lower_bound_usd=0.75 * COST,
        gap=0.25,
        budget_usd=6_050_000.0,
        budget_used_usd=700_000.0,
    ).model_dump()
    content["provenance"] |= {"number_of_scenarios": 1, "method": "extensive form"}
    return _worded(
        instance,
        content
        | {
            "levels": [level],
            "awards": [award],
            "contracts": [contract],
            "financing": _table(),
            "shortfalls": [shortfall],
        },
    )


def _tranche(
    rule: str, sourcing: str, days: float, share: float, tonnes: float
) -> Case:
    is_right = rule == "entitlement"
    is_built_up = sourcing == "built-up"
    written = steps(tonnes * MONTHS, coverage=share * (0.1 if is_right else 1.0))
    refill = {"replenishment_tonnes_per_period": 0.1 if is_right else 0.0}
    terms = {
        "offer": "makers-right" if is_right else None,
        "participant": "maker" if is_right else None,
        "rule": rule,
        "sourcing": sourcing,
        "level_days_of_cover": days,
        "share": share,
        "lots": round(tonnes / 0.1),
        "steps": [written[0] | {"coverage": 0.0} | refill, *written[1:]],
        "outload_tonnes_per_period": share * OUTLOAD,
        "build_up_tonnes_per_period": tonnes / 2 if is_built_up else 0.0,
        "build_up_periods": 2 if is_built_up else 0,
        "text": "",
    }
    return in_place(tonnes, **terms).model_dump()


def _table() -> list[Case]:
    owed = (500_000.0, 500_000.0, 250_000.0, 0.0)
    fees = (19_450.0, 9_450.0, 6_500.0, 4_000.0)
    cash = (160_400.0, 376_370.0, 349_870.0, 36_820.0)
    return [
        {
            "period": t,
            "draws_usd": {
                "loan": 500_000.0 if t == 0 else 0.0,
                "capital": 200_000.0 if t == 0 else 0.0,
            },
            "balances_usd": {"loan": owed[t], "capital": 200_000.0},
            "interest_and_fees_usd": fees[t],
            "expected_cash_usd": cash[t],
            "lowest_cash_usd": cash[t],
        }
        for t in range(4)
    ]


def changed(instance: Instance, path: Path, value: object) -> Plan:
    """Return the plan with another value at one place; sentences follow the numbers."""
    content = plan(instance).model_dump()
    here: Any = content
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return (
        Plan.model_validate(content)
        if path[-1] == "text"
        else _worded(instance, content)
    )


def _worded(instance: Instance, content: Case) -> Plan:
    written = Plan.model_validate(content)
    for level, printed in zip(written.levels, content["levels"], strict=True):
        for tranche, x in zip(level.tranches, printed["tranches"], strict=True):
            x["text"] = policy_text(instance, tranche)
    return Plan.model_validate(content)


def broken_rows(
    raw: Case,
    path: Path | None = None,
    value: object = None,
    *,
    ineligible: tuple[str, ...] = (),
) -> list[str]:
    """Return the rows that the plan violates in a case, changed at one place.

    Countries that become ineligible do so after reading, which would refuse a contract
    from there.
    """
    instance = read_instance(raw)
    if ineligible:
        trade = TradePolicy(ineligible_countries=frozenset(ineligible))
        instance = instance.model_copy(update={"trade": trade})
    checked = plan(instance) if path is None else changed(instance, path, value)
    found = check(instance, scenarios(instance), checked, quantities())
    return [violation.row for violation in found]
