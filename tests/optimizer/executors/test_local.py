"""Processes on this machine: state that stays, and an end with the parent."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from optimizer.cores import number_of_usable_cores
from optimizer.executors import open_executors
from tests.optimizer.executors import interrupted_start
from tests.optimizer.executors.calls import ignores_interrupts, keep, process
from tests.service.processes import is_alive
from tests.service.waiting import CEILING_S, wait_until

ROOT = Path(__file__).parents[3]
PARENT = """
import sys, time
from optimizer.executors import open_executors
from tests.optimizer.executors import interrupted_start
from tests.optimizer.executors.calls import process
if __name__ == "__main__":
    with open_executors("local:2") as executors:
        workers = [executor.submit(process, 0).result() for executor in executors]
        # Both are busy when the parent goes.
        calls = [executor.submit(time.sleep, 60) for executor in executors]
        print(*workers, flush=True)
        sys.stdin.read()
"""


def test_each_executor_is_one_process_that_keeps_its_state() -> None:
    """What a worker was given before is there at the next call, and only there."""
    with open_executors("local:2") as executors:
        first, second = executors
        first.submit(keep, 1).result()
        second.submit(keep, 2).result()
        assert first.submit(keep, 3).result() == [1, 3]
        assert second.submit(keep, 4).result() == [2, 4]


def test_no_process_is_left_at_the_end() -> None:
    """The workers are gone when the block ends."""
    with open_executors("local:2") as executors:
        workers = [executor.submit(process, 0).result() for executor in executors]
    assert os.getpid() not in workers
    assert [worker for worker in workers if is_alive(worker)] == []


def test_a_worker_leaves_interrupts_to_its_parent() -> None:
    """A Ctrl-C does not end it."""
    with open_executors("local:1") as (executor,):
        worker = executor.submit(process, 0).result()
        os.kill(worker, signal.SIGINT)
        assert executor.submit(ignores_interrupts, 0).result()
        assert executor.submit(process, 0).result() == worker


def test_an_interrupt_while_processes_start_waits_for_them() -> None:
    """It then ends the program, and no process has complained of its parent's end."""
    ended = subprocess.run(  # noqa: S603 - the program beside this module
        [sys.executable, interrupted_start.__file__],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        capture_output=True,
        text=True,
        timeout=CEILING_S,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "interrupted\n", "")


def test_local_has_a_process_for_each_usable_core() -> None:
    """As many as this process may use."""
    with open_executors("local") as executors:
        assert len(executors) == number_of_usable_cores()


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    """A kill that leaves the parent no time leaves no process behind."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen(  # noqa: S603 - the script above
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        workers = [int(word) for word in parent.stdout.readline().split()]
        assert len(workers) == 2
        assert all(is_alive(worker) for worker in workers)
        parent.kill()
    wait_until(lambda: not any(is_alive(worker) for worker in workers))
