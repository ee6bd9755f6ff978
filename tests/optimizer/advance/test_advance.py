"""The orders of a month by hand arithmetic: 1,000 wafers a month need 1 t of gallium.

China sends 0.8 t of it, Germany 0.2 t; a ban since December is still in force.
"""

import datetime as dt

import pytest
from numpy.random import default_rng

from models.instance import Instance
from models.observation import Observation, ObservedEvent, WhatHappened
from models.orders import Orders
from models.plan import Tranche
from models.reading import InvalidCaseError, read_instance
from models.rights_in_force import left_to_buy
from optimizer.advance.advance import advance
from optimizer.scenarios import sample
from tests import cases
from tests.cases import Case
from tests.plans import in_place, steps, written_plan

START = dt.date(2026, 1, 1)
BAN = ObservedEvent(event="chn-ban", since=dt.date(2025, 12, 1))


def orders(
    case: Case,
    *tranches: Tranche,
    events: tuple[ObservedEvent, ...] = (BAN,),
    signed: tuple[str, ...] = (),
    **facts: object,
) -> Orders:
    """Return the orders of January, of which nothing else is unusual."""
    instance = read_instance(case)
    plan = written_plan(instance, *tranches, signed=signed)
    observation = Observation(
        start=START, otherwise="as_planned", events=events
    ).model_copy(update=facts)
    return advance(instance, plan, observation).orders


def test_a_calm_month_needs_no_release(tiny_case: Case) -> None:
    """What is in place is there at the end, and nothing is lost."""
    found = orders(tiny_case, in_place(2.0), events=())
    assert (found.alerts, found.releases, found.facilities) == ((), (), ())
    assert [x.purpose for x in found.purchases] == ["opening", "opening"]
    assert [x.tonnes for x in found.purchases] == pytest.approx([1.6, 0.4])
    (stock,) = found.reconciliation.stock
    assert (stock.at_start_tonnes, stock.expected_tonnes) == (2.0, 2.0)
    assert found.reconciliation.cost.without_vault_usd == 0.0


@pytest.mark.parametrize(
    ("tranche", "released", "limit"),
    [
        (in_place(2.0), 0.8, "coverage"),
        (in_place(2.0, steps=steps(2.0, coverage=0.25)), 0.2, "coverage"),
        (in_place(2.0, steps=steps(0.5)), 0.5, "draw_limit"),
        (in_place(0.5), 0.5, "stock"),
        (in_place(2.0, steps=steps(2.0, floor_tonnes=1.7)), 0.3, "floor"),
        (in_place(2.0, outload_tonnes_per_period=0.1), 0.1, "outload"),
    ],
)
def test_a_release_names_the_limit_that_set_it(
    tiny_case: Case, tranche: Tranche, released: float, limit: str
) -> None:
    """Of a gap of 0.8 t: all, or what coverage, pace, stock, floor or store leave."""
    found = orders(tiny_case, tranche)
    (order,) = found.releases
    assert order.tonnes == pytest.approx(released)
    assert order.bound_by == limit
    assert order.gap_tonnes == pytest.approx(0.8)
    assert [x.participant for x in order.beneficiaries] == ["maker"]
    assert order.beneficiaries[0].tonnes == pytest.approx(released)
    (stock,) = found.reconciliation.stock
    assert stock.expected_tonnes == pytest.approx(tranche.tonnes - released)


def test_the_reason_has_alert_stock_and_gap(tiny_case: Case) -> None:
    """The sentence that an operator reads beside the printed rule."""
    (order,) = orders(tiny_case, in_place(2.0, steps=steps(0.5))).releases
    assert order.reason == (
        "Alert 3 (severe), an alert since 2026-01-01: of 2 t release 0.5 t, the most "
        "of a period (the gap is 0.8 t, and all of it may be covered)"
    )
    assert order.rule == "Release all that is there."


def test_what_the_month_cost_is_beside_what_was_expected(tiny_case: Case) -> None:
    """0.3 t short of 0.8 t: 100 wafers are thrifted and 200 are not made."""
    cost = orders(tiny_case, in_place(2.0, steps=steps(0.5))).reconciliation.cost
    assert cost.incurred_usd == pytest.approx(100 * 1_000 + 200 * 10_000)
    assert cost.without_vault_usd == pytest.approx(100 * 1_000 + 700 * 10_000)
    # 0.3 a year of some day in it: far less than a whole month of ban.
    assert 0 <= cost.expected_usd < cost.incurred_usd


