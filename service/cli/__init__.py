"""The command line. `main` is what the program strongroom runs."""

import signal
from types import FrameType

__all__ = ["main"]


def main() -> None:
    """Run the program."""
    signal.signal(signal.SIGINT, _interrupt)
    from service.cli.application import run  # noqa: PLC0415 - slow: Ctrl-C may come

    run()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt; during an import end the program instead.

    Extension modules turn the exception into errors of other kinds.
    """
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        frame = frame.f_back
    raise KeyboardInterrupt
