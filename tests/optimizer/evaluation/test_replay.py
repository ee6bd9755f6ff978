"""The replay of a plan by hand arithmetic: 12 t a year are needed, 80 % from China."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.plan import Tranche
from models.reading import read_instance
from optimizer.evaluation.decisions import Decisions, nothing_held
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.membership import cash_before_plan
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import holdings
from optimizer.policies.response import respond
from optimizer.policies.tranche import to_tranche
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import Supply, allocate
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.plans import in_place

LAW = settings(max_examples=15, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)
# 100 of 1,000 wafers thrifted at $1,000, 700 not made at $10,000.
COST_OF_A_CUT = 100 * 1_000 + 700 * 10_000
OFFER = cases.offer()


def replayed(
    case: Case,
    *tranches: Tranche,
    signed: frozenset[str] = frozenset(),
    china: tuple[float, ...] = (1, 0, 0, 1),
) -> PlanReplay:
    """Replay tranches in one scenario, by default with China cut in periods 1 and 2."""
    instance = read_instance(case)
    cut = {r.id: list(china) for r in instance.routes if r.mining_country == "CHN"}
    decisions = replace(nothing_held(instance), tranches=tranches, signed=signed)
    return replay(instance, one_scenario(instance, availability=cut), decisions)


def allocated_to(found: PlanReplay) -> dict[int, float]:
    """Return what each participant's gaps got from the pool and from its own supply."""
    got: dict[int, float] = {}
    supplied: list[float] = (found.allocation.allocated + found.supply.own).tolist()
    pairs: list[int] = found.recourse.gap_pair.tolist()
    for pair, tonnes in zip(pairs, supplied, strict=True):
        o = found.market.pairs[pair][0]
        got[o] = got.get(o, 0.0) + tonnes
    return got


@LAW
@given(seed=SEEDS)
def test_nothing_held_is_the_allocation_of_nothing(seed: int) -> None:
    """Without a vault the cost is that of the gaps, discounted; cash is fees."""
    instance = random_case(seed)
    found = replay(instance, random_scenarios(instance, seed), nothing_held(instance))
    at = found.recourse
    nothing = Supply(np.zeros(at.number_of_gaps), np.zeros(len(at.short_m)))
    plain = allocate(at, nothing, (3, 5)).cost
    assert found.cost == pytest.approx(plain * discount_factors(instance))
    assert (found.cash == cash_before_plan(instance)).all()
    assert found.released.max() == found.books.stock_value.max() == 0


@LAW
@given(seed=SEEDS)
def test_a_replay_does_what_the_mix_of_responses_promises(seed: int) -> None:
    """Tonnes and stock are the mix of what whole candidates do, and no cost rises."""
    instance = random_case(seed)
    scenarios = random_scenarios(instance, seed)
    empty = replay(instance, scenarios, nothing_held(instance))
    draw = np.random.default_rng(seed)
    tranches: list[Tranche] = []
    released = np.zeros_like(scenarios.price)
    stock_value = np.zeros_like(empty.books.stock_value)
    for holding in holdings(instance, scenarios, empty.market):
        menu = menu_of(instance, holding)
        whole = menu.policies.target / holding.material.lot_tonnes
        share = np.floor(draw.dirichlet(np.ones(len(whole))) * whole) / whole
        response = respond(instance, holding, menu.policies)
        released[holding.m] += np.tensordot(share, response.released, axes=1)
        stock_value += np.tensordot(share, response.stock_value, axes=1)
        scaled = menu.policies.scaled(share)
        tranches += [
            to_tranche(instance, holding, candidate, scaled.select(np.array([c])))
            for c, candidate in enumerate(menu.candidates)
            if share[c] > 0
        ]
    decisions = replace(nothing_held(instance), tranches=tuple(tranches))
    found = replay(instance, scenarios, decisions)
    assert found.released == pytest.approx(released, rel=1e-9, abs=1e-9)
    assert found.books.stock_value == pytest.approx(stock_value, rel=1e-9, abs=1e-6)
    assert (found.cost <= empty.cost * (1 + 1e-7) + 1e-6).all()


def test_a_pool_covers_what_it_can(tiny_case: Case) -> None:
    """1 t covers the gap of 0.8 t and 0.2 t of the next one; 600 wafers are lost."""
    found = replayed(tiny_case, in_place(1.0))
    assert found.released[0, 0] == pytest.approx([0, 0.8, 0.2, 0])
    assert found.cost[0] == pytest.approx([0, 0, 100 * 1_000 + 500 * 10_000, 0])


def test_cash_follows_purchase_storage_and_sale(tiny_case: Case) -> None:
    """Bought before the start, stored for two months, sold at the book price."""
    found = replayed(tiny_case, in_place(1.0))
    # 1 t x $500,000; $200 a tonne and year: 1 t in period 0, 0.2 t in period 1.
    storage = 200 / 12
    expected = np.cumsum(
        [-500_000 - storage, 0.8 * 500_000 - 0.2 * storage, 0.2 * 500_000, 0]
    )
    assert found.cash[0] == pytest.approx(expected)
    assert found.books.stock_value[0] == pytest.approx([500_000, 100_000, 0, 0])


