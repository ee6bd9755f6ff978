"""Refuse pickle, which runs code of whoever can write the engine's tables.

The engine unpickles any row that says that it is pickled, whatever serializer it was
told to use; so what it would do that with is taken away.
"""

from typing import Any

from dbos._serialization import DefaultSerializer


class PickleRefusedError(Exception):
    """A row of the engine's tables is pickled."""


def refuse_pickle() -> None:
    """Let nothing be pickled or unpickled by the engine in this process."""
    serializer: Any = DefaultSerializer
    serializer.serialize = _refuse
    serializer.deserialize = _refuse


def _refuse(*words: object) -> str:
    del words
    raise PickleRefusedError