def test_what_was_not_released_was_short(tiny_case: Case) -> None:
    """0.3 t instead of 0.8 t: 500 wafers are missing, of which 100 are thrifted."""
    happened = WhatHappened(released_tonnes={"gallium": 0.3})
    cost = orders(tiny_case, in_place(2.0), happened=happened).reconciliation.cost
    assert cost.incurred_usd == pytest.approx(100 * 1_000 + 400 * 10_000)


def test_pool_and_right_are_ordered_apart(tiny_case: Case) -> None:
    """The right draws 0.5 t for its holder, the pool releases for the same gap."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    right = in_place(0.5, offer="right", participant="maker")
    found = orders(tiny_case, in_place(0.6), right)
    by_offer = {x.offer: x for x in found.releases}
    assert by_offer["right"].tonnes == pytest.approx(0.5)
    assert "the gap of Wafer maker" in by_offer["right"].reason
    pool = by_offer[None]
    assert pool.tonnes == pytest.approx(0.6)
    # Of 1.1 t the line can use 0.8 t, what it draws first.
    assert pool.beneficiaries[0].tonnes == pytest.approx(0.3)
    assert pool.unallotted_tonnes == pytest.approx(0.3)


def test_purchases_are_split_by_route_as_far_as_they_are_open(tiny_case: Case) -> None:
    """Of 0.5 t a month four fifths would come from China."""
    slow = in_place(
        2.0, build_up_tonnes_per_period=0.5, build_up_periods=4, rule="built up"
    )
    (order,) = orders(tiny_case, slow).purchases
    assert (order.route, order.purpose) == ("gallium-deu", "build_up")
    assert order.tonnes == pytest.approx(0.1)
    assert "of a purchase 20 % is delivered" in order.reason
    calm = orders(tiny_case, slow, events=()).purchases
    assert {x.route: x.tonnes for x in calm} == pytest.approx(
        {"gallium-chn": 0.4, "gallium-deu": 0.1}
    )


def test_contracts_and_facilities_have_their_orders(tiny_case: Case) -> None:
    """0.1 t come under the contract; the loan is drawn as far as cash needs it."""
    tiny_case["contracts"] = [cases.contract()]
    for facility in tiny_case["financing"]["facilities"]:
        facility["drawn"] = "when_needed"
    found = orders(tiny_case, in_place(1.0), signed=("offtake",))
    assert [(x.contract, x.tonnes) for x in found.deliveries] == [
        ("offtake", pytest.approx(0.1))
    ]
    assert {x.facility for x in found.facilities} == {"loan", "capital"}
    # Half a million of metal before the start, and rent; what is sold comes after.
    assert sum(x.draw_usd for x in found.facilities) >= 500_000
    assert found.reconciliation.cash.expected_usd >= 0


def test_what_really_happened_is_reconciled(tiny_case: Case) -> None:
    """Less was released than ordered, less came than ordered, and 0.05 t are gone."""
    slow = in_place(
        2.0, build_up_tonnes_per_period=0.5, build_up_periods=4, rule="built up"
    )
    happened = WhatHappened(
        released_tonnes={"gallium": 0.6},
        arrived_tonnes={"gallium-deu": 0.04},
        stock_tonnes={"gallium": 1.39},
        cash_usd=7.0,
    )
    found = orders(tiny_case, in_place(2.0), slow, happened=happened)
    books = found.reconciliation
    (release,), (arrival,), (stock,) = books.releases, books.arrivals, books.stock
    assert release.ordered_tonnes == pytest.approx(0.8)
    assert arrival.late_tonnes == pytest.approx(0.06)
    assert stock.expected_tonnes == pytest.approx(2.0 - 0.6 + 0.04)
    assert stock.missing_tonnes == pytest.approx(0.05)
    assert stock.at_end_tonnes == 1.39
    assert books.cash.at_end_usd == 7.0


def test_facts_that_cannot_be_are_mistakes_all_at_once(tiny_case: Case) -> None:
    """More released than was there, a draw beyond the right, two shares of a route."""
    cases.add_germanium(tiny_case)
    tiny_case["entitlement_offers"] = [cases.offer(), cases.offer(id="other")]
    right = in_place(0.5, offer="right", participant="maker", steps=steps(0.2))
    happened = WhatHappened(
        released_tonnes={"gallium": 2.5},
        drawn_tonnes={"right": 0.3, "other": 0.1},
        arrived_tonnes={"gallium-chn-ge": 0.1},
        stock_tonnes={"germanium": 1.0},
    )
    with pytest.raises(InvalidCaseError) as caught:
        orders(
            tiny_case,
            in_place(2.0),
            right,
            availability={"gallium-chn": 0.4},
            happened=happened,
        )
    found = {x.path: x.expected for x in caught.value.mistakes}
    assert set(found) == {
        "availability.gallium-chn",
        "happened.released_tonnes.gallium",
        "happened.drawn_tonnes.right",
        "happened.drawn_tonnes.other",
        "happened.arrived_tonnes.gallium-chn-ge",
        "happened.stock_tonnes.germanium",
    }
    assert "at most 2 t" in found["happened.released_tonnes.gallium"]
    assert "at most 0.2 t, the draw limit" in found["happened.drawn_tonnes.right"]


def test_cash_is_asked_for_with_what_was_otherwise_sold(tiny_case: Case) -> None:
    """Unless it is as planned."""
    instance = read_instance(tiny_case)
    facts = {
        "start": START,
        "events": (),
        "prices_usd_per_tonne": {"gallium": 5e5},
        "demand_units": {"wafer": 1_000.0},
        "happened": WhatHappened(released_tonnes={"gallium": 0.1}),
    }
    plan = written_plan(instance, in_place(2.0))
    with pytest.raises(InvalidCaseError, match=r"happened\.cash_usd: is 'absent'"):
        advance(instance, plan, Observation.model_validate(facts))


def test_orders_written_and_read_are_the_same(tiny_case: Case) -> None:
    """Orders -> JSON -> Orders is the identity, and so is their hash."""
    found = orders(tiny_case, in_place(2.0))
    read_back = Orders.model_validate_json(found.model_dump_json())
    assert read_back == found
    assert read_back.content_hash == found.content_hash


def next_case(case: Case, *tranches: Tranche, **facts: object) -> Instance:
    """Return the case of February, after what was bought was paid for in cash."""
    case["financing"]["opening_cash_usd"] = 2e6
    instance = read_instance(case)
    plain = {"start": START, "otherwise": "as_planned", "events": (BAN,)}
    observation = Observation.model_validate(plain | facts)
    plan = written_plan(instance, *tranches)
    found = advance(instance, plan, observation).next_case
    assert found is not None
    return found


def test_the_next_case_begins_where_the_month_ends(tiny_case: Case) -> None:
    """What is left of the stock, and the ban, which still goes on."""
    found = next_case(tiny_case, in_place(2.0))
    assert [x.material for x in found.position.levels] == ["gallium"]
    assert found.horizon.start == dt.date(2026, 2, 1)
    assert found.horizon.number_of_periods == 3
    assert sum(lot.tonnes for lot in found.position.stock) == pytest.approx(1.2)
    (ban,) = found.position.disruptions
    assert (ban.event, ban.phase, ban.since) == ("chn-ban", 0, BAN.since)
    # A new plan may take what is there.
    assert [x.id for x in found.sourcing_options if x.is_held] == ["held"]
    # It goes on in February if nothing else is said.
    plan = written_plan(read_instance(tiny_case), in_place(2.0))
    facts = Observation(start=found.horizon.start, otherwise="as_planned")
    (order,) = advance(found, plan, facts).orders.releases
    assert (order.tonnes, order.bound_by) == (pytest.approx(0.8), "coverage")
    assert order.on_hand_tonnes == pytest.approx(1.2)


def test_an_event_that_is_over_does_not_go_on(tiny_case: Case) -> None:
    """Nor does it happen again, as it does not recur."""
    over = BAN.model_copy(update={"until": dt.date(2026, 1, 20)})
    found = next_case(tiny_case, in_place(2.0), events=(over,))
    assert (found.position.disruptions, found.events) == ((), ())


def test_the_next_case_has_what_was_found(tiny_case: Case) -> None:
    """Late tonnes have not arrived, and what is missing was of the oldest lot."""
    slow = in_place(
        2.0, build_up_tonnes_per_period=0.5, build_up_periods=4, rule="built up"
    )
    happened = WhatHappened(
        arrived_tonnes={"gallium-deu": 0.04},
        stock_tonnes={"gallium": 1.14},
        cash_usd=7.0,
    )
    found = next_case(tiny_case, in_place(2.0), slow, happened=happened)
    stock: dict[dt.date, float] = {}
    for lot in found.position.stock:
        stock[lot.arrival] = stock.get(lot.arrival, 0.0) + lot.tonnes
    # 2 - 0.8 = 1.2 t of the first and 0.04 t of the second should be there.
    assert stock == pytest.approx(
        {START: 1.2 * 1.14 / 1.24, found.horizon.start: 0.04 * 1.14 / 1.24}
    )
    assert found.financing.opening_cash_usd == 7.0


def test_less_drawn_of_a_right_is_not_owed(tiny_case: Case) -> None:
    """Of 0.5 t only 0.2 t were drawn: these are bought back, and 0.3 t are there."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    right = in_place(0.5, offer="right", participant="maker", lots=5, steps=steps(0.5))
    happened = WhatHappened(drawn_tonnes={"right": 0.2})
    found = next_case(tiny_case, right, happened=happened).position
    assert [(x.offer, x.drawn_tonnes) for x in found.rights] == [
        ("right", pytest.approx(0.2))
    ]
    assert sum(x.tonnes for x in found.stock if x.right == "right") == pytest.approx(
        0.3
    )


