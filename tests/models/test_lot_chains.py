"""The chain of a lot: positions say what is there, orders who received it."""

import datetime as dt

import pytest

from models.lot_chains import Entered, departures, lot_chains
from models.opening_position import OpeningPosition, StockLot
from models.orders import Allotment, HandOver, Orders, ReleaseOrder, RotationOrder
from models.reconciliation import (
    CashAccount,
    CostAccount,
    Reconciliation,
    ReleaseDifference,
)
from models.reserve import StatedPosition

START = dt.date(2026, 1, 1)
NEXT = dt.date(2026, 2, 1)
NOTHING = CostAccount(
    periods=1, expected_usd=0.0, incurred_usd=0.0, without_vault_usd=0.0
)


def lot(
    name: str, tonnes: float, days: int = 0, tranche: str | None = None
) -> StockLot:
    """Return a lot that arrived so many days before the start."""
    return StockLot(
        id=name,
        material="beta",
        tonnes=tonnes,
        arrival=START - dt.timedelta(days=days),
        mining_country="AUS",
        refining_country="MYS",
        tranche=tranche,
    )


def position(*lots: StockLot, start: dt.date = START) -> StatedPosition:
    """Return a position with these lots."""
    return StatedPosition(start=start, position=OpeningPosition(stock=lots))


def release(tonnes: float, tranche: str = "T", **to: float) -> ReleaseOrder:
    """Return a release to participants, of which none takes up the rest."""
    return ReleaseOrder(
        material="beta",
        tranche=tranche,
        tonnes=tonnes,
        reason="a gap",
        rule="all",
        alert=1,
        gap_tonnes=tonnes,
        on_hand_tonnes=tonnes,
        bound_by="coverage",
        beneficiaries=tuple(Allotment(participant=x, tonnes=y) for x, y in to.items()),
        unallotted_tonnes=tonnes - sum(to.values()),
    )


def orders(*releases: ReleaseOrder, really: float | None = None) -> Orders:
    """Return orders; really: what was released in place of what was ordered."""
    ordered = sum(x.tonnes for x in releases)
    different = (
        ()
        if really is None
        else (
            ReleaseDifference(
                material="beta", ordered_tonnes=ordered, released_tonnes=really
            ),
        )
    )
    cash = CashAccount(at_start_usd=0.0, expected_usd=0.0)
    return Orders(
        instance_hash="",
        plan_hash="",
        observation_hash="",
        start=START,
        end=NEXT,
        releases=releases,
        reconciliation=Reconciliation(
            stock=(),
            releases=different,
            cash=cash,
            cost=NOTHING,
            cost_so_far=NOTHING,
        ),
    )


Step = tuple[int, str, float, str | None]


def chains(*said: StatedPosition | Orders) -> dict[str, list[Step]]:
    """Return number, kind, tonnes and receiver of each step, by lot."""
    found = lot_chains([Entered(str(n), n, x) for n, x in enumerate(said, start=1)])
    for chain in found.values():
        assert chain.tonnes == pytest.approx(sum(x.tonnes for x in chain.steps))
    return {
        name: [(x.number, x.kind, round(x.tonnes, 9), x.to) for x in chain.steps]
        for name, chain in found.items()
    }


def test_the_oldest_lots_go_first() -> None:
    """3 t of lots of 2 t and 4 t: all of the old one and 1 t of the other."""
    stock = position(lot("new", 4.0), lot("old", 2.0, days=90))
    left = position(lot("new", 3.0), start=NEXT)
    assert chains(stock, orders(release(3.0, maker=2.0, other=1.0)), left) == {
        "new": [
            (1, "entered", 4.0, None),
            (2, "released", -0.666666667, "maker"),
            (2, "released", -0.333333333, "other"),
        ],
        "old": [
            (1, "entered", 2.0, None),
            (2, "released", -1.333333333, "maker"),
            (2, "released", -0.666666667, "other"),
        ],
    }


def test_a_tranche_takes_its_own_lots() -> None:
    """Where lots have its name; others stay, older ones as well."""
    stock = position(lot("a", 2.0, 90, "S"), lot("b", 2.0, 0, "T"), lot("c", 9.0, 99))
    found = chains(stock, orders(release(1.0, maker=1.0)))
    assert [name for name, steps in found.items() if len(steps) > 1] == ["b"]


def test_a_right_takes_the_lots_that_are_held_for_it() -> None:
    """Whatever the name of its tranche; a right without any takes free stock."""
    held = lot("a", 2.0).model_copy(update={"right": "right"})
    ordered = release(1.0, maker=1.0)
    for offer, expected in (("right", "a"), ("another", "b")):
        of_right = ordered.model_copy(update={"offer": offer})
        found = chains(position(held, lot("b", 2.0)), orders(of_right))
        assert [name for name, steps in found.items() if len(steps) > 1] == [expected]


def test_lots_of_a_day_leave_in_proportion() -> None:
    """A third of each of two lots."""
    found = chains(
        position(lot("a", 3.0), lot("b", 6.0)), orders(release(3.0, maker=3.0))
    )
    assert found["a"][1:] == [(2, "released", -1.0, "maker")]
    assert found["b"][1:] == [(2, "released", -2.0, "maker")]


def test_what_was_really_released_counts() -> None:
    """Half of what was ordered; none took up 1 t of it."""
    found = chains(position(lot("a", 9.0)), orders(release(4.0, maker=3.0), really=2.0))
    assert found["a"][1:] == [
        (2, "released", -1.5, "maker"),
        (2, "released", -0.5, None),
    ]


def test_nobody_receives_more_than_there_was() -> None:
    """Also by orders that give all of it away many times over, or of next to none."""
    twice = tuple(Allotment(participant=x, tonnes=1e15) for x in ("maker", "other"))
    given = release(1e-300).model_copy(update={"beneficiaries": twice})
    (found,) = chains(position(lot("a", 9.0)), orders(given, really=9.0)).values()
    assert found[1:] == [(2, "released", -4.5, "maker"), (2, "released", -4.5, "other")]
    nothing = release(0.0).model_copy(update={"tonnes": 1.0})
    found = chains(position(lot("a", 9.0)), orders(nothing, really=0.0))
    assert found == {"a": [(1, "entered", 9.0, None)]}


def test_a_later_count_is_believed() -> None:
    """What it has less is a step of its own, and a lot that is not there is empty."""
    found = chains(
        position(lot("a", 2.0, 90), lot("b", 1.0)),
        orders(release(0.5, maker=0.5)),
        position(lot("a", 1.2), start=NEXT),
    )
    assert found["a"][-1] == (3, "counted", -0.3, None)
    assert found["b"][-1] == (3, "counted", -1.0, None)


def test_rights_end_and_old_stock_is_sold() -> None:
    """Both leave the tranche."""
    common = {"material": "beta", "tranche": "T", "reason": "the end"}
    over = HandOver(tonnes=2.0, participant="maker", offer="right", **common)
    sold = RotationOrder(tonnes=1.0, **common)
    given = orders().model_copy(update={"hand_overs": (over,), "rotations": (sold,)})
    assert [(x.kind, x.tonnes, dict(x.to)) for x in departures(given)] == [
        ("handed_over", 2.0, {"maker": 1.0}),
        ("sold", 1.0, {None: 1.0}),
    ]
