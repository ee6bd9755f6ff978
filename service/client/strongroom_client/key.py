"""The key of an account: it goes into the header of requests and nowhere else."""

from collections.abc import Generator

import httpx2


class Key(httpx2.Auth):
    """A key, which neither repr nor str shows."""

    def __init__(self, text: str) -> None:
        if not text or not text.isascii() or not text.isprintable() or " " in text:
            # Not the text: whoever logs the error would have the key.
            msg = "the key has no character, or one that no key has"
            raise ValueError(msg)
        self.__text = text

    def __repr__(self) -> str:
        return "Key('...')"

    def __reduce__(self) -> str:
        """Refuse to be pickled, raising TypeError: a file would hold the key."""
        msg = "a key cannot be pickled"
        raise TypeError(msg)

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response]:
        """Put the key into a request."""
        request.headers["Authorization"] = f"Bearer {self.__text}"
        yield request