def test_less_released_is_still_there(tiny_case: Case) -> None:
    """And more that is found is put to the oldest lot."""
    happened = WhatHappened(released_tonnes={"gallium": 0.3})
    found = next_case(tiny_case, in_place(2.0), happened=happened)
    assert sum(lot.tonnes for lot in found.position.stock) == pytest.approx(1.7)


def test_cash_below_zero_ends_the_chain(tiny_case: Case) -> None:
    """The orders tell why no case comes next; with counted cash one does."""
    tiny_case["financing"]["facilities"] = []
    instance = read_instance(tiny_case)
    plan = written_plan(instance, in_place(2.0))
    facts = Observation(start=START, otherwise="as_planned", events=())
    found = advance(instance, plan, facts)
    assert found.next_case is None
    assert found.orders.next_instance_hash is None
    assert "cash is" in found.orders.endings[0]
    counted = facts.model_copy(update={"happened": WhatHappened(cash_usd=1.0)})
    assert advance(instance, plan, counted).next_case is not None


def test_books_tell_what_was_rotated_out_and_did_not_come(tiny_case: Case) -> None:
    """Of 0.5 t that are sold in exchange 0.2 t come: 0.3 t less are there."""
    tranche = in_place(2.0, rotation_tonnes_per_period=0.5)
    happened = WhatHappened(arrived_tonnes={"gallium-chn": 0.1, "gallium-deu": 0.1})
    (stock,) = orders(
        tiny_case, tranche, events=(), happened=happened
    ).reconciliation.stock
    assert stock.arrived_tonnes == pytest.approx(-0.3)
    assert stock.expected_tonnes == pytest.approx(1.7)
    # Of 0.1 t that a release has left no more can be sold in exchange.
    happened = happened.model_copy(update={"released_tonnes": {"gallium": 1.9}})
    (stock,) = orders(
        tiny_case, tranche, events=(), happened=happened
    ).reconciliation.stock
    assert (stock.arrived_tonnes, stock.expected_tonnes) == pytest.approx((-0.1, 0.0))


