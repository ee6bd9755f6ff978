import pytest

from service.jobs.ending import without_answer
from service.jobs.memory import Usage

LIMIT_BYTES = 1_000
FULL = Usage(together=100, largest=950)
HALF_FULL = Usage(together=500, largest=400)


@pytest.mark.parametrize(
    ("status", "usage", "words"),
    [
        (3, HALF_FULL, "ended without an answer: exit status 3"),
        (-11, HALF_FULL, "crashed (signal 11, SIGSEGV)"),
        (-6, HALF_FULL, "crashed (signal 6, SIGABRT)"),
        (-6, FULL, "Out of memory"),
        (-9, FULL, "Out of memory"),
        (-9, HALF_FULL, "killed from outside (signal 9, SIGKILL)"),
        (-15, FULL, "ended from outside (signal 15, SIGTERM)"),
        (-63, HALF_FULL, "crashed (signal 63)"),
    ],
)
def test_each_end_has_its_words(status: int, usage: Usage, words: str) -> None:
    """A signal is told by name; a kill near the limit of memory is taken for that."""
    assert words in without_answer(status, usage, LIMIT_BYTES)
