"""A case some periods later: each field that has to do with time, and what ends."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import cast, get_args

import pytest
from pydantic import BaseModel

from models.instance import Instance
from models.moved_on import moved_on
from models.opening_position import OpeningPosition
from models.reading import InvalidCaseError, read_instance
from models.time_path import PathPoint
from tests import cases
from tests.cases import Case, changed

MOVED = "moved"
LENGTH = "a length of time, wherever it begins"
AMOUNT = "a number of days of need"
DAY = "a day of the calendar"
RULES = {
    "DurationChance.days": LENGTH,
    "Duration.high_days": LENGTH,
    "Duration.low_days": LENGTH,
    "Duration.mean_days": LENGTH,
    "Duration.step_days": LENGTH,
    "EntitlementOffer.replenish_within_periods": LENGTH,
    "EntitlementOffer.repurchase_period": MOVED,
    "Event.begins_with_period": "whenever it begins",
    "Event.notice_days": LENGTH,
    "Event.onset_date": DAY,
    "Facility.first_draw_period": MOVED,
    "Facility.last_draw_period": MOVED,
    "Facility.number_of_instalments": "of draws that are still to come",
    "Facility.repayment_start_period": MOVED,
    "Horizon.day_of_month": MOVED,
    "Horizon.number_of_periods": MOVED,
    "Horizon.period": LENGTH,
    "Horizon.period_days": LENGTH,
    "Horizon.start": MOVED,
    "Instance.levels_days_of_cover": AMOUNT,
    "Material.minimum_days_of_cover": AMOUNT,
    "Material.price_path_usd_per_tonne": MOVED,
    "Material.price_usd_per_tonne": MOVED,
    "Material.shelf_life_days": LENGTH,
    "OfftakeContract.start_period": MOVED,
    "OfftakeContract.term_periods": MOVED,
    "OpeningBuffer.days": MOVED,
    "OpeningBuffer.full_days": MOVED,
    "OpeningDebt.number_of_instalments": MOVED,
    "OpeningDebt.repayment_start_period": MOVED,
    "OpeningDisruption.since": DAY,
    "OpeningPurchase.arrival_period": MOVED,
    "Participant.working_buffer_days": AMOUNT,
    "PathPoint.period": MOVED,
    "Phase.duration_days_high": LENGTH,
    "Phase.duration_days_low": LENGTH,
    "Product.demand_units_per_year": MOVED,
    "PriceToday.multiple_of_path": "expected to be as far from the path later",
    "Product.ramp": MOVED,
    "ReplayDisruption.notice_days": LENGTH,
    "ReplayDisruption.onset_day": "what if it happened so many days from the start",
    "RightInForce.build_up_periods": MOVED,
    "RightInForce.fees_paid_until": DAY,
    "Route.ramp": MOVED,
    "SaleTerms.within_periods": MOVED,
    "SolveOptions.added_levels_days_of_cover": AMOUNT,
    "SolveOptions.level_change_cap_days": AMOUNT,
    "SourcingOption.build_up_periods": LENGTH,
    "SourcingOption.start_period": MOVED,
    "StockLot.arrival": DAY,
    "StorageClass.notice_days": LENGTH,
    "TreatmentCharge.usd_per_tonne": MOVED,
}
TIMES = re.compile(
    r"period|day|date|month|start|since|until|instalment|path|ramp|^year|term_"
)
RATES = re.compile(r"_per_(day|month|year)$|_year$")


def fields_of_time(model: type[BaseModel], seen: set[type]) -> Iterator[str]:
    """Yield the fields, in a model and what it holds, that have to do with time.

    By their names but rates, or as they hold days or figures by period.
    """
    seen.add(model)
    for name, field in model.model_fields.items():
        types = set(_types(field.annotation))
        of_time = {dt.date, PathPoint} & types
        if of_time or (TIMES.search(name) and not RATES.search(name)):
            yield f"{model.__name__}.{name}"
        for part in types:
            if issubclass(part, BaseModel) and part not in seen:
                yield from fields_of_time(part, seen)


def _types(annotation: object) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


def rich_case() -> Case:
    """Return a case from 31 January on with a figure in each field that moves."""
    case = cases.smallest_case()
    ramp = [{"period": 1, "value": 0.5}, {"period": 5, "value": 1.0}]
    debt = {"facility": "capital", "drawn_usd": 900.0}
    buffer = {"participant": "maker", "material": "gallium", "days": 5.0}
    return changed(
        case,
        {
            "horizon": cases.horizon(8, start="2026-01-31", period="month"),
            "materials.0.price_path_usd_per_tonne": [5e5 + 1e4 * t for t in range(8)],
            "routes.0.ramp": ramp,
            "treatment_charges": [
                {
                    "id": "index",
                    "name": "Index",
                    "material": "gallium",
                    "stage": "ore",
                    "usd_per_tonne": [
                        {"period": 0, "value": -20.0},
                        {"period": 4, "value": 20.0},
                    ],
                }
            ],
            "participants.0.working_buffer_days": 10.0,
            "products.0.ramp": ramp,
            "products.0.growth_per_year": 0.1,
            "sourcing_options+": cases.sourcing("late", 2, start_period=5),
            "entitlement_offers": [cases.offer(repurchase_period=6)],
            "contracts": [cases.contract(start_period=1, term_periods=6)],
            "financing.facilities": [
                cases.facility(first_draw_period=1, **cases.instalments(5, 3)),
                cases.facility("capital", kind="equity"),
            ],
            "position": {
                "debt": [
                    debt | {"repayment_start_period": 1, "number_of_instalments": 3}
                ],
                "buffers": [buffer],
                "contracts": [{"contract": "offtake"}],
                "purchases": [cases.purchase("coming", 2.0, arrival_period=5)],
                "sales": [{"material": "gallium", "within_periods": 6}],
                "rights": [
                    {
                        "offer": "right",
                        "lots": 5,
                        "sourcing": "in-place",
                        "build_up_periods": 4,
                    }
                ],
            },
        },
    )


def figures(part: object, place: str = "Instance") -> Iterator[tuple[str, object]]:
    """Yield each figure of a document with the class and the field that it is in."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from figures(getattr(part, name), f"{type(part).__name__}.{name}")
    elif isinstance(part, tuple):
        yield (place, part)
        for each in cast("tuple[object, ...]", part):
            if isinstance(each, BaseModel):
                yield from figures(each)
    else:
        yield (place, part)


