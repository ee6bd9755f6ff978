"""What follows a solve on the command line: lines, a display, or nothing at all."""

from typing import Protocol

from models.outcome import Outcome, ProgressRecord


class Progress(Protocol):
    """Takes what a solve reports."""

    def __call__(self, record: ProgressRecord) -> None:
        """Take a record."""
        ...

    def note(self, text: str) -> None:
        """Show a line of text."""
        ...

    def finish(self, outcome: Outcome) -> None:
        """Show how it ended."""
        ...


class Silence:
    """Shows nothing: the answer is one JSON object and nothing else."""

    def __call__(self, record: ProgressRecord) -> None:
        """Drop a record."""

    def note(self, text: str) -> None:
        """Drop a text."""

    def finish(self, outcome: Outcome) -> None:
        """Drop the outcome."""
