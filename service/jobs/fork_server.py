"""The process that solving processes are forked from, with all that they need loaded.

A process of its own, started anew: it has no thread, no connection and no socket of the
server. Modules are named as text, so the server itself loads no solver.
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
# Slots share the cores; and only a process with a single thread can be forked.
SINGLE_THREADED = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# multiprocessing looks after all children whenever it starts one or asks for one.
one_at_a_time = threading.Lock()


def start_fork_server(solver: str = OPTIMIZER) -> None:
    """Start it unless it is there; it ends with this process.

    It loads what `solver`, module:function, is in, and all that this needs.

    Writes what it needs into the environment, to be found again if it must be started
    anew: so this is first called before there are threads.
    """
    for name in SINGLE_THREADED:
        os.environ.setdefault(name, "1")
    # A folder of the working directory must not stand in for a package of ours.
    os.environ["PYTHONSAFEPATH"] = "1"
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(ROOT) not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, paths)])
    CONTEXT.set_forkserver_preload([PRELOADED, solver.partition(":")[0]])
    forkserver.ensure_running()


@contextmanager
def main_module_hidden() -> Generator[None]:
    """Let a child that starts not load the program that the server was started as."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
