"""Receivers get what happens: signed, again if need be, and nothing of others."""

import datetime as dt
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlmodel import select
from standardwebhooks import Webhook as Verifier

from models.tables import (
    DEFAULT_ORGANISATION,
    AuditEntry,
    Batch,
    Job,
    JobState,
    Webhook,
    WebhookDelivery,
)
from models.webhook import SUBSCRIBABLE, DeliveryState, EventType
from service.batches.control import cancel_batch, retry
from service.clock import Clock
from service.errors import StoreUnavailableError
from service.identity.account_secret import made_account_secret
from service.jobs.submission import SolveOrder, submit
from service.jobs.transitions import cancel
from service.settings import Settings
from service.store import webhook_events
from service.store.audit_log import Author
from service.store.database import Database
from service.store.webhooks import WebhookRepository
from service.webhooks.changing import WebhookChanges
from service.webhooks.delivering import Deliverer
from service.webhooks.schedule import CLAIM, MOST_ATTEMPTS
from service.webhooks.signing import secret_of, signed_headers, valid_keys
from strongroom_client import WebhookError, verified_webhook
from tests.service.conftest import StoreKit
from tests.service.store.conftest import store_batch
from tests.service.waiting import wait_until
from tests.service.webhooks.receiver import Receiver

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)

AUTHOR = Author("ada", "a request")
OTHERS = "others"
LOOPBACK = "127.0.0.0/8"
NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
Subscribe = Callable[..., str]
Deliver = Callable[[], None]


