"""Kinds of failures, told from the words that are said of them."""

import signal

import pytest

from service.jobs.attempt import NOT_KEPT
from service.jobs.ending import out_of_memory, without_answer
from service.jobs.failure_kinds import NUMBER_OF_CHARACTERS, FailureKind, kind_of
from service.jobs.memory import Usage

LIMIT = 1_000_000_000


def ended_by(status: int) -> str:
    """Return what is said of a process that ended so, with memory to spare."""
    return without_answer(status, Usage(), LIMIT)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (out_of_memory(LIMIT), FailureKind.OUT_OF_MEMORY),
        (ended_by(-signal.SIGSEGV), FailureKind.CRASHED),
        (ended_by(-signal.SIGABRT), FailureKind.CRASHED),
        (ended_by(-signal.SIGKILL), FailureKind.ENDED_FROM_OUTSIDE),
        (ended_by(-signal.SIGTERM), FailureKind.ENDED_FROM_OUTSIDE),
        (ended_by(3), FailureKind.WITHOUT_ANSWER),
        (NOT_KEPT, FailureKind.NOT_STORED),
        ("The worker died 3 times.", FailureKind.WORKER_LOST),
        ("The solve stopped on an error: KeyError: 'x'", FailureKind.ERROR),
        ("The solving process could not be started: no.", FailureKind.NOT_STARTED),
        ("", FailureKind.OTHER),
        ("The reserve is on fire.", FailureKind.OTHER),
    ],
)
def test_words_have_their_kind(words: str, kind: FailureKind) -> None:
    """Their beginning is enough."""
    assert kind_of(words) == kind_of(words[:NUMBER_OF_CHARACTERS]) == kind
