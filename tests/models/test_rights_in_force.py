"""Rights awarded before the start: what is wrong, what is there, and what is due."""

import math

import pytest

from models.case_warnings import warnings_of
from models.held_stock import free_tonnes
from models.reading import InvalidCaseError, read_instance
from models.rights_in_force import terms_in_force, tonnes_of, unpaid_years
from models.round import round_mistakes
from tests import cases
from tests.cases import Case, changed


def right(**terms: object) -> Case:
    """Return a right of 2 t, all lots of the offer, with terms of a test."""
    return {"offer": "right", "lots": 20, "sourcing": "in-place"} | terms


def with_right(case: Case, *lots: Case, **terms: object) -> Case:
    """Return a case with the right and lots for it."""
    held = [x | {"right": "right"} for x in lots]
    position = {"rights": [right(**terms)], "stock": held}
    return changed(case, {"entitlement_offers": [cases.offer()], "position": position})


def mistakes_in(case: Case) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case)
    return {mistake.path: mistake.expected for mistake in caught.value.mistakes}


def test_all_mistakes_in_rights_are_found_at_once(tiny_case: Case) -> None:
    """Those of one right do not hide those of another, nor those of lots."""
    cases_of = {
        "twice": {},
        "unknown": {"id": None},
        "nobody": {"participant": "ghost"},
        "many": {},
        "long": {"repurchase_period": 2},
        "built": {},
        "drawn": {},
        "full": {},
        "other": {},
    }
    offers = [
        cases.offer(**({"id": name} | terms))
        for name, terms in cases_of.items()
        if terms.get("id", name)
    ]
    rights = [
        right(offer="twice"),
        right(offer="twice"),
        right(offer="unknown"),
        right(offer="nobody"),
        right(offer="many", lots=21),
        right(offer="long", build_up_periods=3),
        right(offer="built", sourcing="held", build_up_periods=1),
        right(offer="drawn", drawn_tonnes=2.1),
        right(offer="full", drawn_tonnes=1.5),
        right(offer="other", sourcing="nowhere"),
    ]
    stock = [
        cases.stock_lot("a", 0.6, right="full"),
        cases.stock_lot("b", 0.1, right="not-in-force"),
        cases.stock_lot("c", 0.1, right="other", arrival="2026-01-02"),
        cases.stock_lot("d", 0.1, right="other", material="germanium"),
    ]
    cases.add_germanium(tiny_case)
    tiny_case["entitlement_offers"] = offers
    tiny_case["sourcing_options"].append(cases.sourcing("held", is_held=True))
    found = mistakes_in(tiny_case | {"position": {"rights": rights, "stock": stock}})
    assert set(found) == {
        "position.rights",
        "position.rights[unknown].offer",
        "position.rights[nobody].offer",
        "entitlement_offers[nobody].participant",
        "position.rights[many].lots",
        "position.rights[long].build_up_periods",
        "position.rights[built].build_up_periods",
        "position.rights[drawn].drawn_tonnes",
        "position.rights[full]",
        "position.rights[other].sourcing",
        "position.stock[b].right",
        "position.stock[c].arrival",
        "position.stock[d].right",
    }
    assert found["position.rights[full]"].startswith("lots for it of at most 0.5 t")


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        ({"lots": 0}, "position.rights[0].lots"),
        ({"drawn_tonnes": -1.0}, "position.rights[0].drawn_tonnes"),
        ({"drawn_tonnes": math.nan}, "position.rights[0].drawn_tonnes"),
        ({"fees_paid_until": "soon"}, "position.rights[0].fees_paid_until"),
        ({"upfront": 1.0}, "position.rights[0].upfront"),
    ],
)
def test_a_field_that_cannot_be(tiny_case: Case, terms: Case, path: str) -> None:
    """Each is named by its place."""
    assert path in mistakes_in(with_right(tiny_case, **terms))


def test_a_right_to_what_nobody_needs(tiny_case: Case) -> None:
    """It could never be drawn."""
    cases.add_germanium(tiny_case)
    other = {"id": "other", "name": "Other", "priority_class": "civil"}
    tiny_case["participants"].append(other)
    tiny_case["entitlement_offers"] = [cases.offer(participant="other")]
    found = mistakes_in(tiny_case | {"position": {"rights": [right()]}})
    assert set(found) == {"position.rights[right].offer"}


def test_a_round_awards_all_rights_of_its_case(tiny_case: Case) -> None:
    """So a case with rights in force can have none."""
    case = read_instance(with_right(tiny_case))
    (found,) = round_mistakes(case, (), ["maker"])
    assert "without position.rights" in str(found)


def test_stock_of_a_right_is_not_free(tiny_case: Case) -> None:
    """Its good lots are there for the right alone; what has expired is not."""
    tiny_case["materials"][0]["shelf_life_days"] = 100
    old = cases.stock_lot("old", 0.5, arrival="2025-10-01")
    case = read_instance(with_right(tiny_case, old, cases.stock_lot("new", 0.75)))
    (material,), (held,) = case.materials, case.position.rights
    assert free_tonnes(case, material) == 0
    assert tonnes_of(case, material, held) == 0.75


