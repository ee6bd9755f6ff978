"""A plan as one participant sees it: only its own figures."""

import numpy as np
import pytest

from models.instance import Instance
from models.participant_view import ParticipantView, RightView
from models.plan import Plan, Tranche
from models.reading import read_instance
from optimizer import UnknownParticipantError, evaluate, participant_view
from optimizer.evaluation.right_view import break_even_probability
from optimizer.scenarios import sample_batches
from tests import cases
from tests.cases import Case
from tests.optimizer.evaluation.test_history import replay
from tests.plans import in_place, written_plan

NUMBER, SEED = 40, 7
OFFER = cases.offer(
    id="maker-right", draw_limit_per_month=0.5, replenish_within_periods=3
)
RIVAL = {
    "id": "zeta",
    "name": "Zeta Works",
    "priority_class": "defence",
    "working_buffer_days": 5.4321,
}
RIVAL_OFFER = cases.offer(
    id="zeta-right",
    participant="zeta",
    inventory_price_usd_per_tonne=417_171.0,
    upfront_fee_usd_per_tonne=3_173.0,
    carrying_fee_usd_per_tonne_year=17_179.0,
)


def alone(case: Case, **terms: object) -> Instance:
    """Return the case with an offer of its one maker, whose class weighs double."""
    case["priority_classes"][0]["weight"] = 2.0
    case["horizon"]["discount_rate_per_year"] = 0.1
    case["entitlement_offers"] = [OFFER | terms]
    case["replays"] = [replay("ban", 1, 2)]
    return read_instance(case)


def together(case: Case) -> Instance:
    """Return the case with a second maker whose wafers cost more to miss."""
    case["priority_classes"].append({"id": "defence", "name": "Defence", "weight": 3.0})
    case["participants"].append(RIVAL)
    wafer = case["products"][0]
    blocks = [x | {"cost_usd_per_unit": 23_457.0} for x in wafer["shortage_blocks"]]
    case["products"].append(
        wafer
        | {"id": "zeta-chip", "name": "Chip of Zeta", "participant": "zeta"}
        | {"demand_units_per_year": 7_919.0, "shortage_blocks": blocks}
    )
    case["entitlement_offers"] = [OFFER, RIVAL_OFFER]
    case["replays"] = [replay("ban", 1, 2)]
    return read_instance(case)


def right(tonnes: float, owner: str = "maker") -> Tranche:
    """Return a right of one of the two."""
    return in_place(tonnes, offer=f"{owner}-right", participant=owner)


def view(
    instance: Instance, plan: Plan, name: str = "maker", number: int = NUMBER
) -> ParticipantView:
    """Return what the plan means for a participant."""
    return participant_view(instance, plan, name, number_of_scenarios=number, seed=SEED)


def only_right(instance: Instance, tonnes: float = 1.0) -> RightView:
    """Return the view of the maker's one right."""
    (found,) = view(instance, written_plan(instance, right(tonnes))).rights
    return found


@pytest.mark.parametrize("number", [NUMBER, 300])
def test_a_sole_participant_bears_all_cost(tiny_case: Case, number: int) -> None:
    """Without its weight of 2, half of the cost in an evaluation of the same scenarios.

    300 scenarios are followed in two parts.
    """
    instance = alone(tiny_case)
    plan = written_plan(instance, in_place(0.4), right(0.5))
    found = view(instance, plan, number=number)
    expected = evaluate(instance, plan, number_of_scenarios=number, seed=SEED)
    assert found.shortage_cost_usd == pytest.approx(
        expected.expected_shortage_cost_usd / 2
    )
    assert expected.confidence_interval_usd is not None
    halved = [bound / 2 for bound in expected.confidence_interval_usd]
    assert found.shortage_cost_interval_usd == pytest.approx(halved)
    assert found.cost_without_vault_usd == pytest.approx(
        expected.cost_without_vault_usd / 2
    )
    assert found.cvar_usd == pytest.approx(expected.cvar_usd / 2)
    (tail,) = (x for x in expected.tails if x.level == found.cvar_level)
    assert found.cvar_without_vault_usd == pytest.approx(
        tail.cvar_without_vault_usd / 2
    )


