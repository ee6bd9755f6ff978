"""The worker that a server starts: a process, started again if it dies.

It is a process because the engine can run only once in each, and because the server
must answer whatever the worker does. It ends with the server, however that ends.
"""

import json
import logging
import subprocess
import sys
import threading
from contextlib import suppress

from service.settings import Settings

PAUSE_S = 1.0
PATIENCE_S = 20.0

logger = logging.getLogger(__name__)


class EmbeddedWorker:
    """A worker process, and a thread that starts another one if it dies."""

    def __init__(self, settings: Settings, solver: str) -> None:
        given = settings.model_dump(mode="json", exclude={"database_url"})
        url = settings.database_url
        # Also if there is none: the environment may name one.
        given["database_url"] = None if url is None else url.get_secret_value()
        self._input = json.dumps({"settings": given, "solver": solver})
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Start the worker."""
        self._thread.start()

    def stop(self) -> None:
        """Let the worker put its jobs back and end; kill it if it does not."""
        with self._lock:
            self._is_over.set()
            process = self._process
            _close_input(process)
        if process is not None:
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.is_set():
            with self._lock:
                if self._is_over.is_set():
                    return
                self._process = process = self._started()
            status = process.wait()
            if self._is_over.is_set():
                return
            logger.error(
                "the worker ended with status %d, starting another one", status
            )
            with self._lock:
                _close_input(process)
            self._is_over.wait(PAUSE_S)

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "service.worker"],
            stdin=subprocess.PIPE,
            text=True,
            # Its own process group: Ctrl-C is for the server, which closes the input.
            process_group=0,
        )
        assert process.stdin is not None  # noqa: S101 - it is a pipe
        # One that is gone already has a status, and another one is started.
        with suppress(BrokenPipeError):
            process.stdin.write(self._input + "\n")
            process.stdin.flush()
        return process


def _close_input(process: subprocess.Popen[str] | None) -> None:
    """Close the input of a worker, also if it never read what was written.

    Two threads must not do so at once: each would write what the buffer still has.
    """
    if process is not None and process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
