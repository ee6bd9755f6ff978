"""The process that solving processes are forked from, with their modules loaded.

It is started afresh, so it has no thread, connection or socket of the worker. Modules
are named as text, so the worker itself loads no solver.
"""

import multiprocessing
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path
from types import ModuleType

import service
from service.jobs.worker_config import OPTIMIZER

CONTEXT = multiprocessing.get_context("forkserver")
PRELOADED = "service.jobs.child"
ROOT = Path(service.__file__).parents[1]
# Slots share the cores, and only a process with a single thread can be forked.
SINGLE_THREADED = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# multiprocessing looks at all children whenever it starts or asks for one.
one_at_a_time = threading.Lock()


def start_fork_server(solver: str = OPTIMIZER) -> None:
    """Start the fork server unless it runs; it ends with this process.

    It loads the module of `solver`, module:function.

    Its settings are written to the environment, for it to find when it is started
    again. So the first call must come before any thread is started.
    """
    for name in SINGLE_THREADED:
        os.environ.setdefault(name, "1")
    # A folder in the working directory must not be imported instead of our package.
    os.environ["PYTHONSAFEPATH"] = "1"
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(ROOT) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, paths)])
    CONTEXT.set_forkserver_preload([PRELOADED, solver.partition(":")[0]])
    forkserver.ensure_running()


@contextmanager
def main_module_hidden() -> Generator[None]:
    """Keep a child that starts from loading the main program of this process."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
