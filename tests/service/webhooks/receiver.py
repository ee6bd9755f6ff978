"""A receiver of webhooks on the loopback address, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = """
import http.server, json, sys, time
path = sys.argv[1]

class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(path, "a") as file:
            headers = {k.lower(): v for k, v in self.headers.items()}
            file.write(json.dumps([self.path, headers, body]) + chr(10))
        status = int(self.path.strip("/").split("/")[0] or 204)
        if status == 999:
            self.wfile.write(b"HTTP/1.1 ")
            for _ in range(100):
                time.sleep(0.05)
                self.wfile.write(b" ")
            return
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/204")
        if status == 503:
            self.send_header("Retry-After", "600")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
"""


class Receiver:
    """What was posted; the first part of a path is the status that is answered."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log

    @property
    def received(self) -> list[tuple[str, dict[str, str], str]]:
        """Path, headers and body of each request."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        found: list[list[Any]] = [json.loads(line) for line in lines]
        return [(path, headers, body) for path, headers, body in found]


@contextmanager
def receiving(folder: Path) -> Generator[Receiver]:
    """Yield a receiver that runs."""
    log = folder / "received"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", PROGRAM, str(log)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        yield Receiver(f"http://127.0.0.1:{port}", log)
    finally:
        process.kill()
        process.communicate()