def test_own_buying_pays_its_premium(tiny_case: Case) -> None:
    """2 t a month in blocks of 1 t at 0 and 10 % pay $50,000 a month on top."""
    tiny_case["materials"][0]["price_impact"] = [
        {"tonnes_per_year": 12.0, "premium": 0.0},
        {"tonnes_per_year": 12.0, "premium": 0.1},
    ]
    tiny_case["storage_classes"][0]["cost_usd_per_tonne_year"] = 0.0
    slow = in_place(4.0, build_up_tonnes_per_period=2.0, build_up_periods=2)
    found = replayed(tiny_case, slow, china=(1, 1, 1, 1))
    expected = np.cumsum([-1_050_000, -1_050_000, 0, 0])
    assert found.cash[0] == pytest.approx(expected)


def test_a_right_serves_its_participant_alone(tiny_case: Case) -> None:
    """A second maker with the same gap gets nothing of the first one's 1.6 t."""
    _add_rival(tiny_case)
    found = replayed(tiny_case, in_place(1.6, offer="right", participant="maker"))
    assert allocated_to(found) == pytest.approx({0: 1.6, 1: 0.0})
    assert found.cost[0] == pytest.approx([0, COST_OF_A_CUT, COST_OF_A_CUT, 0])


def test_a_right_draws_on_its_own_gap_only(tiny_case: Case) -> None:
    """With 5 t at hand the participant draws its own 0.8 t, not the market's 1.6 t."""
    _add_rival(tiny_case)
    found = replayed(tiny_case, in_place(5.0, offer="right", participant="maker"))
    assert found.released[0, 0] == pytest.approx([0, 0.8, 0.8, 0])


def test_a_right_pays_its_fees_and_its_price(tiny_case: Case) -> None:
    """The fee at the start, the carrying fee on stock, the fixed price on draws."""
    tiny_case["entitlement_offers"] = [OFFER]
    found = replayed(tiny_case, in_place(1.0, offer="right", participant="maker"))
    kept = (12_000 - 200) / 12
    expected = np.cumsum(
        [-500_000 + 1_000 + kept, 0.8 * 450_000 + 0.2 * kept, 0.2 * 450_000, 0]
    )
    assert found.cash[0] == pytest.approx(expected)


def test_an_unusable_release_is_lost(tiny_case: Case) -> None:
    """Gallium without germanium helps no wafer; it is sold nevertheless."""
    cases.add_germanium(tiny_case)
    found = replayed(tiny_case, in_place(1.6))
    assert found.cost[0] == pytest.approx([0, COST_OF_A_CUT, COST_OF_A_CUT, 0])
    assert found.released[0, 0] == pytest.approx([0, 0.8, 0.8, 0])
    assert found.books.stock_value[0] == pytest.approx([800_000, 400_000, 0, 0])


@pytest.mark.parametrize(
    ("beneficiary", "shares"),
    [("maker", {0: 1.2, 1: 0.0}), ("rival", {0: 0.0, 1: 1.2})],
)
def test_a_contract_serves_its_beneficiary(
    tiny_case: Case, beneficiary: str, shares: dict[int, float]
) -> None:
    """7.2 t a year are 0.6 t a month, twice; the other maker gets nothing of it."""
    _add_rival(tiny_case)
    tiny_case["contracts"] = [_contract(beneficiary)]
    found = replayed(tiny_case, signed=frozenset({"offtake"}))
    assert allocated_to(found) == pytest.approx(shares)


def test_a_contract_without_beneficiary_serves_all(tiny_case: Case) -> None:
    """0.6 t a month for those who lack it; an unsigned contract brings nothing."""
    tiny_case["contracts"] = [_contract(None)]
    signed = replayed(tiny_case, signed=frozenset({"offtake"}))
    # 0.2 t stay missing: 100 wafers thrifted, 100 not made.
    assert signed.cost[0, 1] == pytest.approx(100 * 1_000 + 100 * 10_000)
    assert replayed(tiny_case).cost[0, 1] == pytest.approx(COST_OF_A_CUT)


def test_costs_are_discounted_and_cash_is_not(tiny_case: Case) -> None:
    """At 10 % a year the cost of the second month counts 1.1 ** (-1 / 12) of itself."""
    tiny_case["horizon"]["discount_rate_per_year"] = 0.1
    found = replayed(tiny_case, in_place(0.8))
    factor = 1.1 ** (-2 / 12)
    assert found.cost[0] == pytest.approx([0, 0, COST_OF_A_CUT * factor, 0])
    assert found.cash[0, -1] == pytest.approx(-0.8 * 200 / 12)


def test_draws_are_part_of_the_cash(tiny_case: Case) -> None:
    """$600,000 drawn at 5 % a year pay for 1 t and its storage."""
    instance = read_instance(tiny_case)
    draws = np.zeros((2, 4))
    draws[0, 0] = 600_000
    decisions = Decisions((in_place(1.0),), frozenset(), draws)
    found = replay(instance, one_scenario(instance), decisions)
    month = 600_000 * 0.05 / 12 + 200 / 12
    expected = [100_000 - month * n for n in (1, 2, 3, 4)]
    assert found.cash[0] == pytest.approx(expected)


def _add_rival(case: Case) -> None:
    """Add a second maker with the same product, and an offer of the first."""
    case["participants"].append(case["participants"][0] | {"id": "rival"})
    wafer = case["products"][0]
    case["products"].append(wafer | {"id": "other-wafer", "participant": "rival"})
    case["entitlement_offers"] = [OFFER]


def _contract(beneficiary: str | None) -> Case:
    return {
        "id": "offtake",
        "name": "Offtake",
        "material": "gallium",
        "route": "gallium-deu",
        "volume_tonnes_per_year": 7.2,
        "term_periods": 4,
        "beneficiary": beneficiary,
    }