def test_each_field_of_time_has_a_rule() -> None:
    """Whoever adds one says here whether it moves, or why not, and moves it."""
    later = {"Material.price_usd_per_tonne", "Product.demand_units_per_year"}
    assert {*fields_of_time(Instance, set())} | later == RULES.keys()


def test_what_moves_is_moved_and_nothing_else() -> None:
    """One or two periods later just the fields of the rules have other figures."""
    before = read_instance(rich_case())
    differing = {
        x[0]
        for periods in (1, 2)
        for x, y in zip(
            figures(before), figures(moved_on(before, periods).case), strict=False
        )
        if x != y
    }
    own = {"OpeningDebt.repaid_usd"}
    lists = {"Financing.facilities"}
    of_position = ("buffers", "debt", "purchases", "rights", "sales")
    lists |= {f"OpeningPosition.{name}" for name in of_position}
    lists |= {
        f"Instance.{name}"
        for name in (
            "contracts",
            "entitlement_offers",
            "materials",
            "products",
            "routes",
            "sourcing_options",
            "treatment_charges",
        )
    }
    moved = {field for field, rule in RULES.items() if rule == MOVED}
    assert differing - own - lists == moved | {"PathPoint.value"}


def later(case: Case, periods: int = 2) -> Case:
    """Return the content of a case some periods later, as JSON."""
    return moved_on(read_instance(case), periods).case.model_dump(mode="json")


def test_figures_are_those_of_the_same_days() -> None:
    """Two of eight months on, from 31 January, all that is counted in periods is less.

    The ramp of 0.5 in period 1 and 1 in period 5 stands at 0.625 in period 2; of three
    instalments from period 1 on one is paid, in period 1.
    """
    case = later(rich_case())
    assert case["horizon"]["start"] == "2026-03-31"
    assert case["horizon"]["number_of_periods"] == 6
    assert case["materials"][0]["price_usd_per_tonne"] == 5.2e5
    assert len(case["materials"][0]["price_path_usd_per_tonne"]) == 6
    ramp = [{"period": 0, "value": 0.625}, {"period": 3, "value": 1.0}]
    assert case["routes"][0]["ramp"] == case["products"][0]["ramp"] == ramp
    assert case["treatment_charges"][0]["usd_per_tonne"] == [
        {"period": 0, "value": 0.0},
        {"period": 2, "value": 20.0},
    ]
    years = (28 + 31) / 365.25
    demand = case["products"][0]["demand_units_per_year"]
    assert demand == pytest.approx(12_000 * 1.1**years)
    assert case["sourcing_options"][1]["start_period"] == 3
    assert case["entitlement_offers"][0]["repurchase_period"] == 4
    (contract,) = case["contracts"]
    assert (contract["start_period"], contract["term_periods"]) == (0, 5)
    loan = case["financing"]["facilities"][0]
    assert loan["first_draw_period"] == 0
    assert (loan["last_draw_period"], loan["repayment_start_period"]) == (2, 3)
    (debt,) = case["position"]["debt"]
    assert debt["repaid_usd"] == pytest.approx(300.0)
    assert (debt["repayment_start_period"], debt["number_of_instalments"]) == (0, 2)
    assert case["position"]["sales"][0]["within_periods"] == 4
    assert case["position"]["purchases"][0]["arrival_period"] == 3


