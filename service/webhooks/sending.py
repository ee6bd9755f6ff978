"""One request to a receiver: to the checked address, with an end, without redirects."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from service.webhooks.addresses import Address, Target

LONGEST_S = 15.0
# A name may have many; those after these are not tried.
MOST_ADDRESSES = 4
# Of a step at the end: no time at all would mean not to wait for the network.
SHORTEST_S = 0.001
# As the specification has it: these say whether a receiver took it.
TAKEN = range(200, 300)
GONE = 410
# Those that ask for patience.
BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """What came of a request: a status, or why there is none.

    retry_after_s: how long the receiver asks to be left alone.
    """

    status: int | None
    error: str | None = None
    retry_after_s: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status in TAKEN

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == GONE


def send(
    target: Target,
    payload: bytes,
    headers: Mapping[str, str],
    longest_s: float = LONGEST_S,
) -> ReceiverAnswer:
    """Send a payload, and return the answer within that time, or a little more."""
    connection = _Connection(target, longest_s)
    # Each step has a limit of time, but a receiver could make many.
    end = threading.Timer(longest_s, connection.cut)
    end.start()
    try:
        whole = {
            **headers,
            "Host": target.host_header,
            "Content-Type": "application/json",
            "User-Agent": "strongroom-webhooks/1",
            "Connection": "close",
        }
        connection.request("POST", target.path, payload, whole)
        answer = connection.getresponse()
        asked = answer.headers.get("Retry-After", "")
        is_asked = answer.status in BUSY and asked.isascii() and asked.isdecimal()
        return ReceiverAnswer(answer.status, None, int(asked[:6]) if is_asked else 0)
    except ssl.SSLCertVerificationError as error:
        return ReceiverAnswer(None, f"certificate: {error.verify_message}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        # Only its kind: a text of the receiver may be long and misleading.
        words = "no answer in time" if connection.is_cut else type(error).__name__
        return ReceiverAnswer(None, words)
    finally:
        end.cancel()
        connection.close()


class _Connection(http.client.HTTPConnection):
    """A connection to the address of a target, in TLS that proves its host."""

    def __init__(self, target: Target, longest_s: float) -> None:
        super().__init__(target.host, target.port, timeout=longest_s)
        self._target = target
        self._deadline_s = monotonic() + longest_s
        self.is_cut = False

    def connect(self) -> None:
        """Connect to the first of the checked addresses that answers."""
        plain = self._connected()
        if self._target.is_encrypted:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain

    def _connected(self) -> socket.socket:
        *others, last = self._target.addresses[:MOST_ADDRESSES]
        for number, address in enumerate(others):
            try:
                return self._connected_to(address, len(others) + 1 - number)
            except OSError:
                continue
        return self._connected_to(last, 1)

    def _connected_to(self, address: Address, number_left: int) -> socket.socket:
        """Connect within its share of the time for all addresses that are left."""
        left_s = self._deadline_s - monotonic()
        if left_s <= 0:
            raise TimeoutError
        where = (str(address), self._target.port)
        connected = socket.create_connection(where, left_s / number_left)
        connected.settimeout(max(self._deadline_s - monotonic(), SHORTEST_S))
        return connected

    def cut(self) -> None:
        """End it, whatever it is waiting for."""
        self.is_cut = True
        connection: socket.socket | None = self.sock
        if connection is not None:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It has just ended.
                return
