"""The address of a server, and where its paths and links lead."""

import ipaddress
from dataclasses import dataclass

import httpx2

from strongroom_client.errors import UnexpectedAnswerError

DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """An origin like https://vault.example, and the path under which it is served."""

    origin: str
    root: str

    def __str__(self) -> str:
        return f"{self.origin}{self.root}"

    def of_path(self, path: str) -> str:
        """Return the URL of a path of the interface."""
        return f"{self.origin}{self.root}{path}"

    def of_link(self, link: str) -> str:
        """Return the URL of a link in an answer, which has the whole path.

        Raises UnexpectedAnswerError if it leads elsewhere: the key is for this server.
        """
        if not link.startswith("/") or link.startswith("//"):
            msg = f"The link {link!r} is no path of the server."
            raise UnexpectedAnswerError(msg)
        return f"{self.origin}{link}"


def read_address(url: str, *, allow_plain_http: bool) -> Address:
    """Return the address that a URL names, or raise ValueError.

    Without TLS a key can be read on the way, so `http` is for this machine only unless
    it is allowed.
    """
    try:
        read = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        msg = f"the URL cannot be read: {error}"
        raise ValueError(msg) from None
    if read.userinfo:
        # Not the URL: its password would be in the message.
        msg = "the URL has a user or a password, expected none: give a key"
        raise ValueError(msg)
    if read.scheme not in DEFAULT_PORTS or not read.host or read.query or read.fragment:
        msg = f"the URL is {url!r}, expected one like 'https://vault.example'"
        raise ValueError(msg)
    if read.scheme == "http" and not (allow_plain_http or _is_loopback(read.host)):
        msg = (
            f"the URL is {url!r}, expected https: others could read the key on the way "
            "(allow_plain_http=True permits it)"
        )
        raise ValueError(msg)
    origin = f"{read.scheme}://{read.netloc.decode('ascii')}"
    return Address(origin, read.path.rstrip("/"))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
