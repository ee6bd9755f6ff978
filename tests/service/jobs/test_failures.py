from concurrent.futures import BrokenExecutor

import pytest

from models.failure import FailureKind
from service.jobs.failures import stopped_on_error, without_answer
from service.jobs.memory import Usage

LIMIT_BYTES = 1_000
FULL = Usage(together=100, largest=950)
HALF_FULL = Usage(together=500, largest=400)


@pytest.mark.parametrize(
    ("status", "usage", "kind", "words"),
    [
        (3, HALF_FULL, FailureKind.WITHOUT_ANSWER, "without an answer: exit status 3"),
        (-11, HALF_FULL, FailureKind.CRASHED, "crashed (signal 11, SIGSEGV)"),
        (-6, HALF_FULL, FailureKind.CRASHED, "crashed (signal 6, SIGABRT)"),
        (-6, FULL, FailureKind.OUT_OF_MEMORY, "Out of memory"),
        (-9, FULL, FailureKind.OUT_OF_MEMORY, "Out of memory"),
        (-9, HALF_FULL, FailureKind.ENDED_FROM_OUTSIDE, "killed from outside (signal"),
        (-15, FULL, FailureKind.ENDED_FROM_OUTSIDE, "ended from outside (signal 15, S"),
        (-63, HALF_FULL, FailureKind.CRASHED, "crashed (signal 63)"),
    ],
)
def test_each_end_has_its_kind_and_its_words(
    status: int, usage: Usage, kind: FailureKind, words: str
) -> None:
    """A signal is named; a kill near the limit of memory counts as out of memory."""
    failure = without_answer(status, usage, LIMIT_BYTES)
    assert failure.kind is kind
    assert words in failure.reason


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (MemoryError(), FailureKind.OUT_OF_MEMORY, "Out of memory"),
        (BrokenExecutor(), FailureKind.ENDED_FROM_OUTSIDE, "ended abruptly"),
        (KeyError("x"), FailureKind.ERROR, "stopped on an error: KeyError: 'x'"),
        (ValueError(), FailureKind.ERROR, "stopped on an error: ValueError"),
    ],
)
def test_kind_of_each_error(error: Exception, kind: FailureKind, words: str) -> None:
    """An error without a text has its name alone."""
    failure = stopped_on_error(error, LIMIT_BYTES)
    assert failure.kind is kind
    assert words in failure.reason