def test_the_right_is_worth_what_its_absence_costs(tiny_case: Case) -> None:
    """The difference of two evaluations, and its interval, on the same scenarios."""
    instance = alone(tiny_case)
    with_right = written_plan(instance, in_place(0.4), right(0.5))
    without = written_plan(instance, in_place(0.4))
    (found,) = view(instance, with_right).rights
    (other,) = evaluate(
        instance, with_right, number_of_scenarios=NUMBER, seed=SEED, others=[without]
    ).others
    assert found.avoided_cost_usd == pytest.approx(other.difference_usd / 2)
    assert found.avoided_cost_usd > 0
    assert other.confidence_interval_usd is not None
    halved = [bound / 2 for bound in other.confidence_interval_usd]
    assert found.avoided_cost_interval_usd == pytest.approx(halved)


def test_alone_the_right_is_worth_more(tiny_case: Case) -> None:
    """Beside a pool that meets all gaps it avoids nothing, alone what a vault would."""
    instance = alone(tiny_case)
    (found,) = view(instance, written_plan(instance, in_place(3.2), right(0.5))).rights
    only = view(instance, written_plan(instance, right(0.5)))
    assert found.avoided_cost_usd == pytest.approx(0, abs=1e-6)
    assert found.avoided_cost_alone_usd == pytest.approx(
        only.cost_without_vault_usd - only.shortage_cost_usd
    )
    assert only.rights[0].avoided_cost_usd == found.avoided_cost_alone_usd
    assert found.avoided_cost_alone_usd > 0


def test_only_the_own_right_is_taken_away(tiny_case: Case) -> None:
    """The rival keeps its right, and leaves that much more of the pool."""
    instance = together(tiny_case)
    rest = (in_place(0.8), right(1.0, owner="zeta"))
    with_right = view(instance, written_plan(instance, *rest, right(0.2)))
    without = view(instance, written_plan(instance, *rest))
    assert with_right.rights[0].avoided_cost_usd == pytest.approx(
        without.shortage_cost_usd - with_right.shortage_cost_usd
    )
    poorer = view(instance, written_plan(instance, rest[0]))
    assert poorer.shortage_cost_usd > 1.01 * without.shortage_cost_usd


def test_a_gap_of_another_material_is_none_of_the_right(tiny_case: Case) -> None:
    """Germanium is cut, and the right is to gallium: wafers are lost nevertheless."""
    cases.add_germanium(tiny_case)
    tiny_case["events"][0]["materials"] = ["germanium"]
    instance = alone(tiny_case)
    found = view(instance, written_plan(instance, right(1.0)))
    assert found.shortage_cost_usd > 0
    assert found.rights[0].gap_probability == 0


def test_costs_of_all_participants_add_up(tiny_case: Case) -> None:
    """Weighted 1 and 3 they are the cost of the plan, emergency purchases included."""
    tiny_case["materials"][0]["emergency_tonnes_per_year"] = 1.2
    instance = together(tiny_case)
    plan = written_plan(instance, in_place(0.4), right(0.3))
    maker, zeta = (view(instance, plan, name) for name in ("maker", "zeta"))
    expected = evaluate(instance, plan, number_of_scenarios=NUMBER, seed=SEED)
    assert maker.shortage_cost_usd + 3 * zeta.shortage_cost_usd == pytest.approx(
        expected.expected_shortage_cost_usd
    )
    bare = maker.cost_without_vault_usd + 3 * zeta.cost_without_vault_usd
    assert bare == pytest.approx(expected.cost_without_vault_usd)


def test_what_a_right_costs(tiny_case: Case) -> None:
    """1 t for four months: $1,000 x 12 / 4 + $12,000 a year, $15 a kg."""
    found = only_right(alone(tiny_case))
    assert found.upfront_fee_usd == pytest.approx(1_000)
    assert found.carrying_fee_usd_per_year == pytest.approx(12_000)
    assert found.term_years == pytest.approx(4 / 12)
    assert found.all_in_cost_usd_per_kg_year == pytest.approx(15)
    assert found.days_of_own_cover == pytest.approx(365.25 / 12)
    # Undrawn all four months cost $1,000 + 4 x $1,000 at most.
    assert 1_000 < found.expected_fees_usd < 5_000


def test_fees_fall_due_month_by_month_and_are_discounted(tiny_case: Case) -> None:
    """Nothing happens, nothing is drawn: $1,000 and four months of $1,000."""
    tiny_case["events"] = []
    found = only_right(alone(tiny_case))
    expected = 1_000 + sum(1_000 * 1.1 ** (-t / 12) for t in range(4))
    assert found.expected_fees_usd == pytest.approx(expected)
    assert (found.gap_probability, found.avoided_cost_usd) == (0, 0)
    assert found.avoided_cost_given_gap_usd is None
    assert found.break_even_probability is None


