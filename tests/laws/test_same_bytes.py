"""The same input has the same bytes, whatever the number of cores that work on it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.laws import all_documents

ROOT = Path(__file__).parents[2]


def hashes(executor: str, threads: int) -> dict[str, str]:
    """Return the hash of each document as computed in a process with so many threads.

    They are those that libraries of linear algebra and HiGHS would take for themselves.
    """
    numbers = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), str(threads))
    computed = subprocess.run(  # noqa: S603 - the program beside this module
        [sys.executable, all_documents.__file__, executor],
        env={**os.environ, "PYTHONPATH": str(ROOT), **numbers},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, str] = json.loads(computed.stdout)
    return found


def test_threads_and_processes_change_no_document() -> None:
    """One thread of one process, and two of each of two more, with both methods."""
    alone = hashes("here", 1)
    assert len(alone) == 12
    assert hashes("local:2", 2) == alone
