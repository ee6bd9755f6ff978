"""A solving process does not outlive the server that started it.

The server holds the other end of the standard input. When the server is gone, however
it went, the system closes that end, and reading returns.
"""

import os
import sys
import threading

EXIT_STATUS = 75


def end_with_parent() -> None:
    """Watch the standard input in a thread; end this process when it is closed."""
    threading.Thread(target=_wait_for_end, name="parent", daemon=True).start()


def _wait_for_end() -> None:
    descriptor = sys.stdin.fileno()
    while os.read(descriptor, 1024):
        pass
    # Not sys.exit: the solve in the main thread would go on.
    os._exit(EXIT_STATUS)