def test_the_repurchase_ends_the_term(tiny_case: Case) -> None:
    """It comes after the draw of the third month: three months, $4,000 + $12,000."""
    found = only_right(alone(tiny_case, repurchase_period=2))
    assert found.term_years == pytest.approx(3 / 12)
    assert found.all_in_cost_usd_per_kg_year == pytest.approx(16)


def test_the_break_even_probability_balances_cost_and_value(tiny_case: Case) -> None:
    """$15,000 a tonne and year for 1 t and a third of a year are $5,000."""
    found = only_right(alone(tiny_case))
    assert found.break_even_probability is not None
    assert found.avoided_cost_given_gap_usd is not None
    assert found.break_even_probability * found.avoided_cost_given_gap_usd == (
        pytest.approx(5_000)
    )
    assert found.gap_probability * found.avoided_cost_given_gap_usd == pytest.approx(
        found.avoided_cost_usd
    )
    # The event opens a gap at once: its probability within 4 months is that of a gap,
    # but for strata of 40 scenarios.
    assert found.gap_probability == pytest.approx(1 - np.exp(-0.3 / 3), abs=0.02)


@pytest.mark.parametrize(
    ("cost", "avoided", "probability"),
    [(5.0, 100.0, 0.05), (300.0, 100.0, 3.0), (5.0, 0.0, None), (5.0, None, None)],
)
def test_break_even(
    cost: float, avoided: float | None, probability: float | None
) -> None:
    """Cost over value; above 1 it never pays, and nothing is balanced by nothing."""
    assert break_even_probability(cost, avoided) == probability


def test_the_repurchase_is_marked_to_market(tiny_case: Case) -> None:
    """1 t at $450,000 against the price that 5 and 95 % of the probability reach."""
    tiny_case["materials"][0]["price_volatility_per_year"] = 0.8
    instance = alone(tiny_case, repurchase_period=3)
    mark = only_right(instance).repurchase
    drawn = sample_batches(
        instance, number_of_scenarios=NUMBER, generator=np.random.default_rng(SEED)
    ).scenarios
    prices = sorted(zip(drawn.price[0, :, 3], drawn.probability, strict=True))
    reached: dict[float, float] = {}
    for level in (0.05, 0.95):
        total = 0.0
        for price, probability in prices:
            total += probability
            if total >= level - 1e-12:
                reached[level] = price
                break
    assert mark is not None
    assert mark.price_p5_usd_per_tonne == pytest.approx(reached[0.05])
    assert mark.price_p95_usd_per_tonne == pytest.approx(reached[0.95])
    assert mark.value_at_p5_usd == pytest.approx(reached[0.05] - 450_000)
    assert mark.value_at_p95_usd == pytest.approx(reached[0.95] - 450_000)
    assert mark.value_at_p5_usd < 0 < mark.value_at_p95_usd
    assert str(mark.date) == "2026-04-01"


def test_terms_are_sentences(tiny_case: Case) -> None:
    """Draw, store, refill and end."""
    tiny_case["storage_classes"][0]["notice_days"] = 8
    tiny_case["materials"][0]["shelf_life_days"] = 730
    found = only_right(
        alone(tiny_case, repurchase_period=3, coverage=0.8, access_alert=2)
    )
    assert found.terms == (
        (
            "From alert 2 (high) on draw up to 80 % of your gap, at most 50 % of the "
            "right a month, $450,000 a tonne."
        ),
        "The store opens 8 days after the alert.",
        "What is older than 730 days expires.",
        "Once the alert has cleared, a full draw is bought back within 3 periods.",
        "In the period from 2026-04-01 what is left must be taken, $450,000 a tonne.",
    )


def test_lines_in_history_are_the_own_ones(tiny_case: Case) -> None:
    """A right of 1.6 t carries the maker through both months of the ban."""
    instance = together(tiny_case)
    plan = written_plan(instance, right(1.6))
    (line,) = view(instance, plan).lines
    assert (line.replay, line.product) == ("ban", "wafer")
    assert line.with_vault.stopped_days == 0
    assert line.without_vault.stopped_days == pytest.approx(2 * 365.25 / 12)
    (other,) = view(instance, plan, "zeta").lines
    assert other.product == "zeta-chip"
    assert other.with_vault == other.without_vault


def test_a_participant_without_a_right_has_a_view(tiny_case: Case) -> None:
    """Own cost and lines are there, and the offer that was not taken up."""
    instance = together(tiny_case)
    found = view(instance, written_plan(instance, right(1.0)), "zeta")
    assert found.rights == ()
    assert found.offers_not_awarded == ("zeta-right",)
    assert found.shortage_cost_usd > 0
    assert len(found.lines) == 1


