"""Rounds: what may happen in which state, and what offers become."""

import datetime as dt
import threading
from collections.abc import Mapping
from typing import ClassVar

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from models.round import OfferKey, RoundRight, SealedOffer
from service.errors import (
    MalformedOrderError,
    OfferNotFoundError,
    PlanOfOtherCaseError,
    RightNotFoundError,
    RoundStateError,
)
from service.rounds.conduct import (
    cancel_round,
    case_with_offers,
    check_plan,
    close_round,
    open_round,
    place_offer,
    publish_round,
    sealed_offers,
    withdraw_offer,
)
from service.rounds.states import ALLOWED, RoundAction, RoundState, state_of
from service.store.plans import PlanRepository
from service.store.rounds import RoundRepository
from tests.service.conftest import StoreKit
from tests.service.fake_solver import plan_of

HOUR = dt.timedelta(hours=1)
RIGHT = RoundRight(
    id="gallium-right",
    material="gallium",
    inventory_price_factor=1.03,
    upfront_fee_rate=0.02,
    carrying_fee_rate_per_year=0.05,
    maximum_lots=20,
)
KEY = OfferKey("maker", "gallium-right")


def opened(kit: StoreKit, *rights: RoundRight, after: dt.timedelta = HOUR) -> str:
    """Open a round for the tiny case; return its id."""
    with kit.transaction() as session:
        new = open_round(
            session,
            kit.instance,
            name="First round",
            rights=rights or (RIGHT,),
            participants=(),
            closes_at=RoundRepository(session).now() + after,
        )
        return new.id


def pass_closing_time(kit: StoreKit, round_id: str) -> None:
    """Let the closing time of a round lie in the past, as if it had gone by."""
    with kit.transaction() as session:
        rounds = RoundRepository(session)
        rounds.held(round_id).closes_at = rounds.now() - dt.timedelta(seconds=1)


def offers(kit: StoreKit, round_id: str) -> Mapping[OfferKey, tuple[int, int]]:
    """Return the offers that stand, by the case with offers."""
    with kit.transaction() as session:
        found, rows = sealed_offers(session, round_id)
        written = case_with_offers(kit.instance, found, rows)
    return {
        OfferKey(x.participant, x.id.removeprefix(f"{x.participant}_")): (
            x.minimum_lots,
            x.maximum_lots,
        )
        for x in written.entitlement_offers
    }


def place(kit: StoreKit, round_id: str, most: int, key: OfferKey = KEY) -> int:
    """Make an offer; return its version."""
    with kit.transaction() as session:
        offer = SealedOffer(maximum_lots=most)
        return place_offer(session, round_id, key, offer, account="planner").version


def test_an_offer_becomes_one_of_the_case(kit: StoreKit) -> None:
    """At 1.03 of the price, fees in proportion; those of the case itself are gone."""
    kit.put_case()
    round_id = opened(kit)
    assert place(kit, round_id, 3) == 1
    assert place(kit, round_id, 5) == 2
    pass_closing_time(kit, round_id)
    with kit.transaction() as session:
        found, rows = sealed_offers(session, round_id)
    (offer,) = case_with_offers(kit.instance, found, rows).entitlement_offers
    price = 1.03 * kit.instance.materials[0].price_usd_per_tonne
    assert (offer.participant, offer.maximum_lots) == ("maker", 5)
    assert offer.inventory_price_usd_per_tonne == pytest.approx(price)
    assert offer.upfront_fee_usd_per_tonne == pytest.approx(0.02 * price)
    assert offer.carrying_fee_usd_per_tonne_year == pytest.approx(0.05 * price)


def test_a_round_asks_for_what_the_case_has(kit: StoreKit) -> None:
    """All mistakes at once."""
    kit.put_case()
    wrong = RIGHT.model_copy(update={"material": "gallum"})
    with (
        kit.transaction() as session,
        pytest.raises(MalformedOrderError) as caught,
    ):
        open_round(
            session,
            kit.instance,
            name="Wrong",
            rights=(RIGHT, wrong),
            participants=("nobody",),
            closes_at=RoundRepository(session).now() - HOUR,
        )
    paths = [mistake.path for mistake in caught.value.mistakes]
    of_rights = ["rights[1].id", "rights[1].material"]
    assert paths == [*of_rights, "participants[0]", "closes_at"]


def test_terms_beyond_the_horizon_are_refused(kit: StoreKit) -> None:
    """As in a case."""
    kit.put_case()
    late = RIGHT.model_copy(update={"repurchase_period": 400})
    with pytest.raises(MalformedOrderError, match="repurchase_period") as caught:
        opened(kit, late)
    (mistake,) = caught.value.mistakes
    assert mistake.value == 400


def test_an_offer_is_for_a_right_of_the_round(kit: StoreKit) -> None:
    """And for no more lots than it has."""
    kit.put_case()
    round_id = opened(kit)
    with pytest.raises(RightNotFoundError):
        place(kit, round_id, 1, OfferKey("maker", "other"))
    with pytest.raises(MalformedOrderError):
        place(kit, round_id, 21)


def test_awards_are_those_of_a_plan_for_all_offers(kit: StoreKit) -> None:
    """A plan of the case without the offers is refused; other options are not."""
    kit.put_case()
    round_id = opened(kit)
    place(kit, round_id, 3)
    pass_closing_time(kit, round_id)
    with kit.transaction() as session:
        found, rows = sealed_offers(session, round_id)
        written = case_with_offers(kit.instance, found, rows)
    options = written.options.model_copy(update={"seed": 77})
    good = plan_of(written.model_copy(update={"options": options}))
    with pytest.raises(PlanOfOtherCaseError):
        check_plan(written, plan_of(kit.instance))
    check_plan(written, good)
    with kit.transaction() as session:
        case_hash = kit.instance.content_hash
        PlanRepository(session).put(good, case_hash=case_hash, at=kit.clock())
        assert publish_round(session, round_id, good).plan_hash is not None


