"""The allocation against an independent program, laws of order, hand arithmetic."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.instance import Instance
from models.reading import read_instance
from optimizer.policies.market import Market, observe
from optimizer.recourse.allocation import Allocation, Supply, allocate
from optimizer.recourse.blocks import Recourse, find_blocks, nothing_short
from optimizer.scenarios.scenario_set import ScenarioSet
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.recourse.naive_allocation import Day, least_cost

LAW = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class Short:
    """A case with its scenarios, what is short in them, and something to hand out."""

    instance: Instance
    scenarios: ScenarioSet
    market: Market
    recourse: Recourse
    supply: Supply

    def allocated(self, supply: Supply | None = None) -> Allocation:
        """Return the best allocation."""
        shape = self.scenarios.price.shape[1:]
        return allocate(self.recourse, supply or self.supply, (shape[0], shape[1]))

    def day(self, w: int, t: int) -> Day:
        """Return one scenario and period by names."""
        materials = [m.id for m in self.instance.materials]
        participants = [o.id for o in self.instance.participants]
        products = [p.id for p in self.instance.final_products()]
        names = [(participants[o], materials[m]) for o, m in self.market.pairs]
        at = self.recourse
        here = np.flatnonzero((at.gap_w == w) & (at.gap_t == t))
        there = np.flatnonzero((at.short_w == w) & (at.short_t == t))
        return Day(
            gap={x: float(self.market.gap[i, w, t]) for i, x in enumerate(names)},
            own={names[at.gap_pair[i]]: float(self.supply.own[i]) for i in here},
            pooled={
                materials[at.short_m[i]]: float(self.supply.pooled[i]) for i in there
            },
            price={
                x: float(self.scenarios.price[m, w, t]) for m, x in enumerate(materials)
            },
            demand={
                x: float(self.scenarios.demand[p, w, t]) for p, x in enumerate(products)
            },
        )


def short(seed: int) -> Short:
    """Return a random case in which some of what is missing can be handed out."""
    instance = random_case(seed, number_of_periods=2)
    scenarios = random_scenarios(instance, seed, number=2)
    market = observe(instance, scenarios)
    recourse = find_blocks(instance, scenarios, market)
    draw = np.random.default_rng(seed)
    total = np.zeros(len(recourse.short_m))
    np.add.at(total, recourse.gap_short, recourse.gap)
    own = recourse.gap * draw.choice([0.0, 0.2, 1.2], len(recourse.gap))
    pooled = total * draw.choice([0.0, 0.3, 1.5], len(total))
    return Short(instance, scenarios, market, recourse, Supply(own, pooled))


@LAW
@given(seed=SEEDS)
def test_costs_are_those_of_the_program_written_out(seed: int) -> None:
    """In every scenario and period the cost is the minimum of a dense program."""
    case = short(seed)
    found = case.allocated().cost
    for w, t in np.ndindex(found.shape):
        expected = least_cost(case.instance, case.day(w, t))
        assert found[w, t] == pytest.approx(expected, rel=1e-6, abs=1e-4)


@LAW
@given(seed=SEEDS)
def test_an_allocation_keeps_to_its_limits(seed: int) -> None:
    """Gaps are covered; pool, emergency and demand are not passed; nothing below 0."""
    case = short(seed)
    found, at = case.allocated(), case.recourse
    covered = found.allocated + found.emergency + case.supply.own
    saved = at.coefficient * found.shortage[at.coefficient_shortage]
    np.add.at(covered, at.coefficient_gap, saved)
    assert (covered >= at.gap - 1e-6).all()
    for tonnes, limit in (
        (found.allocated, case.supply.pooled),
        (found.emergency, at.emergency_limit),
    ):
        total = np.zeros(len(limit))
        np.add.at(total, at.gap_short, tonnes)
        assert (total <= limit + 1e-6).all()
        assert tonnes.min(initial=0.0) >= -1e-9
    assert (found.shortage <= at.shortage_limit + 1e-6).all()


@LAW
@given(seed=SEEDS, factor=st.floats(1, 3))
def test_more_supply_never_costs_more(seed: int, factor: float) -> None:
    """Whatever is added to the pool or to a participant's own supply, no cost rises."""
    case = short(seed)
    before = case.allocated().cost
    grown = Supply(case.supply.own * factor, case.supply.pooled * factor + factor - 1)
    assert (case.allocated(grown).cost <= before + 1e-6 * (1 + before)).all()


@LAW
@given(seed=SEEDS)
def test_no_gap_no_cost(seed: int) -> None:
    """With all that is missing handed out to each, nothing is lost."""
    case = short(seed)
    full = Supply(case.recourse.gap, np.zeros(len(case.recourse.short_m)))
    assert case.allocated(full).cost.max() == pytest.approx(0, abs=1e-6)


