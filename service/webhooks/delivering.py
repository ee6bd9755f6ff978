"""What a worker sends to receivers: what is due, until it is taken or given up.

Each delivery is claimed for a minute before it is sent. A worker that dies meanwhile
leaves it to be sent again: at least once, not at most once.
"""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

from models.tables import Webhook, WebhookDelivery
from models.webhook import DeliveryState
from service.clock import Clock
from service.errors import ServiceError, StoreUnavailableError
from service.identity.account_secret import account_secret
from service.settings import Settings, networks_of
from service.store.audit_log import AuditTrail, Author
from service.store.database import Database
from service.store.webhooks import MOST_OF_ORGANISATION, WebhookRepository
from service.webhooks.addresses import RefusedAddressError, target_of
from service.webhooks.schedule import CLAIM, KEPT, next_attempt
from service.webhooks.sending import ReceiverAnswer, send
from service.webhooks.signing import signed_headers, valid_keys

NUMBER_OF_SENDERS = MOST_OF_ORGANISATION + 1
INTERVAL_S = 5.0
PURGE_INTERVAL_S = 3600.0
MOST_ATTEMPTS_LISTED = 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker has to send."""

    webhook: Webhook
    delivery: WebhookDelivery


class Deliverer:
    """A thread that looks for what is due, and others that send it."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        worker_id: str,
        clock: Clock,
        interval_s: float = INTERVAL_S,
    ) -> None:
        self._database = database
        self._settings = settings
        self._allowed = networks_of(settings.webhook_networks)
        self._author = Author(worker_id, "")
        self._clock = clock
        self._interval_s = interval_s
        self._is_over = threading.Event()
        self._looks = threading.Event()
        # Webhooks that something is being sent to, one thing at a time to each, with
        # their organisations.
        self._busy: dict[int, str] = {}
        self._purged_s = monotonic()
        self._is_told = False
        self._senders = ThreadPoolExecutor(NUMBER_OF_SENDERS, "webhooks")
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End it. What is being sent is waited for; what waits is sent later."""
        self._is_over.set()
        self._looks.set()
        self._thread.join()
        self._senders.shutdown()

    def _run(self) -> None:
        while not self._is_over.is_set():
            self._looks.clear()
            try:
                self._look()
            except StoreUnavailableError:
                # It has been logged. The next round may succeed.
                pass
            except Exception:
                logger.exception("webhooks failed")
            self._looks.wait(self._interval_s)

    def _look(self) -> None:
        if monotonic() - self._purged_s > PURGE_INTERVAL_S:
            self._purged_s = monotonic()
            with self._database.transaction() as session:
                WebhookRepository(session).purge(self._clock() - KEPT)
        for claimed in self._claimed():
            webhook = claimed.webhook
            self._busy[claimed.delivery.webhook_sequence] = webhook.organisation
            self._senders.submit(self._deliver, claimed)

    def _claimed(self) -> Sequence[Claimed]:
        free = NUMBER_OF_SENDERS - len(self._busy)
        now = self._clock()
        if not free or not self._one_is_due():
            return ()
        if account_secret(self._settings) is None:
            if not self._is_told:
                self._is_told = True
                logger.warning("webhooks wait for a worker with the account secret")
            return ()
        with self._database.transaction() as session:
            webhooks = WebhookRepository(session)
            found = webhooks.claim(now, now + CLAIM, free, dict(self._busy))
            return [Claimed(*each) for each in found]

    def _one_is_due(self) -> bool:
        # Reading: an idle worker takes no lock.
        with self._database.reading() as session:
            return WebhookRepository(session).one_is_due(self._clock())

    def _deliver(self, claimed: Claimed) -> None:
        """Send something and write down what came of it."""
        try:
            answer = self._sent(claimed)
            self._note(claimed, answer)
        except ServiceError as error:
            # Its claim ends, and it is sent again.
            logger.warning("delivery %s: %s", claimed.delivery.id, error)
        except Exception:
            logger.exception("delivery %s", claimed.delivery.id)
        finally:
            self._busy.pop(claimed.delivery.webhook_sequence, None)
            self._looks.set()

    def _sent(self, claimed: Claimed) -> ReceiverAnswer:
        webhook, payload = claimed.webhook, claimed.delivery.payload.encode()
        try:
            target = target_of(webhook.url, self._allowed)
        except RefusedAddressError as error:
            return ReceiverAnswer(None, f"not sent: expected {error}")
        now = self._clock()
        keys = valid_keys(webhook, account_secret(self._settings) or b"", now)
        headers = signed_headers(claimed.delivery.id, payload, keys, now)
        return send(target, payload, headers)

    def _note(self, claimed: Claimed, answer: ReceiverAnswer) -> None:
        """Write what came of an attempt; give up what nobody takes."""
        organisation = claimed.webhook.organisation
        with self._database.within(organisation).transaction() as session:
            webhooks, now = WebhookRepository(session), self._clock()
            webhook = webhooks.held(claimed.webhook.id)
            delivery = webhooks.delivery(webhook, claimed.delivery.id)
            delivery.number_of_attempts += 1
            attempt = {
                "at": now.isoformat(),
                "status": answer.status,
                "error": answer.error,
            }
            delivery.attempts = [*delivery.attempts, attempt][-MOST_ATTEMPTS_LISTED:]
            if answer.is_taken:
                delivery.state = DeliveryState.DELIVERED
                webhook.last_delivered_at = now
                return
            again = next_attempt(delivery.number_of_attempts, now, answer.retry_after_s)
            if again is not None and not answer.is_gone:
                delivery.due_at = again
                return
            delivery.state = DeliveryState.FAILED
            because = _reason(webhook, delivery, answer)
            if because is not None and webhook.disabled_at is None:
                webhook.disabled_at, webhook.disabled_because = now, because
                trail = AuditTrail(session, self._author, now)
                trail.add("disable", "webhook", webhook.id)
                logger.warning("webhook %s is disabled: %s", webhook.id, because)


def _reason(
    webhook: Webhook, delivery: WebhookDelivery, answer: ReceiverAnswer
) -> str | None:
    """Return why a receiver is given up; None if it is not."""
    if answer.is_gone:
        return "The receiver answered 410: it wants nothing any more."
    last = webhook.last_delivered_at
    if last is None or last < delivery.created_at:
        return f"All attempts of the delivery {delivery.id} failed, and no other came."
    return None
