"""Rights after their award: draws, replenishments and transfers, in a ledger."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlmodel import Session

from models.plan import Award
from models.round import OfferKey
from service.errors import (
    MalformedOrderError,
    RightNotHeldError,
    RoundNotFoundError,
    RoundStateError,
    ServiceError,
    TransferNotFoundError,
    TransferStateError,
)
from service.rounds.conduct import case_with_offers, publish_round, sealed_offers
from service.rounds.holdings import (
    HeldRight,
    draw,
    enter_awards,
    holdings,
    opened_ledger,
    read_ledger,
    replenish,
)
from service.rounds.transfers import (
    consent,
    offer_lots,
    refuse,
    take_lots,
    withdraw_lots,
)
from service.store.plans import PlanRepository
from service.store.rounds import RoundRepository
from tests.service.conftest import StoreKit
from tests.service.fake_solver import plan_of
from tests.service.rounds.test_conduct import (
    KEY,
    RIGHT,
    opened,
    pass_closing_time,
    place,
)

LOTS = 10
OTHER = OfferKey("other", KEY.right)


def published(kit: StoreKit, limit: float = 1.0) -> str:
    """Publish an award of ten lots to the maker; another takes part. Return the id."""
    right = RIGHT.model_copy(update={"draw_limit_per_month": limit})
    round_id = opened(kit, right)
    place(kit, round_id, LOTS)
    pass_closing_time(kit, round_id)
    with kit.transaction() as session:
        found, rows = sealed_offers(session, round_id)
        written = case_with_offers(kit.instance, found, rows)
        award = Award(
            offer=KEY.offer,
            participant=KEY.participant,
            material=RIGHT.material,
            lots=LOTS,
            tonnes=LOTS * kit.instance.materials[0].lot_tonnes,
            days_of_own_cover=1.0,
            inventory_price_usd_per_tonne=1.0,
            upfront_fee_usd=7.0,
            carrying_fee_usd_per_year=0.0,
        )
        plan = plan_of(written).model_copy(update={"awards": (award,)})
        case_hash = kit.instance.content_hash
        PlanRepository(session).put(plan, case_hash=case_hash, at=kit.clock())
        found = publish_round(session, round_id, plan)
        enter_awards(session, found, plan, "manager")
        found.participants = [KEY.participant, OTHER.participant]
    return round_id


def held(kit: StoreKit, round_id: str, participant: str = KEY.participant) -> HeldRight:
    """Return the only right that a participant holds."""
    with kit.reading() as session:
        rights, now = read_ledger(session, round_id, participant)
        (found,) = holdings(rights, participant, now)
        return found


def changed(kit: StoreKit, change: Any, *arguments: object, **named: object) -> Any:  # noqa: ANN401
    """Return what a change gives, in a transaction of its own."""
    with kit.transaction() as session:
        return change(session, *arguments, **named)


def test_nothing_is_held_before_awards_are_published(kit: StoreKit) -> None:
    """And nothing can be drawn."""
    kit.put_case()
    round_id = opened(kit)
    with pytest.raises(RoundStateError):
        changed(kit, draw, round_id, KEY, 1.0, account="planner")
    with kit.reading() as session, pytest.raises(RoundStateError):
        read_ledger(session, round_id)


def test_the_ledger_is_read_beside_a_change(kit: StoreKit) -> None:
    """Who reads waits for nobody, and finds no round without a part in it."""
    kit.put_case()
    round_id = published(kit)
    with kit.transaction() as session:
        opened_ledger(session, round_id)
        assert held(kit, round_id).lots == LOTS
    for wrong in ((round_id, "stranger"), ("none", KEY.participant), ("none", None)):
        with kit.reading() as session, pytest.raises(RoundNotFoundError):
            read_ledger(session, *wrong)


def test_a_draw_is_limited_by_the_month_and_by_what_is_held(kit: StoreKit) -> None:
    """Of 10 lots half in 30 days; what is put back does not lengthen the month."""
    kit.put_case()
    round_id = published(kit, limit=0.5)
    lot = held(kit, round_id).right.lot_tonnes
    changed(kit, draw, round_id, KEY, 3 * lot, account="planner")
    found = held(kit, round_id)
    assert found.tonnes == pytest.approx(7 * lot)
    assert found.most_drawn_tonnes == pytest.approx(2 * lot)
    with pytest.raises(MalformedOrderError):
        changed(kit, draw, round_id, KEY, 2.1 * lot, account="planner")
    with pytest.raises(MalformedOrderError):
        changed(kit, replenish, round_id, KEY, 3.1 * lot, account="planner")
    changed(kit, replenish, round_id, KEY, 3 * lot, account="planner")
    assert held(kit, round_id).most_drawn_tonnes == pytest.approx(2 * lot)
    with kit.transaction() as session:
        rights, _ = opened_ledger(session, round_id)
        kinds = [(x.kind, x.participant, x.account) for x in rights.entries()]
    assert kinds == [
        ("award", "maker", "manager"),
        ("draw", "maker", "planner"),
        ("replenishment", "maker", "planner"),
    ]


def test_lots_pass_to_who_takes_them_once_a_manager_consents(kit: StoreKit) -> None:
    """Until then they are the holder's, which cannot draw on them."""
    kit.put_case()
    round_id = published(kit)
    with pytest.raises(RightNotHeldError):
        changed(kit, offer_lots, round_id, OTHER, 1)
    with pytest.raises(MalformedOrderError):
        changed(kit, offer_lots, round_id, KEY, LOTS + 1)
    name = changed(kit, offer_lots, round_id, KEY, 4).id
    found = held(kit, round_id)
    assert found.most_drawn_tonnes == pytest.approx(6 * found.right.lot_tonnes)
    with pytest.raises(TransferNotFoundError):
        changed(kit, take_lots, round_id, name, KEY.participant)
    with pytest.raises(TransferNotFoundError):
        changed(kit, withdraw_lots, round_id, name, OTHER.participant)
    with pytest.raises(TransferStateError):
        changed(kit, consent, round_id, name, account="manager")
    changed(kit, take_lots, round_id, name, OTHER.participant)
    with pytest.raises(TransferStateError):
        changed(kit, withdraw_lots, round_id, name, KEY.participant)
    changed(kit, consent, round_id, name, account="manager")
    assert held(kit, round_id).lots == 6
    assert held(kit, round_id, OTHER.participant).lots == 4
    with pytest.raises(TransferStateError):
        changed(kit, refuse, round_id, name)


