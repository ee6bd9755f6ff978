"""What tests start ends with them, whatever ends them."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.processes import is_alive
from tests.service.waiting import wait_until

ROOT = Path(__file__).parents[1]
ENDLESS = "import threading; threading.Event().wait()"
# A child in a session of its own has another: no signal to the tests reaches them.
TESTS = f"""
import subprocess, sys
from tests.reaper import start_reaper
reaper = start_reaper()
child = '''
import subprocess, sys
grandchild = subprocess.Popen([sys.executable, "-c", {ENDLESS!r}])
print(grandchild.pid, flush=True)
grandchild.wait()
'''
started = subprocess.Popen([sys.executable, "-c", child], start_new_session=True)
print(started.pid, flush=True)
started.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_tests(number: signal.Signals) -> None:
    """Also what a child has started in another session."""
    with subprocess.Popen(  # noqa: S603 - the program above
        [sys.executable, "-c", TESTS],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        started = [int(tests.stdout.readline()) for _ in range(2)]
        assert all(is_alive(process) for process in started)
        tests.send_signal(number)
        # The end of their output: they have it from the tests.
        assert tests.stdout.read() == ""
    wait_until(lambda: not any(is_alive(process) for process in started))