def test_a_calm_world_has_no_block(tiny_case: Case) -> None:
    """Where nothing is short there is neither a program nor a cost."""
    instance = read_instance(tiny_case)
    calm = one_scenario(instance)
    recourse = find_blocks(instance, calm, observe(instance, calm))
    assert recourse.number_of_gaps == recourse.number_of_shortages == 0
    nothing = Supply(np.zeros(0), np.zeros(0))
    assert allocate(recourse, nothing, (1, 4)).cost.tolist() == [[0, 0, 0, 0]]


def test_nothing_short_leaves_no_row_of_a_short_world() -> None:
    """The recourse of a world without shortage is empty in every array."""
    emptied = nothing_short()
    assert emptied.number_of_gaps == emptied.number_of_shortages == 0
    assert len(emptied.products.demand) == 0


@pytest.mark.parametrize(
    ("pooled", "cost"),
    [
        # 0.8 t are missing, 800 wafers. Thrift saves 100 of 1,000 at $1,000 each, the
        # rest stops the line at $10,000 each.
        (0.0, 100 * 1_000 + 700 * 10_000),
        (0.3, 100 * 1_000 + 400 * 10_000),
        (0.75, 50 * 1_000),
        (0.8, 0.0),
        (9.9, 0.0),
    ],
)
def test_cheap_blocks_fill_first(tiny_case: Case, pooled: float, cost: float) -> None:
    """What stays missing is thrifted first and stops the line last."""
    assert _first_cost(tiny_case, [pooled]) == pytest.approx(cost)


@pytest.mark.parametrize(
    ("gallium", "germanium", "cost"),
    [
        (0.0, 0.0, 7_100_000),
        # One material alone is worth nothing: 800 wafers lack the other.
        (0.8, 0.0, 7_100_000),
        (0.0, 0.8, 7_100_000),
        # The scarcer of the two decides.
        (0.8, 0.3, 4_100_000),
        (0.3, 0.3, 4_100_000),
        (0.8, 0.8, 0),
    ],
)
def test_materials_are_worth_something_only_together(
    tiny_case: Case, gallium: float, germanium: float, cost: float
) -> None:
    """A wafer that needs two materials is made when both are there."""
    cases.add_germanium(tiny_case)
    found = _first_cost(tiny_case, [gallium, germanium])
    assert found == pytest.approx(cost)


def test_emergency_purchases_stop_where_shortage_is_cheaper(tiny_case: Case) -> None:
    """At twice $500,000 a tonne a wafer costs $1,000: more than a thrift at $900."""
    gallium, wafer = tiny_case["materials"][0], tiny_case["products"][0]
    gallium |= {"emergency_tonnes_per_year": 6.0, "emergency_premium": 2.0}
    wafer["shortage_blocks"][0]["cost_usd_per_unit"] = 900.0
    # 100 thrifted, 0.5 t bought for 500 wafers, 200 wafers not made.
    expected = 100 * 900 + 500 * 1_000 + 200 * 10_000
    assert _first_cost(tiny_case, [0.0]) == pytest.approx(expected)


def test_the_higher_class_is_served_first(tiny_case: Case) -> None:
    """0.8 t go to the class whose lines count threefold, the other one stops."""
    tiny_case["priority_classes"].append({"id": "army", "name": "Army", "weight": 3})
    tiny_case["participants"].append(
        {"id": "arsenal", "name": "Arsenal", "priority_class": "army"}
    )
    wafer = tiny_case["products"][0]
    tiny_case["products"].append(wafer | {"id": "seeker", "participant": "arsenal"})
    # Each lacks 0.8 t. Thrift of the arsenal ($3,000) comes before the maker's line
    # ($10,000): 0.7 t to the arsenal, 0.1 t to the maker.
    expected = 100 * 3_000 + 100 * 1_000 + 600 * 10_000
    assert _first_cost(tiny_case, [0.8]) == pytest.approx(expected)


def _first_cost(case: Case, pooled: list[float]) -> float:
    """Return the cost of period 0, in which China is cut, with these pool releases."""
    instance = read_instance(case)
    cut = {r.id: [0, 1, 1, 1] for r in instance.routes if r.mining_country == "CHN"}
    scenarios = one_scenario(instance, availability=cut)
    recourse = find_blocks(instance, scenarios, observe(instance, scenarios))
    supply = Supply(np.zeros(recourse.number_of_gaps), np.array(pooled))
    return float(allocate(recourse, supply, (1, 4)).cost.sum())