def test_what_ends_is_left_out_and_said() -> None:
    """Nothing disappears without a sentence."""
    case = rich_case()
    case["events"] = [
        cases.event("past", cases.phase(), onset_date="2026-02-15", probability=0.5),
        cases.event("next", cases.phase(), onset_date="2026-08-31", probability=0.5),
        cases.event("over", cases.phase(60), hazard_per_year=0.1),
        cases.event("on", cases.phase(600), hazard_per_year=0.1),
    ]
    case["position"]["alerts"] = [{"material": "gallium", "levels": [2]}]
    case["position"]["disruptions"] = [
        {"event": "over", "since": "2026-01-31"},
        {"event": "on", "since": "2026-01-01"},
    ]
    moved = moved_on(read_instance(case), 7)
    assert [x.id for x in moved.case.events] == ["next", "on"]
    assert [x.event for x in moved.case.position.disruptions] == ["on"]
    assert moved.case.contracts == moved.case.entitlement_offers == ()
    assert moved.case.position.contracts == ()
    assert moved.case.position.debt == moved.case.position.alerts == ()
    loan = moved.case.financing.facilities[0]
    assert (loan.limit_usd, loan.repayment_start_period) == (0.0, None)
    assert moved.notes == (
        "Contract offtake has ended by 2026-08-31: it is left out.",
        "The right of offer right ends before 2026-08-31: it is left out.",
        "Free stock of gallium can be sold until 2026-08-31 only.",
        "Facility loan lends nothing more: its last draw was before 2026-08-31.",
        "Sourcing option late, of 2026-06-30, buys from 2026-08-31 on.",
        "Event past is over by 2026-08-31 for good: it is left out.",
        "Event over is over by 2026-08-31 for good: it is left out.",
        "Facility capital is owed nothing any more on 2026-08-31.",
        "Purchase coming has arrived by 2026-08-31.",
        "No alert is known before 2026-08-31: all are taken as 0.",
    )


def test_a_right_that_has_ended_goes_with_its_lots(tiny_case: Case) -> None:
    """Its holder has taken what was left; that of another right is as it was."""
    ids = ("ends", "stays")
    tiny_case["entitlement_offers"] = [
        cases.offer(id="ends", repurchase_period=0),
        cases.offer(id="stays", repurchase_period=1),
    ]
    tiny_case["position"] = {
        "rights": [{"offer": x, "lots": 5, "sourcing": "in-place"} for x in ids],
        "stock": [cases.stock_lot(f"of-{x}", 0.5, right=x) for x in ids],
    }
    position = moved_on(read_instance(tiny_case), 1).case.position
    assert [x.offer for x in position.rights] == ["stays"]
    assert [x.id for x in position.stock] == ["of-stays"]


def test_events_of_the_position_stay() -> None:
    """An event of a past date stays if it is in force, and a recurring one anyway."""
    case = rich_case()
    rest = {"low_days": 10.0, "high_days": 20.0}
    case["events"] = [
        cases.event("past", cases.phase(90), onset_date="2026-02-15", probability=0.5),
        cases.event("again", cases.phase(9), hazard_per_year=1.0, recurs_after=rest),
    ]
    case["position"]["disruptions"] = [{"event": "again", "since": "2026-01-30"}]
    there = {"disruptions": [{"event": "past", "since": "2026-02-15"}]}
    position = OpeningPosition.model_validate(there)
    moved = moved_on(read_instance(case), 1 + 1, position=position)
    assert [x.id for x in moved.case.events] == ["past", "again"]
    assert moved.case.position.disruptions == position.disruptions
    # What is not stated is full, of ten days of a smaller need.
    (buffer,) = moved.case.position.buffers
    assert buffer.days == buffer.full_days != 10.0
    assert "Event again is no longer in force on 2026-03-31." in moved.notes


def test_a_phase_in_between_that_must_be_over_is_a_mistake() -> None:
    """Which phase follows since when does not follow from the case."""
    case = rich_case()
    phases = cases.phase(30, 40), cases.phase(100)
    case["events"] = [cases.event("ban", *phases, hazard_per_year=0.1)]
    case["position"] = {"disruptions": [{"event": "ban", "since": "2026-01-20"}]}
    with pytest.raises(InvalidCaseError, match="expected a later day: the phase lasts"):
        moved_on(read_instance(case), 2)


def test_fees_that_were_paid_up_to_the_past_are_not_told(tiny_case: Case) -> None:
    """The day says something of a later case only if it comes after its start."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    right = {"offer": "right", "lots": 5, "sourcing": "in-place"}
    right["fees_paid_until"] = "2026-02-15"
    tiny_case["position"] = {"rights": [right]}
    case = read_instance(tiny_case)
    paid = [moved_on(case, k).case.position.rights[0].fees_paid_until for k in (1, 2)]
    assert [str(x) for x in paid] == ["2026-02-15", "None"]


@pytest.mark.parametrize("periods", [-1, 0, 4, 5])
def test_some_period_has_passed_and_some_is_left(tiny_case: Case, periods: int) -> None:
    """Neither none of four, nor all."""
    with pytest.raises(ValueError, match=f"{periods} periods later, expected 1 to 3"):
        moved_on(read_instance(tiny_case), periods)
