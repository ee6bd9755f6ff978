"""A program that receives Ctrl-C while its processes start: it reports it and ends."""

import os
import signal
import sys
import threading

from optimizer.executors import open_executors
from tests.service.processes import descendants
from tests.service.waiting import wait_until


def interrupt_all() -> None:
    """Do as a terminal does, once the server that forks processes is there."""
    wait_until(lambda: len(descendants(os.getpid())) > 1)
    os.killpg(os.getpgid(0), signal.SIGINT)


if __name__ == "__main__":
    # A thread that holds nothing back, as those of linear algebra do not.
    threading.Thread(target=interrupt_all).start()
    try:
        with open_executors("local:2"):
            sys.stdout.write("started\n")
    except KeyboardInterrupt:
        sys.stdout.write("interrupted\n")
