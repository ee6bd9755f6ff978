import multiprocessing
import os
import struct

import pytest

from models.failure import Failure, FailureKind
from models.outcome import Outcome, ProgressRecord, Termination
from service.jobs.messages import Message, WarmStartFound, receive, send

MESSAGES = [
    ProgressRecord(seconds=0.5, stage="relaxation", gap=0.25, cuts=3, message="ä\nb"),
    Outcome(termination=Termination.INFEASIBLE, conflict=("no money",), seconds=2.5),
    Failure(kind=FailureKind.ERROR, reason="lost its way"),
    WarmStartFound(content="AAEC"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    """Kind and content are the same."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    with receiving, sending:
        send(sending, message)
        assert receive(receiving) == message


def test_half_a_message_is_none() -> None:
    """A message that ends early counts as not sent."""
    receiving, sending = multiprocessing.Pipe(duplex=False)
    with receiving:
        with sending:
            # The connection writes how long a message is before it.
            os.write(sending.fileno(), struct.pack("!i", 100) + b"Failure")
        with pytest.raises(OSError, match="end of file during message"):
            receive(receiving)
