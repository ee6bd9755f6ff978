"""Every figure of an explanation, counted again by a replay of the changed plan."""

from collections.abc import Mapping

import numpy as np
import pytest

from models.entitlement import EntitlementOffer
from models.explanation import CandidateName, Explanation
from models.instance import Instance
from models.options import SolveOptions
from models.plan import Plan, Tranche, TrancheStep
from models.reading import read_instance
from optimizer import PlanMismatchError, explain, solve
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import mean
from optimizer.executors.here import Here
from optimizer.executors.local import open_local
from optimizer.explanation.reasons import reason_of_right
from optimizer.explanation.viewpoint import viewpoint
from optimizer.policies.candidates import Candidate, menu_of
from optimizer.policies.holding import holding_name, holdings
from optimizer.policies.market import observe
from optimizer.policies.tranche import to_tranche
from optimizer.scenarios.onsets import onset_probability
from optimizer.solve import planning_scenarios
from service.casefiles import load
from tests import cases
from tests.cases import Case
from tests.optimizer.free_magnets import free_magnets
from tests.optimizer.vault_case import changed

SCENARIOS = 12


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return magnets with few scenarios."""
    raw = free_magnets()
    options = {"options.number_of_scenarios": SCENARIOS, "options.gap": 0.05}
    return read_instance(changed(raw, options))


@pytest.fixture(scope="module")
def plan(case: Instance) -> Plan:
    """Return a plan of the case."""
    found = solve(case, executors=(Here(),)).plan
    assert found is not None
    return found


@pytest.fixture(scope="module")
def found(case: Instance, plan: Plan) -> Explanation:
    """Return its explanation."""
    return explain(case, plan, executors=(Here(),))


def extra_cost(
    case: Instance,
    plan: Plan,
    changes: Mapping[int, Tranche | None],
    added: tuple[Tranche, ...] = (),
) -> float:
    """Return what a replay costs more if tranches are changed, left out or added."""
    scenarios = planning_scenarios(case)
    whole = decisions_of(case, plan)
    changed = [changes.get(i, x) for i, x in enumerate(whole.tranches)]
    kept = tuple(x for x in changed if x is not None)
    kept += added
    costs = [
        mean(replay(case, scenarios, decided).scenario_costs(), scenarios.probability)
        for decided in (Decisions(kept, whole.signed, whole.draws), whole)
    ]
    return costs[0] - costs[1]


def of_materials(plan: Plan, *names: str) -> dict[int, Tranche | None]:
    """Return the change that leaves out all that is held of some materials."""
    return {i: None for i, x in enumerate(plan.tranches()) if x.material in names}


def of_candidate(plan: Plan, material: str, name: CandidateName) -> list[int]:
    """Return the tranches of a pool that follow a candidate."""
    return [i for i, x in enumerate(plan.tranches()) if is_of(x, material, name)]


def scaled(tranche: Tranche, tonnes: float) -> Tranche:
    """Return the tranche scaled to `tonnes`, every number in proportion."""
    factor = tonnes / tranche.tonnes

    def step(x: TrancheStep) -> TrancheStep:
        return x.model_copy(
            update={
                "release_tonnes_per_period": factor * x.release_tonnes_per_period,
                "coverage": factor * x.coverage,
                "floor_tonnes": factor * x.floor_tonnes,
                "replenishment_tonnes_per_period": factor
                * x.replenishment_tonnes_per_period,
            }
        )

    return tranche.model_copy(
        update={
            "tonnes": tonnes,
            "steps": tuple(map(step, tranche.steps)),
            "outload_tonnes_per_period": factor * tranche.outload_tonnes_per_period,
            "build_up_tonnes_per_period": factor * tranche.build_up_tonnes_per_period,
        }
    )


def is_of(tranche: Tranche, material: str, name: CandidateName) -> bool:
    """Say whether a tranche of a pool is of a candidate."""
    return (
        (tranche.material, tranche.offer) == (material, None)
        and tranche.rule == name.rule
        and tranche.sourcing == name.sourcing
        and tranche.level_days_of_cover == name.level_days_of_cover
    )


def test_all_materials_and_tranches_are_there(found: Explanation, plan: Plan) -> None:
    """In the order of the plan, each with a reason."""
    assert [x.material for x in found.materials] == [x.material for x in plan.levels]
    assert all(x.reason.endswith(".") for x in found.materials)
    named = [(x.material, x.offer, x.tonnes, x.text) for x in found.tranches]
    assert named == [(x.material, x.offer, x.tonnes, x.text) for x in plan.tranches()]


def test_worth_of_stock_and_lot(case: Instance, plan: Plan, found: Explanation) -> None:
    """A replay without a part costs as much more as the part avoids."""
    for material in found.materials:
        without = extra_cost(case, plan, of_materials(plan, material.material))
        assert material.avoided_usd == pytest.approx(without, rel=1e-6, abs=1)
    for i, worth in enumerate(found.tranches):
        without = extra_cost(case, plan, {i: None})
        assert worth.avoided_usd == pytest.approx(without, rel=1e-6, abs=1)


def test_each_right_has_its_reason(
    case: Instance, plan: Plan, found: Explanation
) -> None:
    """Without it, and with the next larger award, a replay says what it avoids."""
    at = {x.offer: i for i, x in enumerate(plan.tranches()) if x.offer is not None}
    awarded = {x.offer: x.lots for x in plan.awards}
    offers = {x.id: x for x in case.entitlement_offers}
    assert [x.offer for x in found.rights] == list(offers)
    for right in found.rights:
        assert right.lots == awarded.get(right.offer, 0)
        own: dict[int, Tranche | None] = {at[right.offer]: None} if right.lots else {}
        without = extra_cost(case, plan, own)
        assert right.avoided_usd == pytest.approx(without, rel=1e-6, abs=1)
        if right.next_lots is None:
            continue
        assert right.lots < right.next_lots <= right.largest_lots
        larger = awards_of(case, offers[right.offer], right.next_lots)
        extra = [extra_cost(case, plan, own, (x,)) for x in larger]
        assert any(
            right.next_avoided_usd == pytest.approx(-x, rel=1e-6, abs=1) for x in extra
        )


def awards_of(case: Instance, offer: EntitlementOffer, lots: int) -> list[Tranche]:
    """Return an award of so many lots, under each sourcing option."""
    scenarios = planning_scenarios(case)
    (holding,) = holdings(
        case,
        scenarios,
        observe(case, scenarios),
        {holding_name(offer.material, offer.id)},
    )
    menu = menu_of(case, holding)
    tonnes = lots * holding.material.lot_tonnes
    return [
        to_tranche(case, holding, x, menu.policies.select(np.array([c])))
        for c, x in enumerate(menu.candidates)
        if x.target_tonnes == pytest.approx(tonnes)
    ]


@pytest.mark.parametrize(
    ("avoids", "limits", "is_whole", "is_payable", "expected"),
    [
        (None, (), True, False, "as large as it is offered"),
        (None, (), False, False, "cannot be bought in time"),
        (0.0, ("a",), False, True, "would not lower"),
        (5.0, ("a", "b"), False, True, "does not fit: a; b."),
        (5.0, (), False, False, "cannot be paid for"),
        (5.0, (), False, True, "less than the gap"),
    ],
)
def test_why_a_right_is_not_larger(
    avoids: float | None,
    limits: tuple[str, ...],
    *,
    is_whole: bool,
    is_payable: bool,
    expected: str,
) -> None:
    """Asked for, time, use, room, money, gap: the first that holds."""
    text = reason_of_right(
        avoids, limits, 100.0, is_whole=is_whole, is_payable=is_payable
    )
    assert expected in text


def test_the_last_lot(case: Instance, plan: Plan, found: Explanation) -> None:
    """A tranche with a lot less costs as much more as the lot avoids."""
    for material in found.materials:
        lot = material.last_lot
        assert lot is not None
        (i,) = of_candidate(plan, material.material, lot.candidate)
        whole = plan.tranches()[i]
        left = scaled(whole, whole.tonnes - lot.tonnes) if whole.lots > 1 else None
        extra = extra_cost(case, plan, {i: left})
        assert lot.avoided_usd == pytest.approx(extra, rel=1e-6, abs=1)
        assert lot.avoided_usd >= 0


def test_the_next_lot(case: Instance, plan: Plan, found: Explanation) -> None:
    """A tranche of one lot more avoids its worth; others make room for it."""
    for material in found.materials:
        lot = material.next_lot
        assert lot is not None
        target = level_tonnes(case, material.material, lot.candidate)
        smaller, changes = 0.0, dict[int, Tranche | None]()
        if lot.in_place_of is not None:
            smaller = level_tonnes(case, material.material, lot.in_place_of)
            (i,) = of_candidate(plan, material.material, lot.in_place_of)
            whole = plan.tranches()[i]
            given = lot.tonnes / (target - smaller) * smaller
            changes[i] = scaled(whole, whole.tonnes - given)
        added = tranche_of(
            case, material.material, lot.candidate, lot.tonnes / (target - smaller)
        )
        extra = extra_cost(case, plan, changes, (added,))
        assert lot.avoided_usd == pytest.approx(-extra, rel=1e-6, abs=1)


def level_tonnes(case: Instance, material: str, name: CandidateName) -> float:
    """Return what a candidate would hold."""
    return name.level_days_of_cover * case.index.need_tonnes_per_day[material]


def tranche_of(
    case: Instance, material: str, name: CandidateName, share: float
) -> Tranche:
    """Return a share of a candidate as a plan prints it."""
    scenarios = planning_scenarios(case)
    for holding in holdings(case, scenarios, observe(case, scenarios)):
        if holding.name == f"pool:{material}":
            menu = menu_of(case, holding)
            (c,) = [i for i, x in enumerate(menu.candidates) if named(x) == name]
            chosen = np.array([c])
            scaled_policy = menu.policies.select(chosen).scaled(np.array([share]))
            return to_tranche(case, holding, menu.candidates[c], scaled_policy)
    raise AssertionError(material)


def named(candidate: Candidate) -> CandidateName:
    """Return what a candidate is called."""
    return CandidateName(
        rule=candidate.rule,
        level_days_of_cover=candidate.level_days_of_cover,
        sourcing=candidate.sourcing,
    )


def test_a_lot_elsewhere(plan: Plan, found: Explanation) -> None:
    """No named alternative is held, and none saves more than the gap leaves."""
    left = plan.promise.objective_usd - plan.promise.lower_bound_usd
    for material in found.materials:
        other = material.next_best
        assert other is not None
        held = [x for x in plan.tranches() if x.material == material.material]
        assert not any(is_of(x, material.material, other.candidate) for x in held)
        assert any(is_of(x, material.material, other.in_place_of) for x in held)
        if "gap" in material.reason and material.next_lot is not None:
            assert material.next_lot.avoided_usd <= left + 1
        assert (other.extra_cost_usd >= 0) == ("not lower" in other.reason)
        if "gap" in other.reason:
            assert -other.extra_cost_usd <= left + 1


def test_cost_of_a_moved_lot(case: Instance, plan: Plan, found: Explanation) -> None:
    """A lot less of one tranche and one more of the other, by replay."""
    for material in found.materials:
        other = material.next_best
        assert other is not None
        (i,) = of_candidate(plan, material.material, other.in_place_of)
        whole = plan.tranches()[i]
        left = None
        if whole.tonnes > other.tonnes * (1 + 1e-9):
            left = scaled(whole, whole.tonnes - other.tonnes)
        target = level_tonnes(case, material.material, other.candidate)
        added = tranche_of(
            case, material.material, other.candidate, other.tonnes / target
        )
        extra = extra_cost(case, plan, {i: left}, (added,))
        assert other.extra_cost_usd == pytest.approx(extra, rel=1e-6, abs=1)


def test_codependent_materials(case: Instance, plan: Plan, found: Explanation) -> None:
    """With and without the other, by replay; every pair both ways."""
    held = [level for level in plan.levels if level.tonnes > 0]
    assert len(found.codependences) == len(held) * (len(held) - 1)
    for pair in found.codependences:
        mine, other, both = (
            extra_cost(case, plan, of_materials(plan, *names))
            for names in (
                [pair.material],
                [pair.other],
                [pair.material, pair.other],
            )
        )
        assert pair.worth_usd == pytest.approx(mine, rel=1e-6, abs=1)
        kept = pair.worth_without_other_usd
        assert kept == pytest.approx(both - other, rel=1e-6, abs=1)


def test_events(case: Instance, plan: Plan, found: Explanation) -> None:
    """Their chances are those of the case; what they share is all of the cost."""
    events = {event.id: event for event in case.events}
    for driver in found.events:
        chance = onset_probability(events[driver.event], case.horizon)
        assert driver.probability == pytest.approx(chance, rel=0.5)
        expected = driver.probability * driver.cost_if_it_happens_usd
        share = expected / plan.promise.expected_shortage_cost_usd
        assert driver.share_of_cost == pytest.approx(share)
    assert sum(x.share_of_cost for x in found.events) >= 1 - 1e-9


def test_scenarios(case: Instance, plan: Plan, found: Explanation) -> None:
    """Costs are those of the replay, and supply is cut when an event happens."""
    scenarios = planning_scenarios(case)
    happened = replay(case, scenarios, decisions_of(case, plan))
    costs = dict(zip(scenarios.names, happened.scenario_costs(), strict=True))
    routes = {event.id: event.materials for event in case.events}
    shares = [x.share_of_cost for x in found.driving_scenarios]
    assert shares == sorted(shares, reverse=True)
    for driving in found.driving_scenarios:
        w = scenarios.names.index(driving.name)
        assert driving.cost_usd == pytest.approx(costs[driving.name], rel=1e-6)
        assert driving.onsets
        for onset in driving.onsets:
            hit = [
                r
                for r, route in enumerate(case.routes)
                if route.material in routes[onset.event]
            ]
            flow = scenarios.availability[hit, w, onset.period]
            assert flow.min() < 1


def test_the_case_worked_out_by_hand() -> None:
    """Dollars avoid 2.00 and 1.50; more beta cannot be paid for, more alpha bought."""
    case = read_instance(load("two_materials"))
    plan = solve(case).plan
    assert plan is not None
    found = explain(case, plan)
    alpha, beta = found.materials
    assert alpha.last_lot is not None
    assert alpha.last_lot.avoided_per_dollar == pytest.approx(2.0)
    assert alpha.next_lot is None
    assert "larger" in alpha.reason
    assert beta.last_lot is not None
    assert beta.next_lot is not None
    assert beta.next_lot.avoided_usd == pytest.approx(30_000)
    assert beta.next_lot.landed_cost_usd == pytest.approx(20_000)
    assert "cannot be paid for" in beta.reason
    assert any("limit_usd = 1.5e6" in limit for limit in found.limits)
    (driver,) = found.events
    assert driver.share_of_cost == pytest.approx(1)
    assert driver.cost_if_it_happens_usd == pytest.approx(4_500_000)


def test_with_money_to_spare_nothing_is_short() -> None:
    """All that can be lost is covered; what is left over is named as such."""
    raw = changed(
        dict(load("two_materials")), {"financing.facilities.0.limit_usd": 5e6}
    )
    case = read_instance(raw)
    plan = solve(case).plan
    assert plan is not None
    found = explain(case, plan)
    assert found.expected_shortage_cost_usd == pytest.approx(0, abs=1)
    assert all(x.next_lot is None for x in found.materials)
    assert not any("draw_limit" in limit for limit in found.limits)


def test_a_limit_on_space_is_named() -> None:
    """The shed holds 80 t: the next lot of alpha does not fit in."""
    raw = changed(
        dict(load("two_materials")), {"storage_classes.0.capacity_tonnes": 80}
    )
    case = read_instance(raw)
    plan = solve(case).plan
    assert plan is not None
    found = explain(case, plan)
    assert any("capacity_tonnes = 80" in limit for limit in found.limits)
    reasons = [x.reason for x in found.materials if x.limits]
    assert reasons
    assert all("does not fit" in x for x in reasons)


def test_the_number_of_tranches_is_a_limit(case: Instance, plan: Plan) -> None:
    """Where none may be added, a lot goes to one that is there, or is one too many."""
    options = {**plan.provenance.options, "max_tranches": 1}
    provenance = plan.provenance.model_copy(update={"options": options})
    full = plan.model_copy(update={"provenance": provenance})
    for material in explain(case, full, executors=(Here(),)).materials:
        lot = material.next_lot
        assert lot is not None
        is_there = bool(of_candidate(plan, material.material, lot.candidate))
        is_named = any("max_tranches = 1" in limit for limit in material.limits)
        assert is_there != is_named
        assert is_there or "does not fit" in material.reason


def test_options_of_the_plan(case: Instance, plan: Plan, found: Explanation) -> None:
    """Another number of scenarios in the case changes nothing: the plan has its own."""
    options = SolveOptions(number_of_scenarios=3, seed=99)
    other = explain(
        case.model_copy(update={"options": options}), plan, executors=(Here(),)
    )
    assert other.scenarios == SCENARIOS
    assert other.materials == found.materials


def test_executors_agree(case: Instance, plan: Plan, found: Explanation) -> None:
    """Two processes find the same to the solver's digits."""
    with open_local(2) as executors:
        other = explain(case, plan, executors=executors)
    for mine, theirs in zip(found.materials, other.materials, strict=True):
        assert theirs.avoided_usd == pytest.approx(mine.avoided_usd, rel=1e-6)