def test_what_became_of_lots_is_told_to_those_two_alone(kit: StoreKit) -> None:
    """A third that saw them on offer finds them no longer, whatever became of them."""
    kit.put_case()
    round_id = published(kit)
    with kit.transaction() as session:
        found = RoundRepository(session).get(round_id)
        found.participants = [*found.participants, "third"]
    taken, withdrawn = (changed(kit, offer_lots, round_id, KEY, 2).id for _ in "ab")
    changed(kit, withdraw_lots, round_id, withdrawn, KEY.participant)
    changed(kit, take_lots, round_id, taken, OTHER.participant)
    with pytest.raises(TransferNotFoundError):
        changed(kit, take_lots, round_id, taken, "third")
    changed(kit, consent, round_id, taken, account="manager")
    for name in (taken, withdrawn):
        with pytest.raises(TransferNotFoundError):
            changed(kit, take_lots, round_id, name, "third")
    with pytest.raises(TransferStateError):
        changed(kit, take_lots, round_id, taken, OTHER.participant)


ACTIONS = ("draw", "replenish", "offer", "take", "withdraw", "consent", "refuse")
STEPS = st.tuples(
    st.sampled_from(ACTIONS), st.sampled_from((KEY, OTHER)), st.integers(1, 6)
)


def act(session: Session, round_id: str, action: str, key: OfferKey, size: int) -> None:
    """Let a participant, or a manager, do something; raise ServiceError if it may not.

    Of the transfers one is chosen by the size.
    """
    rights, _ = opened_ledger(session, round_id)
    names = [x.id for x in rights.transfers()] or ["none"]
    name, who = names[size % len(names)], key.participant
    match action:
        case "draw":
            draw(session, round_id, key, 0.7 * size, account="planner")
        case "replenish":
            replenish(session, round_id, key, 0.7 * size, account="planner")
        case "offer":
            offer_lots(session, round_id, key, size)
        case "take":
            take_lots(session, round_id, name, who)
        case "withdraw":
            withdraw_lots(session, round_id, name, who)
        case "consent":
            consent(session, round_id, name, account="manager")
        case _:
            refuse(session, round_id, name)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_no_order_of_changes_makes_or_loses_lots(kit: StoreKit) -> None:
    """Nobody holds less than nothing, more than its lots, or less than it offers."""
    kit.put_case()

    @given(st.lists(STEPS, max_size=12))
    @hypothesis_settings(max_examples=8, deadline=None)
    def follow(steps: list[tuple[str, OfferKey, int]]) -> None:
        round_id = published(kit)
        for step in steps:
            with contextlib.suppress(ServiceError), kit.transaction() as session:
                act(session, round_id, *step)
        with kit.transaction() as session:
            rights, now = opened_ledger(session, round_id)
            both = [
                x for k in (KEY, OTHER) for x in holdings(rights, k.participant, now)
            ]
        assert sum(x.lots for x in both) == LOTS
        for x in both:
            assert -1e-9 <= x.free_tonnes <= x.tonnes <= x.size_tonnes + 1e-9

    follow()
