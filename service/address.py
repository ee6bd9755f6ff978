"""Check the address to listen on before anything is started."""

import socket

from models.mistakes import Mistake
from models.reading import InvalidCaseError


def check_address(host: str, port: int) -> None:
    """Raise InvalidCaseError unless a server can listen there now."""
    try:
        # As the web server does: on each address that the host has.
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        for family, kind, protocol, _, address in found:
            _bind(family, kind, protocol, address)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        expected = f"an address that a server can listen on ({reason})"
        mistake = Mistake("host and port", f"{host}:{port}", expected)
        raise InvalidCaseError([mistake]) from None


def _bind(
    family: int, kind: int, protocol: int, address: tuple[str | int | bytes, ...]
) -> None:
    with socket.socket(family, kind, protocol) as it:
        it.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            it.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        it.bind(address)
