"""Members alone draw, and pay for it; a case in which all are members is as without."""

import numpy as np
import pytest
from hypothesis import given, settings

from models.member_fees import fees_per_year_usd
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import Decisions, decisions_of
from optimizer.evaluation.replay import replay
from optimizer.membership import cash_before_plan, membership_fees
from optimizer.policies.market import observe, serves_others
from optimizer.problem import complete_problem
from optimizer.recourse.allocation import Supply, allocate
from optimizer.recourse.blocks import find_blocks
from tests.cases import changed, sourcing
from tests.laws.tiny_cases import LAW, SEEDS
from tests.optimizer.random_cases import random_case, random_scenarios
from tests.optimizer.vault_case import Changes, bans, vault_case, vault_plan
from tests.plans import in_place

BOTH: Changes = {"membership": {"members": ["large", "small"]}}
ONE: Changes = {"membership": {"members": ["small"]}}


def content(plan: Plan) -> dict[str, object]:
    """Return the plan without what names its case: hash, seal and sentences."""
    document = plan.model_dump(exclude={"provenance", "seal"})
    for level in document["levels"]:
        for tranche in level["tranches"]:
            tranche["text"] = ""
    return document


@pytest.mark.parametrize("method", ["extensive_form", "decomposition"])
def test_all_members_are_as_no_membership(method: str) -> None:
    """The same plan to the last digit: nobody is left out, and nothing is paid."""
    choice: Changes = {"options.method": method}
    assert content(vault_plan(BOTH, choice)) == content(vault_plan(choice))


def test_fewer_members_hold_what_they_need() -> None:
    """A fifth of the need is the small maker's: days of cover are days of its own.

    Of its 60 days, 3.94 t, 3.5 t are in whole lots. All it gets is its own; what the
    large maker loses is as without a vault.
    """
    (level,) = vault_plan(ONE).levels
    assert level.tonnes == 3.5
    need = 120 * 0.2 / 365.25
    assert level.days_of_cover == pytest.approx(3.5 / need)
    (tranche,) = level.tranches
    assert "% of the members' gap" in tranche.text


@pytest.mark.parametrize("members", [("small",), ("large",)])
def test_nothing_goes_outside(members: tuple[str, ...]) -> None:
    """In the replay of the plan nobody else is allocated a tonne; the pool has one."""
    changes = {"membership": {"members": list(members)}}
    instance = read_instance(changed(vault_case(), changes))
    happened = replay(
        instance, bans(instance), decisions_of(instance, vault_plan(changes))
    )
    owner = [instance.participants[o].id for o, _ in happened.market.pairs]
    drawn = np.zeros(len(owner))
    np.add.at(drawn, happened.recourse.gap_pair, happened.allocation.allocated)
    assert happened.released.sum() > 0
    for name, tonnes in zip(owner, drawn.tolist(), strict=True):
        assert (tonnes > 0) == (name in members)


@settings(LAW, max_examples=30)
@given(seed=SEEDS)
def test_of_the_same_tonnes_fewer_members_make_less(seed: int) -> None:
    """Whoever is left out can only add to the cost, in each scenario and period."""
    some = random_case(seed)
    everyone = some.model_copy(update={"membership": None})
    scenarios = random_scenarios(some, seed)
    cost: list[np.ndarray] = []
    for instance in (some, everyone):
        market = observe(instance, scenarios)
        recourse = find_blocks(instance, scenarios, market)
        draw = np.random.default_rng(seed)
        pooled = draw.uniform(0, 1, len(recourse.short_m)) * 5
        supply = Supply(np.zeros(recourse.number_of_gaps), pooled)
        cost.append(allocate(recourse, supply, scenarios.price.shape[1:]).cost)
    assert (cost[0] >= cost[1] * (1 - 1e-9)).all()


