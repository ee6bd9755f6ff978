"""What tests share for as long as they follow each other."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, TypeVar

Opened = TypeVar("Opened")


class Kept:
    """What is opened when it is first wanted, and kept until all of it is closed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._opened: dict[object, Any] = {}

    def get(self, opening: Callable[[], AbstractContextManager[Opened]]) -> Opened:
        """Return what a function opens; open it unless it is."""
        if opening not in self._opened:
            self._opened[opening] = self._stack.enter_context(opening())
        return self._opened[opening]

    def close(self) -> None:
        """Close all that is open; what is wanted later is opened again."""
        self._opened.clear()
        self._stack.close()
