"""The preparation of a worker process before its first call."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait
from multiprocessing.synchronize import Event

from threadpoolctl import threadpool_limits

EXIT_STATUS = 75

_closing: Event | None = None


def prepare() -> None:
    """Use one thread for linear algebra: other workers have the other cores."""
    threadpool_limits(1)


def prepare_process(closing: Event) -> None:
    """Prepare a process that was started here: it ends with its parent, not before.

    Calls that look at their deadline end early once `closing` is set.

    A Ctrl-C reaches all processes of a terminal; the parent handles it.
    """
    global _closing  # noqa: PLW0603 - one for each process
    _closing = closing
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(
            target=_end_after, args=(parent.sentinel,), name="parent", daemon=True
        ).start()
    prepare()


def is_closing() -> bool:
    """Return whether the executor of this process closes: no answer is wanted."""
    return _closing is not None and _closing.is_set()


def is_ready() -> bool:
    """Answer, as the first call of a worker."""
    return True


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    # Not sys.exit: the call in the main thread would go on.
    os._exit(EXIT_STATUS)