def test_a_plan_of_another_menu_is_refused(case: Instance, plan: Plan) -> None:
    """The tranche that the menu does not have is named."""
    raw = case.model_dump(mode="json")
    raw["levels_days_of_cover"] = [1.0, 2.0]
    with pytest.raises(PlanMismatchError, match="expected candidates of the case's"):
        explain(read_instance(raw), plan, executors=(Here(),))


def test_risk_counts_as_in_the_options() -> None:
    """With weight on the tail, worth is that of the objective and not of the mean."""
    raw = changed(dict(load("two_materials")), {"options.cvar_weight": 0.5})
    case = read_instance(raw)
    plan = solve(case).plan
    assert plan is not None
    beta = explain(case, plan).materials[1]
    # Half the mean, 1/2 of it lost in one of two years, and half the worst of both.
    assert beta.last_lot is not None
    worth = 0.5 * 30_000 + 0.5 * 60_000
    assert beta.last_lot.avoided_usd == pytest.approx(worth)
    assert np.isfinite(beta.avoided_usd)


def test_holding_counts_as_in_the_options() -> None:
    """What the reserve loses on the stock is less without it: worth is of both."""
    weight = {"options.cost_of_holding_weight": 0.5}
    case = read_instance(changed(dict(load("two_materials")), weight))
    plan = solve(case).plan
    assert plan is not None
    with viewpoint(case, plan, (Here(),)) as view:
        assert view.objective_usd == pytest.approx(plan.promise.objective_usd)
    alpha, beta = explain(case, plan, executors=(Here(),)).materials
    # A dollar of stock is half sold, half left at 0.8: 0.1 of it is lost.
    assert alpha.avoided_usd == pytest.approx(2_000_000 - 0.5 * 100_000)
    assert beta.last_lot is not None
    assert beta.last_lot.avoided_usd == pytest.approx(30_000 - 0.5 * 2_000)


def test_an_event_that_recurs(tiny_case: Case) -> None:
    """It counts once for its chance, and each time that it begins is named."""
    tiny_case["horizon"] = cases.horizon(8)
    tiny_case["events"][0] |= {
        "hazard_per_year": 3.0,
        "phases": [cases.phase(40)],
        "recurs_after": {"low_days": 0, "high_days": 5},
    }
    tiny_case["options"] = {"number_of_scenarios": 20}
    case = read_instance(tiny_case)
    plan = solve(case).plan
    assert plan is not None
    found = explain(case, plan)
    (driver,) = found.events
    assert driver.probability == pytest.approx(1 - np.exp(-3 * case.horizon.years))
    assert max(len(x.onsets) for x in found.driving_scenarios) > 1
    for driving in found.driving_scenarios:
        periods = [x.period for x in driving.onsets]
        assert periods == sorted(periods)
