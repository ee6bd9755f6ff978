"""Where webhooks may go: public addresses, and networks that the operator allows.

A name is resolved once, all addresses that it has are checked, and the connection goes
to one of these. So another answer of the name server a moment later changes nothing.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from service.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Printable ASCII without what programs read in different ways: space, " # < > @ \ ^ ` {
# | }. An international name is written as it is looked up (xn--...).
_URL = re.compile(r"https?://[A-Za-z0-9._:\[\]-]+([/?][!$-;=?A-Z\[\]_a-z~]*)?")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(x)
    for x in (
        # Special-purpose registries of IANA (RFC 6890), without what is globally
        # reachable, but with relays and translators to other networks.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)
# All that is assigned to networks; IPv4 inside IPv6 is elsewhere.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")


class RefusedAddressError(Exception):
    """A webhook must not go there; the text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes; all addresses were checked, the host is what TLS proves."""

    is_encrypted: bool
    host: str
    addresses: tuple[Address, ...]
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.is_encrypted else 80
        return host if self.port == usual else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, and of one host there."""
    if address.version == 6 and address not in _GLOBAL_IPV6:  # noqa: PLR2004
        return False
    return not any(address in x for x in _NOT_PUBLIC if x.version == address.version)


def check_url(url: str, allowed: Sequence[Network]) -> None:
    """Raise RefusedAddressError for a URL that no webhook may have.

    Only a host that is written as an address is checked here, in whatever form; a name
    is resolved for each request.
    """
    host, port = _parts(url, allowed)
    try:
        found = _resolved(host, port, socket.AI_NUMERICHOST)
    except RefusedAddressError:
        return
    _check(found, url, allowed)


def target_of(url: str, allowed: Sequence[Network]) -> Target:
    """Return where a request to a URL goes, or raise RefusedAddressError."""
    host, port = _parts(url, allowed)
    addresses = _resolved(host, port, 0)
    _check(addresses, url, allowed)
    parts = urlsplit(url)
    path = parts.path or "/"
    if parts.query:
        path += f"?{parts.query}"
    return Target(parts.scheme == "https", host, tuple(addresses), port, path)


def _parts(url: str, allowed: Sequence[Network]) -> tuple[str, int]:
    """Return host and port of a URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts = port = None
    if parts is None or not parts.hostname or not _URL.fullmatch(url) or port == 0:
        words = "a URL with a host, without user, fragment and spaces, in ASCII"
        raise RefusedAddressError(words)
    if parts.scheme != "https" and not allowed:
        words = "a URL that begins with https://"
        raise RefusedAddressError(words)
    usual = 443 if parts.scheme == "https" else 80
    return parts.hostname.removesuffix("."), port or usual


def _resolved(host: str, port: int, flags: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=flags
        )
    except (OSError, UnicodeError):
        words = "a host that has an address"
        raise RefusedAddressError(words) from None
    return [ipaddress.ip_address(str(x[4][0])) for x in found]


def _check(addresses: Sequence[Address], url: str, allowed: Sequence[Network]) -> None:
    """Raise RefusedAddressError unless each address is permitted, as it is reached."""
    is_encrypted = url.startswith("https:")
    for address in addresses:
        is_allowed = any(address in x for x in allowed if x.version == address.version)
        if not is_allowed and not is_public(address):
            words = "a host with public addresses only"
            raise RefusedAddressError(words)
        if not is_allowed and not is_encrypted:
            words = "a URL that begins with https://"
            raise RefusedAddressError(words)
