"""A bucket as S3 has it, as far as the store asks for; in this process."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import gmtime, strftime
from urllib.parse import parse_qs, unquote, urlsplit

FORM = "%Y-%m-%dT%H:%M:%S.000Z"


class Bucket(ThreadingHTTPServer):
    """Objects by path, with the second in which each was written."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.authorizations: set[str] = set()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class Request(BaseHTTPRequestHandler):
    """One request to the bucket."""

    server: Bucket  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        """Take an object."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.objects[self._path] = (content, strftime(FORM, gmtime()))
        self.server.authorizations.add(self.headers.get("Authorization", ""))
        self._answer(200)

    def do_GET(self) -> None:
        """Give an object, or a list of all."""
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            self._answer(200, self._listed(asked["prefix"][0]).encode())
        elif self._path in self.server.objects:
            self._answer(200, self.server.objects[self._path][0])
        else:
            self._answer(404)

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Let objects be gone, whether or not they were there."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keys = re.findall("<Key>(.*?)</Key>", text)
        for key in keys:
            self.server.objects.pop(f"{self._path}/{key}", None)
        deleted = (f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{''.join(deleted)}</DeleteResult>".encode())

    def log_message(self, *_: object, **__: object) -> None:
        """Say nothing."""

    @property
    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _listed(self, prefix: str) -> str:
        root, _, bucket = self._path.rpartition("/")
        del root
        found = [
            f"<Contents><Key>{key}</Key><LastModified>{at}</LastModified>"
            f"<Size>{len(content)}</Size></Contents>"
            for path, (content, at) in sorted(self.server.objects.items())
            if (key := path.removeprefix(f"/{bucket}/")).startswith(prefix)
        ]
        return f"<ListBucketResult>{''.join(found)}</ListBucketResult>"

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.send_header("ETag", '"tag"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def bucket() -> Generator[Bucket]:
    """Yield a bucket that answers until the end."""
    with Bucket() as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        yield server
        server.shutdown()
        answering.join()
