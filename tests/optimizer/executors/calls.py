"""Calls that can be sent to a worker, and the program that the ranks of a run share."""

import os
import signal
import sys
from concurrent.futures import Executor

from optimizer.executors import open_executors

kept: list[int] = []


class BrokenBlockError(RuntimeError):
    """A call that was meant to fail did."""


def square(x: int) -> int:
    """Return x squared."""
    return x * x


def process(_: int) -> int:
    """Return the number of the process that makes the call."""
    return os.getpid()


def keep(x: int) -> list[int]:
    """Return all that this worker was called with so far."""
    kept.append(x)
    return kept


def fail(x: int) -> int:
    """Raise an error that names x."""
    msg = f"block {x}"
    raise BrokenBlockError(msg)


def ignores_interrupts(_: int) -> bool:
    """Return whether a Ctrl-C leaves this process alone."""
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def spread(executors: tuple[Executor, ...], blocks: int) -> list[int]:
    """Return the squares of the blocks, each made by its own executor."""
    futures = [executors[b % len(executors)].submit(square, b) for b in range(blocks)]
    return [future.result() for future in futures]


def main(where: str) -> None:
    """Print squares, which processes there were, and an error that came back."""
    with open_executors(where) as executors:
        sys.stdout.write(f"{len(executors)} workers\n")
        sys.stdout.write(f"{spread(executors, 5)}\n")
        mapped = list(executors[0].map(square, range(20)))
        sys.stdout.write(f"{mapped == [x * x for x in range(20)]}\n")
        try:
            executors[0].submit(fail, 7).result()
        except BrokenBlockError as error:
            sys.stdout.write(f"{error}\n")
        sys.stdout.write(f"{executors[0].submit(process, 0).result() != os.getpid()}\n")


if __name__ == "__main__":
    main(sys.argv[1])
