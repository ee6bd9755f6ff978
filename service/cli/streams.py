"""Standard output and error that may be full, closed, or of few characters."""

# The types leave open what a text stream wraps.
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

import io
import sys
from collections.abc import Callable
from typing import Any

from service.cli.exit_status import ExitStatus


class Stream(io.FileIO):
    """A standard stream that drops what it cannot write; reports the first failure."""

    def __init__(self, descriptor: int, on_failure: Callable[[OSError], None]) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._on_failure = on_failure
        self._has_failed = False

    def write(self, content: Any, /) -> int | None:  # noqa: ANN401 - bytes of any kind
        """Write bytes; a failure is not raised, or it would come again at exit."""
        try:
            return super().write(content)
        except OSError as error:
            if not self._has_failed:
                self._has_failed = True
                self._on_failure(error)
            return len(content)


def guard_streams() -> None:
    """Replace standard output and error, if they are files or pipes.

    Progress that cannot be written is lost, and the command goes on. Without standard
    output the program ends, quietly if its reader is gone. Characters that the terminal
    cannot encode are escaped.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _guarded(sys.stdout, _end)
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _guarded(sys.stderr, _ignore)


def _guarded(
    stream: io.TextIOWrapper, on_failure: Callable[[OSError], None]
) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(Stream(stream.fileno(), on_failure)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _ignore(error: OSError) -> None:
    del error


def _end(error: OSError) -> None:
    if isinstance(error, BrokenPipeError):
        raise SystemExit(ExitStatus.OUTPUT_CLOSED)
    if sys.stderr is not None:
        reason = error.strerror or type(error).__name__
        sys.stderr.write(f"strongroom: not written: standard output: {reason}\n")
    raise SystemExit(ExitStatus.BAD_INPUT)