class Rounds(RuleBasedStateMachine):
    """Rounds of several participants, beside a list of what should be."""

    rounds = Bundle("rounds")

    kit: ClassVar[StoreKit]

    def __init__(self) -> None:
        super().__init__()
        self.state: dict[str, RoundState] = {}
        self.standing: dict[str, dict[OfferKey, tuple[int, int]]] = {}

    @rule(target=rounds)
    def open(self) -> str:
        """Open one."""
        round_id = opened(self.kit)
        self.state[round_id], self.standing[round_id] = RoundState.OPEN, {}
        return round_id

    def _allowed(self, round_id: str, action: RoundAction) -> bool:
        return action in ALLOWED[self.state[round_id]]

    @rule(round_id=rounds, most=st.integers(1, 20))
    def offer(self, round_id: str, most: int) -> None:
        """Make or change an offer: only while the round is open."""
        if self._allowed(round_id, RoundAction.OFFER):
            place(self.kit, round_id, most)
            self.standing[round_id][KEY] = (1, most)
        else:
            with pytest.raises(RoundStateError):
                place(self.kit, round_id, most)

    @rule(round_id=rounds)
    def withdraw(self, round_id: str) -> None:
        """Take an offer back: one that stands, while the round is open."""
        with self.kit.transaction() as session:
            if not self._allowed(round_id, RoundAction.OFFER):
                with pytest.raises(RoundStateError):
                    withdraw_offer(session, round_id, KEY, account="planner")
            elif self.standing[round_id].pop(KEY, None) is None:
                with pytest.raises(OfferNotFoundError):
                    withdraw_offer(session, round_id, KEY, account="planner")
            else:
                withdraw_offer(session, round_id, KEY, account="planner")

    @rule(round_id=rounds)
    def closing_time(self, round_id: str) -> None:
        """Let its time go by."""
        if self.state[round_id] is RoundState.OPEN:
            pass_closing_time(self.kit, round_id)
            self.state[round_id] = RoundState.CLOSED

    @rule(round_id=rounds)
    def close(self, round_id: str) -> None:
        """Close it before its time."""
        with self.kit.transaction() as session:
            if self._allowed(round_id, RoundAction.CLOSE):
                close_round(session, round_id)
                self.state[round_id] = RoundState.CLOSED
            else:
                with pytest.raises(RoundStateError):
                    close_round(session, round_id)

    @rule(round_id=rounds)
    def cancel(self, round_id: str) -> None:
        """Cancel it unless its awards are published."""
        with self.kit.transaction() as session:
            if self._allowed(round_id, RoundAction.CANCEL):
                cancel_round(session, round_id)
                self.state[round_id] = RoundState.CANCELLED
            else:
                with pytest.raises(RoundStateError):
                    cancel_round(session, round_id)

    @rule(round_id=rounds)
    def publish(self, round_id: str) -> None:
        """Publish a plan of the case with all offers."""
        with self.kit.transaction() as session:
            found = RoundRepository(session).held(round_id)
            rows = RoundRepository(session).offers(found)
            written = case_with_offers(self.kit.instance, found, rows)
            plan = plan_of(written)
            if self._allowed(round_id, RoundAction.PUBLISH):
                PlanRepository(session).put(
                    plan, case_hash=self.kit.instance.content_hash, at=self.kit.clock()
                )
                publish_round(session, round_id, plan)
                self.state[round_id] = RoundState.PUBLISHED
            else:
                with pytest.raises(RoundStateError):
                    publish_round(session, round_id, plan)

    @invariant()
    def every_round_is_where_it_should_be(self) -> None:
        """Offers are sealed while it is open, and stay as they were after it."""
        for round_id, state in self.state.items():
            with self.kit.reading() as session:
                rounds = RoundRepository(session)
                assert state_of(rounds.get(round_id), rounds.now()) is state
            if self._allowed(round_id, RoundAction.READ_OFFERS):
                assert offers(self.kit, round_id) == self.standing[round_id]
            else:
                with self.kit.transaction() as session, pytest.raises(RoundStateError):
                    sealed_offers(session, round_id)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_any_order_of_actions_keeps_to_the_states(kit: StoreKit) -> None:
    """Drawn by hypothesis."""
    kit.put_case()
    chosen = hypothesis_settings(max_examples=8, stateful_step_count=12, deadline=None)
    Rounds.kit = kit
    run_state_machine_as_test(Rounds, settings=chosen)


def test_two_planners_at_the_last_second(kit: StoreKit) -> None:
    """Each offer is refused, or seen by whoever reads the offers after the closing."""
    kit.put_case()
    round_id = opened(kit)
    taken: list[int] = []
    ready = threading.Barrier(3)

    def planner(most: int) -> None:
        ready.wait()
        try:
            place(kit, round_id, most)
        except RoundStateError:
            return
        taken.append(most)

    threads = [threading.Thread(target=planner, args=(most,)) for most in (3, 4)]
    for thread in threads:
        thread.start()
    ready.wait()
    with kit.transaction() as session:
        close_round(session, round_id)
    seen = offers(kit, round_id)
    for thread in threads:
        thread.join()
    assert {most for _, most in seen.values()} <= set(taken)
    assert bool(seen) is bool(taken)
    assert offers(kit, round_id) == seen