def test_terms_are_those_of_the_offer_but_for_what_was_paid(tiny_case: Case) -> None:
    """No upfront fee, and neither more nor fewer lots."""
    case = read_instance(with_right(tiny_case, lots=7))
    (offer,) = case.entitlement_offers
    terms = terms_in_force(case, offer)
    changes = {"minimum_lots": 7, "maximum_lots": 7, "upfront_fee_usd_per_tonne": 0.0}
    assert terms == offer.model_copy(update=changes)
    assert case.index.offer["right"] == terms


@pytest.mark.parametrize(
    ("paid_until", "unpaid_days"),
    [
        (None, [30, 30, 30, 30]),
        ("2025-12-01", [30, 30, 30, 30]),
        ("2026-01-31", [0, 30, 30, 30]),
        ("2026-02-10", [0, 20, 30, 30]),
        ("2027-01-01", [0, 0, 0, 0]),
    ],
)
def test_fees_are_due_from_the_first_day_that_is_not_paid(
    tiny_case: Case, paid_until: str | None, unpaid_days: list[float]
) -> None:
    """By the day; that day itself is the first for which they are due."""
    tiny_case["horizon"] = cases.horizon(4, period_days=30)
    terms = {} if paid_until is None else {"fees_paid_until": paid_until}
    case = read_instance(with_right(tiny_case, **terms))
    (held,) = case.position.rights
    found = [years * 365.25 for years in unpaid_years(case, held)]
    assert found == pytest.approx(unpaid_days)


def test_what_has_no_effect_is_warned_of(tiny_case: Case) -> None:
    """What is neither there nor drawn, a fee paid before, a lot that has expired."""
    tiny_case["materials"][0]["shelf_life_days"] = 100
    old = cases.stock_lot("old", 0.5, arrival="2025-01-01")
    raw = with_right(tiny_case, old, drawn_tonnes=1.0, fees_paid_until="2025-12-31")
    found = {x.path: x.expected for x in warnings_of(read_instance(raw))}
    assert "position.stock[old].arrival" in found
    assert "position.rights[right].fees_paid_until" in found
    drawn = found["position.rights[right].drawn_tonnes"]
    there = with_right(tiny_case, old, drawn_tonnes=1.5, build_up_periods=2)
    path = "position.rights[right].build_up_periods"
    assert path in {x.path for x in warnings_of(read_instance(there))}
    assert drawn.startswith("1.5, the rest of 2 t of which 0.5 t are in position.stock")


def test_lots_of_a_right_that_cannot_be_read_are_no_mistakes(tiny_case: Case) -> None:
    """Only what is wrong with the right is told."""
    raw = with_right(tiny_case, cases.stock_lot("a", 1.0), lots="many")
    assert list(mistakes_in(raw)) == ["position.rights[0].lots"]


def test_a_right_that_no_route_refills_is_warned_of(tiny_case: Case) -> None:
    """The zone has no gallium, so what its holder draws would never come back."""
    zone = cases.sourcing("zone", origins="zone")
    tiny_case["sourcing_options"].append(zone)
    raw = with_right(tiny_case, cases.stock_lot("a", 2.0), sourcing="zone")
    found = {x.path: x.expected for x in warnings_of(read_instance(raw))}
    assert found["position.rights[right].sourcing"] == (
        "an option with a route of gallium; nothing is bought back"
    )


def test_a_right_that_is_all_there_is_not_warned_of(tiny_case: Case) -> None:
    """Neither it nor its lots."""
    lots = (cases.stock_lot("a", 1.2), cases.stock_lot("b", 0.3))
    case = read_instance(with_right(tiny_case, *lots, drawn_tonnes=0.5))
    assert not [x for x in warnings_of(case) if "position" in x.path]


def test_an_option_that_rights_in_force_buy_with_is_no_idle_one(
    tiny_case: Case,
) -> None:
    """Though a new build-up would end after the horizon."""
    tiny_case["sourcing_options"].append(cases.sourcing("slow", 5))
    path = "sourcing_options[slow].build_up_periods"
    assert path in {x.path for x in warnings_of(read_instance(tiny_case))}
    tiny_case["entitlement_offers"] = [cases.offer()]
    right = {"offer": "right", "lots": 1, "sourcing": "slow", "drawn_tonnes": 0.1}
    case = read_instance(tiny_case | {"position": {"rights": [right]}})
    assert path not in {x.path for x in warnings_of(case)}
    lot = cases.stock_lot("pile", 1.5) | {"tranche": "gallium/immediate/slow/60"}
    case = read_instance(tiny_case | {"position": {"stock": [lot]}})
    assert path not in {x.path for x in warnings_of(case)}
