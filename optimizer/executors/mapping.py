"""A parallel map over executors, a few blocks ahead, with answers in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar

from optimizer.deadline import look

Block = TypeVar("Block")
Answer = TypeVar("Answer")
LOOK_EVERY_S = 0.05
AHEAD = 2  # blocks queued for each executor: it never waits, and memory stays small


def settle(futures: Iterable[Future[Any]]) -> None:
    """Wait until calls have ended, and look at the enforced deadline meanwhile."""
    waiting = list(futures)
    while waiting:
        waiting = list(wait(waiting, timeout=LOOK_EVERY_S).not_done)
        if waiting:
            look()


def map_in_order(
    executors: Sequence[Executor],
    function: Callable[[Block], Answer],
    blocks: Iterable[Block],
) -> Iterator[Answer]:
    """Yield function(block) for each block; block b is made by executors[b % n]."""
    waiting: deque[Future[Answer]] = deque()
    for b, block in enumerate(blocks):
        if len(waiting) == AHEAD * len(executors):
            yield waiting.popleft().result()
        waiting.append(executors[b % len(executors)].submit(function, block))
    while waiting:
        yield waiting.popleft().result()