class StillClock:
    """A clock that advances when it is told to."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return self.at


@pytest.fixture
def clock() -> StillClock:
    """Return a clock that stands still."""
    return StillClock()


@pytest.fixture
def allowing(settings: Settings) -> Settings:
    """Return settings that allow the loopback address."""
    made_account_secret(settings)
    return settings.model_copy(update={"webhook_networks": LOOPBACK})


@pytest.fixture
def subscribe(kit: StoreKit, database: Database) -> Subscribe:
    """Return what makes a webhook of an organisation."""

    def make(
        url: str,
        organisation: str = DEFAULT_ORGANISATION,
        events: Sequence[EventType] = SUBSCRIBABLE,
    ) -> str:
        with database.within(organisation).transaction() as session:
            changes = WebhookChanges(session, AUTHOR, kit.clock())
            return changes.create("", url, events).id

    return make


@pytest.fixture
def deliver(allowing: Settings, database: Database, clock: Clock) -> Deliver:
    """Return what lets a worker send all that is due."""
    whole = Database(database.engine)

    def run() -> None:
        worker = Deliverer(whole, allowing, "a worker", clock, interval_s=0.02)
        worker.start()
        try:
            wait_until(lambda: not due(whole, clock))
        finally:
            worker.stop()

    return run


def due(database: Database, clock: Clock) -> bool:
    """Whether something is to be sent now, or is claimed and being sent."""
    with database.reading() as session:
        rows = session.exec(select(WebhookDelivery)).all()
    now = clock()
    waiting = [x.due_at for x in rows if x.state == DeliveryState.PENDING]
    return any(at <= now or at == now + CLAIM for at in waiting)


def deliveries(database: Database) -> list[WebhookDelivery]:
    """Return all deliveries in order."""
    with database.reading() as session:
        return [*session.exec(select(WebhookDelivery))]


def webhook(database: Database) -> Webhook:
    """Return the only webhook."""
    with database.reading() as session:
        return session.exec(select(Webhook)).one()


def ended_job(kit: StoreKit, seed: int = 1, participant: str | None = None) -> str:
    """Return a job that was cancelled."""
    kit.put_case()
    with kit.transaction() as session:
        order = SolveOrder(kit.instance.content_hash, {"seed": seed})
        options = kit.instance.options.model_copy(update={"seed": seed})
        case = kit.instance.model_copy(update={"options": options})
        job, _ = submit(session, order, case, kit.clock)
        job.participant = participant
    # The change is the last thing in its transaction.
    with kit.transaction() as session:
        return cancel(session, job.id, kit.clock).id


def test_an_event_comes_once_signed(
    receiver: Receiver,
    kit: StoreKit,
    subscribe: Subscribe,
    deliver: Deliver,
    allowing: Settings,
) -> None:
    """The reference implementation and our own both take it; others do not."""
    subscribe(f"{receiver.url}/204/once")
    job = ended_job(kit)
    deliver()
    (came,) = (x for x in receiver.received if x[0] == "/204/once")
    _, headers, body = came
    assert headers["content-type"] == "application/json"
    event = json.loads(body)
    assert (event["type"], event["data"]["id"]) == ("job.cancelled", job)
    (sent,) = deliveries(kit.database)
    assert (sent.state, sent.number_of_attempts) == (DeliveryState.DELIVERED, 1)
    assert headers["webhook-id"] == sent.id
    found, secret = webhook(kit.database), made_account_secret(allowing)
    text = secret_of(found, secret)
    at = int(headers["webhook-timestamp"])
    assert verified_webhook(text, headers, body.encode(), now_s=at) == event
    now = dt.datetime.now(dt.UTC)
    fresh = dict(
        signed_headers(sent.id, body.encode(), valid_keys(found, secret, now), now)
    )
    assert Verifier(text).verify(body, fresh) == event
    for wrong in ({"secret": "whsec_AAAA"}, {"body": b"{}"}, {"now_s": at + 400}):
        whole = {"secret": text, "body": body.encode(), "now_s": at, **wrong}
        with pytest.raises(WebhookError):
            verified_webhook(headers=headers, **whole)  # pyright: ignore[reportArgumentType]


def test_a_rotated_secret_overlaps(kit: StoreKit, subscribe: Subscribe) -> None:
    """Both count for a time, then the new one alone."""
    name, secret = subscribe("https://example.com/"), b"s" * 32
    with kit.transaction() as session:
        before = secret_of(webhook(kit.database), secret)
        changes = WebhookChanges(session, AUTHOR, NOW)
        rotated = changes.rotate(name, dt.timedelta(hours=1))
    after = secret_of(rotated, secret)
    for hours, valid in ((0.5, (before, after)), (2, (after,))):
        at = NOW + dt.timedelta(hours=hours)
        keys = valid_keys(rotated, secret, at)
        headers = signed_headers("msg_1", b"{}", keys, at)
        for each in (before, after):
            if each in valid:
                verified_webhook(each, headers, b"{}", now_s=at.timestamp())
            else:
                with pytest.raises(WebhookError):
                    verified_webhook(each, headers, b"{}", now_s=at.timestamp())


def test_a_receiver_that_fails_is_asked_again_and_then_given_up(
    receiver: Receiver,
    kit: StoreKit,
    subscribe: Subscribe,
    deliver: Deliver,
    clock: StillClock,
) -> None:
    """Its last answer is in the log; the audit log and the webhook say why."""
    name = subscribe(f"{receiver.url}/500")
    ended_job(kit)
    deliver()
    for number in range(2, MOST_ATTEMPTS + 1):
        (waits,) = deliveries(kit.database)
        assert waits.state == DeliveryState.PENDING
        assert waits.due_at > clock()
        clock.at = waits.due_at
        deliver()
        assert deliveries(kit.database)[0].number_of_attempts == number
    (failed,) = deliveries(kit.database)
    assert (failed.state, failed.attempts[-1]["status"]) == (DeliveryState.FAILED, 500)
    found = webhook(kit.database)
    assert found.disabled_because == (
        f"All attempts of the delivery {failed.id} failed, and no other came."
    )
    with kit.reading() as session:
        entries = session.exec(select(AuditEntry)).all()
    assert (entries[-1].verb, entries[-1].name) == ("disable", name)
    # What happens now waits; enabled again, it is told, and so is what is replayed.
    ended_job(kit, seed=2)
    deliver_none = len(receiver.received)
    with kit.transaction() as session:
        changes = WebhookChanges(session, AUTHOR, kit.clock())
        url = f"{receiver.url}/204/again"
        changes.change(name, {"is_enabled": True, "url": url})
        changes.replay(name, failed.id)
    deliver()
    assert len(receiver.received) == deliver_none + 1
    assert receiver.received[-1][1]["webhook-id"] == failed.id
    assert webhook(kit.database).last_delivered_at is not None


def test_a_receiver_that_is_gone_is_given_up_at_once(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe, deliver: Deliver
) -> None:
    """It answers 410."""
    subscribe(f"{receiver.url}/410")
    ended_job(kit)
    deliver()
    assert "410" in (webhook(kit.database).disabled_because or "")


def test_a_private_address_is_not_asked(
    receiver: Receiver,
    kit: StoreKit,
    subscribe: Subscribe,
    database: Database,
    settings: Settings,
) -> None:
    """Not even if the webhook was made while that was allowed."""
    made_account_secret(settings)
    subscribe(f"{receiver.url}/204/private")
    ended_job(kit)
    whole = Database(database.engine)
    worker = Deliverer(whole, settings, "a worker", kit.clock, interval_s=0.02)
    worker.start()
    wait_until(lambda: deliveries(whole)[0].number_of_attempts > 0)
    worker.stop()
    (waits,) = deliveries(whole)
    assert waits.attempts[0]["error"].startswith("not sent: ")
    assert not [x for x in receiver.received if x[0] == "/204/private"]


def test_each_organisation_is_told_of_its_own(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe
) -> None:
    """Another one gets nothing of it."""
    subscribe(f"{receiver.url}/204", OTHERS)
    ended_job(kit)
    assert deliveries(Database(kit.database.engine)) == []


def test_what_a_planner_orders_is_told_to_nobody(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe
) -> None:
    """Managers see it in no list either."""
    subscribe(f"{receiver.url}/204")
    ended_job(kit, participant="maker")
    assert deliveries(kit.database) == []


def test_a_batch_is_told_of_when_its_last_job_ends(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe
) -> None:
    """Not each of its jobs; and again, if some are ordered anew and end."""
    subscribe(f"{receiver.url}/204")
    kit.put_case()
    store_batch(kit)
    (told,) = deliveries(kit.database)
    with kit.transaction() as session:
        batch = session.exec(select(Batch)).one()
        retry(session, batch.id, kit.clock)
        queued = session.exec(select(Job).where(Job.state == JobState.QUEUED)).all()
        assert len(queued) > 1
    with kit.transaction() as session:
        cancel(session, queued[0].id, kit.clock)
    assert deliveries(kit.database) == [told]
    with kit.transaction() as session:
        cancel_batch(session, batch.id, kit.clock)
    again = deliveries(kit.database)[1:]
    for each in (told, *again):
        assert each.event == "batch.finished"
        assert json.loads(each.payload)["data"]["id"] == batch.id
    assert len(again) == 1


def test_only_who_waits_for_the_end_of_a_batch_lets_it_be_looked_at(
    kit: StoreKit, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then that batch alone is locked."""
    locked: list[str] = []

    def note(_: Connection, purpose: str) -> None:
        locked.append(purpose)

    monkeypatch.setattr(webhook_events, "lock", note)
    kit.put_case()
    url = "https://hooks.example.com/"
    subscribe(url, OTHERS)
    subscribe(url, events=[EventType.JOB_CANCELLED])
    store_batch(kit)
    whole = Database(kit.database.engine)
    assert (locked, deliveries(whole)) == ([], [])
    subscribe(url, events=[EventType.BATCH_FINISHED])
    with kit.transaction() as session:
        batch = session.exec(select(Batch)).one()
        retry(session, batch.id, kit.clock)
    with kit.transaction() as session:
        cancel_batch(session, batch.id, kit.clock)
    assert locked == [f"webhooks of batch {batch.sequence}"]
    assert [x.event for x in deliveries(whole)] == [EventType.BATCH_FINISHED]


