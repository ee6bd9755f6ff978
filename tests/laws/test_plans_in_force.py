"""A plan goes on from what its reserve is some months later as it went on before."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.held_stock import free_tonnes
from models.instance import Instance
from models.plan import Sale, Tranche
from models.reading import read_instance
from models.tranche_in_force import tranche_name
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.in_force.decisions_in_force import in_force
from optimizer.in_force.moved import moved_case
from optimizer.in_force.reserve_after import reserve_after
from optimizer.policies.simulator import Trajectories, simulate
from optimizer.scenarios.scenario_set import Floats, ScenarioSet
from tests import cases
from tests.cases import Part
from tests.laws.test_moved_cases import from_period
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.rule_comparison.held_at_random import held_at_random

LAW = settings(max_examples=12, deadline=None, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
PERIODS = 6


def reserve_case(seed: int) -> Instance:
    """Return a random case with free stock, buffers, notice and some way to draw.

    Two of three have purchases on the way.

    Routes neither ramp nor close: which of them an option uses depends on all periods.
    """
    content = random_case(seed, number_of_periods=PERIODS).model_dump(mode="json")
    draw = np.random.default_rng([seed, 9])
    for route in content["routes"]:
        route["ramp"] = []
        route.pop("operating_cost_usd_per_tonne", None)
    for contract in content["contracts"]:
        contract["signing_cost_usd"] = 1e3
    for x in content["storage_classes"]:
        x["notice_days"] = float(draw.choice([0.0, 20.0, 45.0]))
    content["sourcing_options"].append(cases.sourcing("held", is_held=True))
    content["position"] = {
        "stock": [*free_lots(draw, content["materials"])],
        "sales": [{"material": "m1", "within_periods": 4, "discount": 0.9}],
    }
    coming = np.random.default_rng([seed, 10])
    if coming.random() < 2 / 3:
        option = cases.sourcing("coming", is_on_order=True)
        content["sourcing_options"].append(option)
        content["position"]["purchases"] = [*purchases(coming, content["routes"])]
    content["financing"] |= financing(draw)
    if draw.random() < 0.5:
        change_over_time(draw, content)
    return read_instance(content)


def change_over_time(draw: np.random.Generator, content: Part) -> None:
    """Let demand and prices change, in months of the calendar from a 31st on."""
    start = {"start": "2026-12-31", "period": "month"}
    content["horizon"] |= start | {"period_days": None}
    for lot in content["position"]["stock"]:
        is_fresh = lot["arrival"] == "2026-01-01"
        lot["arrival"] = "2026-12-31" if is_fresh else "2026-12-04"
    for x in content["products"]:
        x["growth_per_year"] = draw.uniform(-0.3, 0.3)
    for x in content["materials"]:
        path = x["price_usd_per_tonne"] * draw.uniform(0.8, 1.3, PERIODS)
        x["price_path_usd_per_tonne"] = path.tolist()


def free_lots(draw: np.random.Generator, materials: list[Part]) -> list[Part]:
    """Return two lots of each material, fresh and a month old."""
    return [
        cases.stock_lot(
            f"{m['id']}-{day}", draw.uniform(20, 60), material=m["id"], arrival=day
        )
        for m in materials
        for day in ("2026-01-01", "2025-12-04")
    ]


def purchases(draw: np.random.Generator, routes: list[Part]) -> Iterator[Part]:
    """Yield a purchase over each route, some of which have been paid."""
    for route in routes:
        yield cases.purchase(
            f"over-{route['id']}",
            draw.uniform(10, 40),
            material=route["material"],
            route=route["id"],
            arrival_period=int(draw.integers(PERIODS)),
            price_usd_per_tonne=draw.uniform(1.0, 50.0),
            is_paid=bool(draw.random() < 1 / 3),
        )


def financing(draw: np.random.Generator) -> Part:
    """Return scheduled draws, or a cash rule over several facilities in two orders."""
    capital = cases.facility(
        "capital", kind="equity", limit_usd=2e4, rate_per_year=0.03
    )
    loans = [
        cases.facility(name, limit_usd=usd, rate_per_year=0.06)
        for name, usd in (("loan", 3e4), ("line", 1e6))
    ]
    drawn = draw.choice(["by_schedule", "when_needed", "revolving"])
    if drawn == "by_schedule":
        loans[0] |= cases.instalments(2, 3)
        loans[1] |= {"commitment_fee_per_year": 0.01, "exposure_fee": 0.02}
        return {"facilities": [capital, *loans], "opening_cash_usd": 1e7}
    if drawn == "when_needed":
        capital |= {"accrues": True}
        loans[1] |= {"exposure_fee": 0.02}
    for x, order in zip((capital, *loans), (0, 0, 1), strict=True):
        x |= {"drawn": drawn, "order": order if drawn == "when_needed" else 0}
    return {
        "facilities": [capital, *loans],
        "opening_cash_usd": 0.0,
        "debt_to_equity_limit": 50.0 if drawn == "when_needed" else 80.0,
        "collateral_cover": 0.1,
    }


def decided(case: Instance, scenarios: ScenarioSet, seed: int) -> Decisions:
    """Return tranches of all pools, some rights, and what is drawn by schedule."""
    found = held_at_random(case, scenarios, seed)
    draws = np.zeros_like(found.draws)
    for f, facility in enumerate(case.financing.facilities):
        if not facility.is_drawn_by_rule:
            last = 1 if facility.repayment_start_period else PERIODS - 1
            draws[f, : last + 1] = 1e3
    return replace(found, draws=draws, sales=tuple(surplus(case, found)))


def surplus(case: Instance, decisions: Decisions) -> Iterator[Sale]:
    """Yield the sale of half of what tranches leave of the free stock of m1."""
    material = case.materials[case.index.material["m1"]]
    mine = [x for x in decisions.tranches if x.material == "m1"]
    taken = sum(x.tonnes for x in mine if x.sourcing == "held")
    if (left := free_tonnes(case, material) - taken) > 0:
        pace = left / 8
        yield Sale(material="m1", tonnes=left / 2, tonnes_per_period=pace, text="")


def by_tranche(happened: PlanReplay) -> dict[str, tuple[Tranche, Trajectories]]:
    """Return what each tranche does, with one tranche in each array (1, w, t)."""
    found: dict[str, tuple[Tranche, Trajectories]] = {}
    for part in happened.held:
        for c, tranche in enumerate(part.tranches):
            one = part.policies.select(np.array([c]))
            done = simulate(one, part.holding.observables)
            found[tranche_name(tranche)] = tranche, done
    return found


def sold(happened: PlanReplay) -> Floats:
    """Return what is left for sale at the end of each period (w, t), tonnes."""
    nothing = np.zeros_like(happened.cash)
    return sum((x.response.on_hand.sum(axis=0) for x in happened.sold), nothing)


def assert_goes_on(
    before: PlanReplay, after: PlanReplay, factor: float, w: int, t: int
) -> None:
    """Assert that tonnes, money and cost of a later replay are those of before."""

    def assert_same(
        found: Floats, expected: Floats, name: str, least_scale: float = 1.0
    ) -> None:
        scale = float(np.abs(expected).max(initial=least_scale))
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * scale), name

    # What is left of money that comes and goes is as exact as that money.
    moved_usd = float(np.abs(before.books.available[w]).max(initial=1.0))
    now = by_tranche(after)
    for name, (_, then) in by_tranche(before).items():
        for what in (
            "released",
            "acquired",
            "rotated",
            "on_hand",
            "repurchased",
            "delivered",
        ):
            expected = getattr(then, what)[0, w, t:]
            if name not in now:
                assert not expected.any(), name
                continue
            assert_same(getattr(now[name][1], what)[0, 0], expected, f"{what} {name}")
    for name in ("cash", "debt", "capital", "accrued", "covered_debt", "stock_value"):
        found, expected = getattr(after.books, name), getattr(before.books, name)
        expected = np.broadcast_to(expected, before.books.cash.shape)[w, t:]
        found = np.broadcast_to(found, after.books.cash.shape)[0]
        assert_same(found, expected, name, moved_usd)
    assert_same(sold(after)[0], sold(before)[w, t:], "sold")
    assert_same(after.cost[0] * factor, before.cost[w, t:], "cost")
    assert_same(after.market.gap[:, 0], before.market.gap[:, w, t:], "gap")


def moved(
    case: Instance, scenarios: ScenarioSet, decisions: Decisions, w: int, t: int
) -> tuple[Instance, ScenarioSet, Decisions]:
    """Return the case, the rest of a scenario, and the decisions after some months."""
    before = replay(case, scenarios, decisions)
    assume(before.cash[w, t - 1] >= 0)
    state = reserve_after(case, scenarios, decisions, before, w=w, periods=t)
    later = moved_case(case, state).case
    left = from_period(scenarios.select(slice(w, w + 1)), t)
    left = replace(left, probability=np.ones(1))
    return later, left, in_force(later, decisions, t)


@LAW
@given(seed=SEEDS)
def test_a_replay_goes_on_from_what_is_there(seed: int) -> None:
    """From any month of any scenario on, and again, tranche by tranche, to one cost."""
    case = reserve_case(seed)
    scenarios = random_scenarios(case, seed, 2)
    decisions = decided(case, scenarios, seed)
    whole = replay(case, scenarios, decisions)
    draw = np.random.default_rng(seed)
    w, t = int(draw.integers(2)), int(draw.integers(1, PERIODS - 1))
    later = moved(case, scenarios, decisions, w, t)
    assert_goes_on(whole, replay(*later), case.horizon.discount_factor(t), w, t)
    last = moved(*later, 0, 1)
    factor = case.horizon.discount_factor(t + 1)
    assert_goes_on(whole, replay(*last), factor, w, t + 1)
