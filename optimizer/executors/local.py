"""Processes on this machine, each with its own executor."""

import multiprocessing
import signal
import threading
from collections.abc import Generator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from types import FrameType

from optimizer.executors.mapping import settle
from optimizer.executors.worker import is_ready, prepare_process

# Never fork: HiGHS has threads, and a forked child would wait for them for ever.
START_METHOD = "forkserver"


@contextmanager
def open_local(number: int) -> Generator[tuple[Executor, ...]]:
    """Open single-process executors; calls still queued at the end are dropped.

    Those that run and look at a deadline end early.
    """
    context = multiprocessing.get_context(START_METHOD)
    closing = context.Event()
    context.set_forkserver_preload(["optimizer"])
    with ExitStack() as stack:
        executors = [
            ProcessPoolExecutor(
                max_workers=1,
                mp_context=context,
                initializer=prepare_process,
                initargs=(closing,),
            )
            for _ in range(number)
        ]
        for executor in executors:
            stack.callback(executor.shutdown, cancel_futures=True)
        stack.callback(closing.set)
        with _interrupts_held_back():
            ready = [executor.submit(is_ready) for executor in executors]
            settle(ready)
            for future in ready:
                future.result()
        yield tuple(executors)


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Delay Ctrl-C until the processes have started; it must end none of them.

    They inherit the blocked signal. Another thread of this process may receive it, and
    then the main thread handles it.
    """
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    is_main = threading.current_thread() is threading.main_thread()
    asked = threading.Event()
    answer = signal.getsignal(signal.SIGINT)

    def listen(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    if is_main:
        signal.signal(signal.SIGINT, listen)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if is_main:
            signal.signal(signal.SIGINT, answer)
        if asked.is_set():
            signal.raise_signal(signal.SIGINT)
