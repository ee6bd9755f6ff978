"""What tests share for as long as they follow each other."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Opened = TypeVar("Opened")


class Kept:
    """What is opened when it is first wanted, and kept until all of it is closed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._opened: dict[object, Any] = {}

    def get(
        self,
        opening: Callable[Arguments, AbstractContextManager[Opened]],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Opened:
        """Return what a function opens with these arguments; open it unless it is."""
        key = (opening, args, *kwargs.items())
        if key not in self._opened:
            self._opened[key] = self._stack.enter_context(opening(*args, **kwargs))
        return self._opened[key]

    def close(self) -> None:
        """Close all that is open; what is wanted later is opened again."""
        self._opened.clear()
        self._stack.close()