def test_what_is_rolled_back_did_not_happen(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe
) -> None:
    """The event is written with its job, or not at all."""
    subscribe(f"{receiver.url}/204")
    kit.put_case()

    def end_and_fail() -> None:
        with kit.transaction() as session:
            order = SolveOrder(kit.instance.content_hash)
            job, _ = submit(session, order, kit.instance, kit.clock)
            cancel(session, job.id, kit.clock)
            session.flush()
            raise StoreUnavailableError

    with pytest.raises(StoreUnavailableError):
        end_and_fail()
    assert deliveries(kit.database) == []


def test_what_a_dead_worker_had_is_sent_later(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe, deliver: Deliver
) -> None:
    """Its claim ends after a minute; until then nobody else has it."""
    subscribe(f"{receiver.url}/204/late")
    ended_job(kit)
    whole = Database(kit.database.engine)
    now = kit.clock()
    with whole.transaction() as session:
        assert len(WebhookRepository(session).claim(now, now + CLAIM, 4, {})) == 1
    with whole.transaction() as session:
        assert not WebhookRepository(session).claim(now, now + CLAIM, 4, {})
        session.exec(select(WebhookDelivery)).one().due_at = now
    deliver()
    assert [x[0] for x in receiver.received].count("/204/late") == 1


def test_a_worker_without_the_secret_sends_nothing(
    receiver: Receiver, kit: StoreKit, subscribe: Subscribe, tmp_path: Path
) -> None:
    """It leaves it to others, and says so."""
    subscribe(f"{receiver.url}/204/none")
    ended_job(kit)
    bare = Settings(
        data_directory=tmp_path / "bare", webhook_networks=LOOPBACK, has_worker=False
    )
    whole = Database(kit.database.engine)
    worker = Deliverer(whole, bare, "a worker", kit.clock, interval_s=0.01)
    worker.start()
    worker.stop()
    (waits,) = deliveries(whole)
    assert waits.number_of_attempts == 0


def test_one_organisation_leaves_a_sender_to_the_others(
    database: Database, subscribe: Subscribe
) -> None:
    """Its receivers may be as many and as slow as it likes."""
    whole, owners = Database(database.engine), [*(DEFAULT_ORGANISATION,) * 5, OTHERS]
    for owner in owners:
        webhook_id = subscribe("https://hooks.example.com/", owner)
        with whole.within(owner).transaction() as session:
            WebhookChanges(session, AUTHOR, NOW).ping(webhook_id)
    with whole.transaction() as session:
        claimed = WebhookRepository(session).claim(NOW, NOW + CLAIM, 4, {})
        found = [x.organisation for x, _ in claimed]
        busy = {x.sequence or 0: x.organisation for x, _ in claimed}
        assert found == [*(DEFAULT_ORGANISATION,) * 3, OTHERS]
        more = WebhookRepository(session).claim(NOW, NOW + CLAIM, 4, busy)
        assert more == []


def test_what_waits_for_a_disabled_webhook_wakes_no_worker(
    database: Database, subscribe: Subscribe
) -> None:
    """It is looked for by a query that locks nothing."""
    webhook_id = subscribe("https://hooks.example.com/")
    with database.transaction() as session:
        changes = WebhookChanges(session, AUTHOR, NOW)
        changes.ping(webhook_id)
        assert WebhookRepository(session).one_is_due(NOW)
        changes.change(webhook_id, {"is_enabled": False})
        session.flush()
        assert not WebhookRepository(session).one_is_due(NOW)