def test_a_fee_is_a_rate_on_what_the_need_of_a_year_is_worth() -> None:
    """120 t a year at 10,000 dollars, four fifths of it large; a tenth of that."""
    fee = {"members": ["large", "small"], "fee_rate_per_year": 0.1}
    instance = read_instance(changed(vault_case(), {"membership": fee}))
    assert fees_per_year_usd(instance) == pytest.approx(
        {"large": 96_000.0, "small": 24_000.0}
    )
    assert membership_fees(instance) == pytest.approx([10_000.0] * 6)
    assert cash_before_plan(instance)[-1] == pytest.approx(60_000.0)


SLOW: Changes = {"sourcing_options+": sourcing("slow", 2)}


def test_fees_pay_for_stock() -> None:
    """Without any facility the fees of months 1 and 2 buy a tonne each, none before."""
    fee = {"members": ["large", "small"], "fee_rate_per_year": 0.1}
    plan = vault_plan(SLOW, {"membership": fee, "financing.facilities": []})
    (tranche,) = plan.tranches()
    assert (tranche.tonnes, tranche.build_up_periods) == (2.0, 2)
    cash = [x.lowest_cash_usd for x in plan.financing]
    assert cash[:3] == pytest.approx([0.0, 0.0, 10_000.0], abs=1.0)


def test_a_larger_fee_never_costs_more() -> None:
    """It is money without terms."""
    costs = [
        vault_plan(
            SLOW,
            {"membership": {"members": ["small"], "fee_rate_per_year": rate}},
            {"financing.facilities.0.limit_usd": 10_000.0},
        ).promise.objective_usd
        for rate in (0.0, 0.05, 0.2, 1.0)
    ]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < costs[0]


AFTER: Changes = {"membership": {"members": ["small"], "others": "after_members"}}


def test_members_come_first_and_others_by_their_gaps() -> None:
    """4 t are there in the first cut month: 1.6 t for the small maker, the rest beyond.

    The price is twice that of the book, which the small one pays.
    """
    instance = read_instance(changed(vault_case(), AFTER))
    scenarios = bans(instance)
    plan = Decisions(
        (in_place(4.0, material="alpha", sourcing="ready"),),
        frozenset(),
        np.zeros((1, 6)),
    )
    happened = replay(instance, scenarios, plan)
    (pool,) = happened.held
    assert pool.response.released[0, 1, 2] == pytest.approx(4.0)
    assert pool.response.shared[0, 1, 2] == pytest.approx(1.6)
    others = pool.response.for_others
    assert others is not None
    assert others[0, 1] == pytest.approx([0, 0, 2.4, 0, 0, 0])
    gaps = happened.recourse
    is_there = (gaps.gap_w == 1) & (gaps.gap_t == 2)
    got = happened.supply.own + happened.allocation.allocated
    # Participants are in the order of the case: the large one, then the small one.
    assert got[is_there] == pytest.approx([2.4, 1.6])
    sold = happened.cash[1, 2] - happened.cash[1, 1]
    assert sold == pytest.approx(1.6 * 10_000 + 2.4 * 20_000)


@settings(LAW, max_examples=30)
@given(seed=SEEDS)
def test_others_never_come_before_the_coverage_of_members(seed: int) -> None:
    """Where a candidate has anything for others, it covers members as its rule says."""
    instance = random_case(seed)
    problem = complete_problem(instance, random_scenarios(instance, seed))
    for holding, menu, response in zip(
        problem.holdings, problem.menus, problem.responses, strict=True
    ):
        if response.for_others is None:
            assert holding.offer is not None or not serves_others(instance)
            continue
        assert (response.for_others >= 0).all()
        seen = holding.observables
        assert seen.members_gap is not None
        covered = menu.policies.coverage[:, seen.release_alert] * seen.members_gap
        is_beyond = response.for_others > 0
        assert response.shared[is_beyond] == pytest.approx(covered[is_beyond])


def test_serving_others_after_members_avoids_more_than_serving_none() -> None:
    """They lose less, and members no more than the same tonnes are worth."""
    none, after, everyone = (
        vault_plan(changes).promise.objective_usd for changes in (ONE, AFTER, BOTH)
    )
    assert everyone < after < none
