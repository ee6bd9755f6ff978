"""One request to a receiver, whatever that answers."""

import datetime as dt
import ipaddress
import time
from dataclasses import replace

import pytest

from service.settings import networks_of
from service.webhooks.addresses import target_of
from service.webhooks.schedule import next_attempt
from service.webhooks.sending import send
from tests.service.webhooks.receiver import Receiver

LOOPBACK = "127.0.0.0/8"
NOW = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(("status", "is_asked"), [(302, False), (503, True)])
def test_no_redirect_is_followed_and_patience_is_had(
    receiver: Receiver, status: int, *, is_asked: bool
) -> None:
    """A redirect is no success; 503 may say how long to wait."""
    target = target_of(f"{receiver.url}/{status}/x", networks_of(LOOPBACK))
    answer = send(target, b"{}", {})
    assert (answer.status, answer.is_taken) == (status, False)
    assert [x[0] for x in receiver.received if "204" in x[0]][-1:] != ["/204"]
    assert answer.retry_after_s == (600 if is_asked else 0)
    again = next_attempt(1, NOW, answer.retry_after_s)
    assert again is not None
    assert (again - NOW > dt.timedelta(minutes=9)) is is_asked


def test_a_receiver_that_never_ends_is_left(receiver: Receiver) -> None:
    """Each of its bytes comes in time, and all of them never."""
    target = target_of(f"{receiver.url}/999", networks_of(LOOPBACK))
    answer = send(target, b"{}", {}, longest_s=0.3)
    assert answer.status is None
    assert answer.error is not None


def test_many_addresses_have_no_more_time_than_one(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name has as many as its owner likes, and a sender is for all."""
    tried_s: list[float] = []

    def never_connected(_where: tuple[str, int], timeout_s: float) -> None:
        tried_s.append(timeout_s)
        time.sleep(timeout_s)
        raise TimeoutError

    monkeypatch.setattr("socket.create_connection", never_connected)
    target = target_of(receiver.url, networks_of(LOOPBACK))
    addresses = tuple(ipaddress.ip_address(f"127.0.0.{x}") for x in range(1, 9))
    answer = send(replace(target, addresses=addresses), b"{}", {}, longest_s=0.2)
    assert answer.status is None
    assert sum(tried_s) <= 0.2