def test_nothing_of_another_participant_is_shown(tiny_case: Case) -> None:
    """Neither id nor name nor any figure of the other stands in the document."""
    instance = together(tiny_case)
    plan = written_plan(
        instance, in_place(0.4), right(0.5), right(0.7123, owner="zeta")
    )
    document = view(instance, plan).model_dump_json()
    # Its prices, fees, demand, cost of a shortage, buffer and tonnes.
    figures = ("417171", "3173", "17179", "7919", "23457", "5.4321", "0.7123")
    for hidden in ("zeta", "Zeta", "chip", "Chip", "defence", *figures):
        assert hidden not in document
    # Nor that the other asked for a right and got none.
    refused = written_plan(instance, in_place(0.4), right(0.5))
    assert "zeta" not in view(instance, refused).model_dump_json()
    other = view(instance, plan, "zeta")
    mine = view(instance, plan)
    for name in ("shortage_cost_usd", "cost_without_vault_usd", "cvar_usd"):
        figure = getattr(other, name)
        assert figure != getattr(mine, name)
        assert str(figure) not in document
    # The test can fail: the other's own view has these strings.
    assert "Zeta Works" in other.model_dump_json()
    assert "417171" in other.model_dump_json()


def test_names_and_fees_of_others_change_nothing(tiny_case: Case) -> None:
    """The document is the same to the letter: no hash of the case is part of it."""
    instance = together(tiny_case)
    plan = written_plan(instance, in_place(0.4), right(0.5), right(0.7, owner="zeta"))
    before = view(instance, plan).model_dump_json()
    dearer = {"upfront_fee_usd_per_tonne": 9.0, "inventory_price_usd_per_tonne": 8.0}
    tiny_case["participants"][1] = RIVAL | {"id": "omega", "name": "Omega"}
    tiny_case["products"][1] |= {
        "id": "omega-chip",
        "name": "?",
        "participant": "omega",
    }
    tiny_case["entitlement_offers"][1] = (
        RIVAL_OFFER | dearer | {"id": "omega-right", "participant": "omega"}
    )
    renamed = read_instance(tiny_case)
    same_plan = written_plan(
        renamed, in_place(0.4), right(0.5), right(0.7, owner="omega")
    )
    assert renamed.content_hash != instance.content_hash
    assert view(renamed, same_plan).model_dump_json() == before


def test_an_unknown_name_learns_no_other(tiny_case: Case) -> None:
    """Those that there are stay untold."""
    instance = together(tiny_case)
    with pytest.raises(
        UnknownParticipantError, match=r"expected a participant of the case$"
    ) as caught:
        view(instance, written_plan(instance), "omega")
    assert "zeta" not in str(caught.value)
    assert "maker" not in str(caught.value)


def test_the_only_member_loses_the_pool_with_its_membership(tiny_case: Case) -> None:
    """What the pool avoids, then, beside a fee of 1 % of 12 t at 500,000 dollars."""
    tiny_case["membership"] = {"members": ["maker"], "fee_rate_per_year": 0.01}
    instance = alone(tiny_case)
    found = view(instance, written_plan(instance, in_place(0.4)))
    assert found.membership is not None
    assert found.membership.is_member
    assert found.membership.fee_usd_per_year == pytest.approx(60_000.0)
    months = [20_000.0 / 4 * 1.1 ** (-t / 12) for t in range(4)]
    assert found.membership.fees_usd == pytest.approx(sum(months))
    assert found.membership.avoided_cost_usd == pytest.approx(
        found.cost_without_vault_usd - found.shortage_cost_usd
    )
    assert found.membership.avoided_cost_usd > 0


def test_outside_nothing_is_avoided_but_would_be(tiny_case: Case) -> None:
    """Zeta alone may draw; the maker would share the pool, and pay its own fee."""
    tiny_case["membership"] = {"members": ["zeta"]}
    instance = together(tiny_case)
    plan = written_plan(instance, in_place(4.0))
    found = view(instance, plan)
    assert found.membership is not None
    assert not found.membership.is_member
    assert found.shortage_cost_usd == found.cost_without_vault_usd > 0
    assert found.membership.avoided_cost_usd > 0
    joined = instance.model_copy(update={"membership": None})
    as_member = view(joined, plan)
    assert as_member.membership is None
    assert found.membership.avoided_cost_usd == pytest.approx(
        found.shortage_cost_usd - as_member.shortage_cost_usd
    )
