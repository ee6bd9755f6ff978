"""Processes on this machine, each an executor of its own."""

import multiprocessing
import signal
from collections.abc import Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager

from optimizer.executors.worker import is_ready, prepare_process

# Never fork: HiGHS has threads, and a forked child would wait for them for ever.
START_METHOD = "forkserver"


@contextmanager
def open_local(number: int) -> Generator[tuple[Executor, ...]]:
    """Open single-process executors; calls that have not begun at the end never do."""
    context = multiprocessing.get_context(START_METHOD)
    context.set_forkserver_preload(["optimizer"])
    with ExitStack() as stack:
        executors = [
            ProcessPoolExecutor(
                max_workers=1, mp_context=context, initializer=prepare_process
            )
            for _ in range(number)
        ]
        for executor in executors:
            stack.callback(executor.shutdown, cancel_futures=True)
        with _interrupts_held_back():
            ready = [executor.submit(is_ready) for executor in executors]
            for future in ready:
                future.result()
        yield tuple(executors)


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Let no Ctrl-C end a process that starts: it inherits what is held back here."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
