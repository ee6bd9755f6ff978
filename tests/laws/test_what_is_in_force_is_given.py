"""What was decided before never keeps a reserve from planning again.

Limits bind new decisions: where rights in force exceed one alone nothing is added to
it, and of a level that cannot be bought back no more is asked for than is there.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings

from models.allowed_levels import with_levels_of
from models.instance import Instance
from models.options import Method
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer.budget_price import price_interval
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.executors.here import Here
from optimizer.feasibility import Quantities, check
from optimizer.in_force.moved import moved_case, with_takers
from optimizer.in_force.reserve_after import reserve_after
from optimizer.rule_comparison.information import value_of_information
from optimizer.sample_quality import sample_quality
from optimizer.simplicity import simplicity
from optimizer.solve import solve, solve_on
from tests import cases
from tests.cases import Case, changed
from tests.laws.test_moved_cases import from_period
from tests.laws.tiny_cases import LAW, SEEDS, tiny_case
from tests.optimizer.random_cases import random_scenarios
from tests.optimizer.vault_case import Changes, bans, offer, vault_case

METHODS = [Method.EXTENSIVE_FORM, Method.DECOMPOSITION]
PERIODS = 5
BUILDING: Case = {"offer": "right", "lots": 12, "build_up_periods": 2}


def planned_again(changes: Changes, *terms: Case) -> Outcome:
    """Return the answer where rights of 6 t are in force, 2 t of each bought so far."""
    instance = with_rights(changes, *terms)
    return solve_on(instance, bans(instance))


def with_rights(changes: Changes, *terms: Case) -> Instance:
    """Return the case of it."""
    offers = [offer(id=x["offer"]) for x in terms]
    lots = [
        cases.stock_lot(f"of-{x['offer']}", 2.0, material="alpha", right=x["offer"])
        for x in terms
    ]
    rights: Changes = {
        "entitlement_offers": offers,
        "position": {"rights": list(terms), "stock": lots},
    }
    return read_instance(changed(changed(vault_case(), rights), changes))


@pytest.mark.parametrize("method", METHODS)
def test_a_right_in_force_may_exceed_an_origin_cap(method: Method) -> None:
    """It buys from the zone alone; the pool buys what keeps the cap by itself."""
    changes: Changes = {
        "sourcing_options+": cases.sourcing("zone", 3, origins="zone"),
        "materials.0.origin_share_cap": 0.8,
        "options.method": method.value,
    }
    outcome = planned_again(changes, BUILDING | {"sourcing": "zone"})
    assert outcome.plan is not None, outcome.conflict
    (level,) = outcome.plan.levels
    assert level.pool_tonnes > 0
    assert limits_told(outcome) == ["origin_cap"]


@pytest.mark.parametrize(
    ("name", "pool", "changes"),
    [
        ("storage_capacity", 0.0, {"storage_classes.0.capacity_tonnes": 5.0}),
        ("outload_limit", 0.0, {"storage_classes.0.outload_tonnes_per_day": 0.1}),
        # The pool is bought before the start, and not bought back.
        ("market_capacity", 7.0, {"materials.0.market_capacity_tonnes_per_year": 30.0}),
        (
            "route_capacity",
            7.0,
            {
                "routes.0.vault_tonnes_per_year": 24.0,
                "routes.1.vault_tonnes_per_year": 6.0,
            },
        ),
        (
            "level_rise",
            0.0,
            {
                "position.levels": [{"material": "alpha", "tonnes": 1.0}],
                "options.level_change_cap_days": 0.0,
            },
        ),
    ],
)
def test_rights_in_force_may_exceed_a_limit(
    name: str, pool: float, changes: Changes
) -> None:
    """They are held, the excess is told, and nothing is added to it.

    The check refuses a plan that does.
    """
    rights = [BUILDING | {"offer": x, "sourcing": "ready"} for x in ("right", "twin")]
    outcome = planned_again(changes, *rights)
    assert outcome.plan is not None, outcome.conflict
    (level,) = outcome.plan.levels
    assert (level.tonnes, level.pool_tonnes) == (12.0 + pool, pool)
    assert limits_told(outcome) == [name]
    if pool == 0:
        more = planned_again({}, *rights).plan
        assert more is not None
        assert more.levels[0].pool_tonnes > 0
        assert name in rows_broken(more, with_rights(changes, *rights))


def limits_told(outcome: Outcome) -> list[str]:
    """Return the names of the limits that a plan is warned of."""
    return [x.split(": ")[1].partition("[")[0] for x in outcome.warnings]


def rows_broken(plan: Plan, case: Instance) -> set[str]:
    """Return the rows of a case that a plan of another one breaks."""
    scenarios = bans(case)
    found = replay(case, scenarios, decisions_of(case, plan)).allocation
    quantities = Quantities(found.allocated, found.emergency, found.shortage)
    return {x.row for x in check(case, scenarios, plan, quantities)}


DRAWN: Changes = {
    "financing.facilities": [],
    "sourcing_options+": cases.sourcing("held", is_held=True),
    "position": {"stock": [cases.stock_lot("left", 3.3, material="alpha")]},
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "changes",
    [
        {"materials.0.minimum_days_of_cover": 30.0},
        {
            "position.levels": [{"material": "alpha", "tonnes": 10.0}],
            "options.level_change_cap_days": 5.0,
        },
    ],
)
def test_what_has_been_drawn_need_not_be_there(
    method: Method, changes: Changes
) -> None:
    """Of 10 t there are 3 t in whole lots, and no money: these are held, and told."""
    case = changed(changed(vault_case(), DRAWN), changes)
    instance = read_instance(changed(case, {"options.method": method.value}))
    outcome = solve_on(instance, bans(instance))
    assert outcome.plan is not None, outcome.conflict
    assert outcome.plan.levels[0].tonnes == 3.0
    (told,) = outcome.warnings
    assert told.startswith("3 t of alpha are held, and ")
    # Where 5 t are there the check asks for them.
    pile = {"position.stock": [cases.stock_lot("left", 5.3, material="alpha")]}
    fuller = read_instance(changed(case, pile))
    assert rows_broken(outcome.plan, fuller) & {"minimum_cover", "level_fall"}


def test_analyses_ease_levels_as_the_solve_does() -> None:
    """A cover of 60 days is beyond the loan, in the cases that they solve as well."""
    loan = {k: v for k, v in DRAWN.items() if k != "financing.facilities"}
    cover: Changes = {"materials.0.minimum_days_of_cover": 60.0}
    case = changed(changed(vault_case(), loan), cover)
    instance = read_instance(changed(case, {"options.number_of_scenarios": 4}))
    plan = solve(instance).plan
    assert plan is not None
    assert np.isfinite(price_interval(instance, plan, [Here()])).all()
    rows = simplicity(instance, executors=[Here()])
    assert [x.max_tranches for x in rows] == [1, 2, 3, 4, 5, 6]
    quality = sample_quality(
        instance,
        plan,
        replications=2,
        number_of_scenarios=4,
        seed=1,
        executors=[Here()],
    )
    assert quality.lower_bound_usd <= quality.objective_usd + 1
    found = value_of_information(instance, number_of_scenarios=4, seed=1)
    assert found.wait_and_see_usd <= found.plan_usd + 1
    assert found.expected_value_plan_usd is not None


def test_what_has_been_drawn_is_bought_back_where_it_can_be() -> None:
    """With money the cover is held as ever."""
    money = {x: y for x, y in DRAWN.items() if x != "financing.facilities"}
    cover: Changes = {"materials.0.minimum_days_of_cover": 30.0}
    instance = read_instance(changed(changed(vault_case(), money), cover))
    outcome = solve_on(instance, bans(instance))
    assert outcome.plan is not None
    assert outcome.plan.levels[0].tonnes >= 30.0 * 120.0 / 365.25
    assert not outcome.warnings


def reserve_case(seed: int) -> Instance:
    """Return a tiny case with limits of all kinds, some of which bind."""
    content, draw = tiny_case(seed), np.random.default_rng([seed, 77])
    content["horizon"] = cases.horizon(PERIODS, discount_rate_per_year=0.04)
    content["trade"] = {"zone_countries": ["AUS"]}
    content["contracts"][0]["term_periods"] = PERIODS
    content["sourcing_options"] += [
        cases.sourcing("slow", 3),
        cases.sourcing("zone", 2, origins="zone"),
    ]
    for m in content["materials"]:
        m["origin_share_cap"] = draw.uniform(0.5, 1.0)
        m["minimum_days_of_cover"] = draw.choice([0.0, draw.uniform(5, 30)])
        m["market_capacity_tonnes_per_year"] = draw.uniform(300, 1000)
        most = draw.uniform(100, 600, 2).tolist()
        mine = [x for x in content["routes"] if x["material"] == m["id"]]
        for x, tonnes in zip(mine, most, strict=True):
            x["vault_tonnes_per_year"] = tonnes
    content["storage_classes"][0]["capacity_tonnes"] = draw.uniform(30, 200)
    (loan,) = content["financing"]["facilities"]
    loan["limit_usd"] *= draw.choice([1.0, 2.0])
    loan["drawn"] = str(draw.choice(["by_schedule", "when_needed"]))
    content["options"] |= {"gap": 0.9, "cvar_weight": 0.0}
    if draw.random() < 0.5:
        content["options"]["level_change_cap_days"] = draw.uniform(0, 15)
    return read_instance(content)


@settings(LAW, max_examples=2)
@given(seed=SEEDS)
def test_a_case_moved_on_from_a_plan_in_force_is_feasible(seed: int) -> None:
    """Along any path, from any month on."""
    case = reserve_case(seed)
    scenarios = random_scenarios(case, seed)
    plan = solve_on(case, scenarios).plan
    assume(plan is not None)
    assert plan is not None
    decisions, path = decisions_of(case, plan), random_scenarios(case, seed + 1, 1)
    happened = replay(case, path, decisions)
    t = int(np.random.default_rng(seed).integers(1, PERIODS - 1))
    assume(happened.books.cash[0, t - 1] >= 0)
    state = reserve_after(case, path, decisions, happened, w=0, periods=t)
    later = moved_case(with_takers(case, ("stock",)), state).case
    if later.options.level_change_cap_days is not None:
        later = with_levels_of(later, decisions.tranches)
    outcome = solve_on(later, from_period(scenarios, t))
    assert outcome.termination is not Termination.INFEASIBLE, outcome.conflict
    assert outcome.plan is not None