def test_nothing_released_is_nothing_by_rounding_too(tiny_case: Case) -> None:
    """What several tranches do not release is shared out, and is never below 0."""
    tranches = [
        in_place(0.1, rule=f"rule-{i}", steps=steps(0.1 / x))
        for i, x in enumerate((3, 7, 9, 11, 13))
    ]
    happened = WhatHappened(released_tonnes={"gallium": 0.0})
    (stock,) = orders(tiny_case, *tranches, happened=happened).reconciliation.stock
    assert stock.released_tonnes == 0.0


@pytest.mark.parametrize(("ends", "held"), [(None, 0.5), (0, 0.0)])
def test_what_is_found_beyond_a_right_is_free(
    tiny_case: Case, ends: int | None, held: float
) -> None:
    """0.75 t are counted of a right of 0.5 t, or where one has just ended."""
    tiny_case["entitlement_offers"] = [cases.offer(repurchase_period=ends)]
    right = in_place(0.5, offer="right", participant="maker", lots=5)
    happened = WhatHappened(stock_tonnes={"gallium": 0.75}, cash_usd=1e6)
    found = next_case(tiny_case, right, events=(), happened=happened)
    lots = found.position.stock
    assert sum(x.tonnes for x in lots if x.right) == pytest.approx(held)
    assert sum(x.tonnes for x in lots if not x.right) == pytest.approx(0.75 - held)


def test_what_did_not_come_of_a_build_up_was_not_drawn(tiny_case: Case) -> None:
    """Of 0.25 t for the right 0.05 t come: its holder still owes nothing."""
    tiny_case["entitlement_offers"] = [cases.offer()]
    terms = {"build_up_tonnes_per_period": 0.25, "build_up_periods": 4}
    right = in_place(1.0, offer="right", participant="maker", lots=10, **terms)
    arrived = {"gallium-chn": 0.05, "gallium-deu": 0.0}
    happened = WhatHappened(arrived_tonnes=arrived, cash_usd=1e6)
    found = next_case(tiny_case, right, events=(), happened=happened)
    (awarded,) = found.position.rights
    assert (awarded.drawn_tonnes, awarded.build_up_periods) == (0.0, 3)
    assert left_to_buy(found, found.materials[0], awarded) == pytest.approx(0.95)


DOUBLED: Case = {"multiple_of_path": 2.0, "material": "gallium"}


def test_prices_of_the_next_case_go_on_from_those_observed(tiny_case: Case) -> None:
    """A ban multiplies the price; what is beyond that is there after it as well."""
    multiplier = tiny_case["events"][0]["phases"][0]["price_multiplier"]
    prices = {"gallium": 500_000.0 * multiplier * 1.2}
    found = next_case(tiny_case, in_place(2.0), prices_usd_per_tonne=prices)
    (price,) = found.position.prices
    assert price.multiple_of_path == pytest.approx(1.2)
    drawn = sample(found, number_of_scenarios=4, generator=default_rng(1))
    assert drawn.price.min() == pytest.approx(1.2 * 500_000.0)
    # It stays there in the next month, of which no price is given.
    plan = written_plan(read_instance(tiny_case), in_place(2.0))
    facts = Observation(start=found.horizon.start, otherwise="as_planned")
    later = advance(found, plan, facts)
    assert later.next_case is not None
    assert later.next_case.position.prices == found.position.prices
    assert any("gallium 1.2 times the path" in x for x in later.orders.endings)


def test_a_price_on_its_path_is_no_word(tiny_case: Case) -> None:
    """Nor one of a month of which only the share of a route is known."""
    calm = {"events": (), "prices_usd_per_tonne": {"gallium": 500_000.0}}
    assert next_case(tiny_case, in_place(2.0), **calm).position.prices == ()
    cut = {"events": None, "availability": {"gallium-chn": 0.5}}
    dear = {"prices_usd_per_tonne": {"gallium": 900_000.0}}
    assert next_case(tiny_case, in_place(2.0), **cut, **dear).position.prices == ()


def test_what_is_bought_before_the_start_has_the_price_of_that_day(
    tiny_case: Case,
) -> None:
    """Twice the path: 2 t of gallium cost twice as much, premium apart."""
    tiny_case["financing"]["opening_cash_usd"] = 3e6
    cash: list[float] = []
    for prices in ([], [DOUBLED]):
        case = tiny_case | {"position": {"prices": prices}}
        found = orders(case, in_place(2.0), events=())
        assert sum(x.price_usd_per_tonne * x.tonnes for x in found.purchases) == (
            pytest.approx(1e6 * (2 if prices else 1))
        )
        cash.append(found.reconciliation.cash.expected_usd)
    assert cash[0] - cash[1] == pytest.approx(1e6, rel=0.01)
