"""How a solve is followed: as aligned lines, on a terminal, or not at all."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.visible_text import visible
from service.printing.progress import HEADINGS, cells
from service.printing.quantities import percent

HASH_CHARACTERS = 12
FORMAT = "{:>9}  {:<18}  {:>10}  {:>11}  {:>7}  {:>6}  {}"
LONGEST_SILENCE_S = 5.0
REFRESHES_PER_SECOND = 4


class Progress(Protocol):
    """Shows what a solve reports."""

    def __call__(self, record: ProgressRecord) -> None:
        """Show a record."""
        ...

    def note(self, text: str) -> None:
        """Show a line of text."""
        ...

    def finish(self, outcome: Outcome) -> None:
        """Show how it ended."""
        ...


class Silence:
    """Shows nothing, for --json."""

    def __call__(self, record: ProgressRecord) -> None:
        """Ignore a record."""

    def note(self, text: str) -> None:
        """Ignore a text."""

    def finish(self, outcome: Outcome) -> None:
        """Ignore the outcome."""


def header(instance: Instance) -> tuple[str, ...]:
    """Return the lines above the headings: the case, its sizes, the limits."""
    options = instance.options
    sizes = {
        "materials": len(instance.materials),
        "routes": len(instance.routes),
        "participants": len(instance.participants),
        "products": len(instance.final_products()),
        "periods": instance.horizon.number_of_periods,
        "scenarios": options.number_of_scenarios,
    }
    name = (
        f"Strongroom {version('strongroom')}: {instance.name} "
        f"({instance.id}, {instance.content_hash[:HASH_CHARACTERS]})"
    )
    limits = (
        f"seed {options.seed}, gap {percent(options.gap)}, "
        f"time limit {options.time_limit_s:g} s, "
        f"at most {options.max_tranches} tranches a material"
    )
    counts = ", ".join(f"{count:,} {noun}" for noun, count in sizes.items())
    return name, counts, limits


def headings() -> str:
    """Return the line above the rows."""
    return FORMAT.format(*HEADINGS).rstrip()


def row(record: ProgressRecord) -> str:
    """Return a record as a line aligned with the headings."""
    return FORMAT.format(*cells(record)).rstrip()


def footer(outcome: Outcome) -> str:
    """Return how the solve ended, in one line."""
    gap = "" if outcome.plan is None else f", gap {percent(outcome.plan.promise.gap)}"
    return f"{outcome.termination.value}{gap}, {outcome.seconds:.1f} s"


class ProgressLines:
    """Writes a line for each new stage or better plan, else every few seconds."""

    def __init__(self, instance: Instance, write: Callable[[str], None]) -> None:
        self._instance = instance
        self._write = write
        self._written: ProgressRecord | None = None
        self._waiting: ProgressRecord | None = None

    def __enter__(self) -> Self:
        for line in (*header(self._instance), headings()):
            self._write(line)
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Write a record if it is news."""
        self._waiting = record
        if self._is_news(record):
            self._flush()

    def note(self, text: str) -> None:
        """Write a line of text."""
        self._write(text)

    def finish(self, outcome: Outcome) -> None:
        """Write how it ended."""
        self._flush()
        self._write(footer(outcome))

    def __exit__(self, *_: object) -> None:
        """Do nothing: every line is written at once."""

    def _is_news(self, record: ProgressRecord) -> bool:
        last = self._written
        if last is None or record.stage != last.stage:
            return True
        is_better = record.upper_bound_usd != last.upper_bound_usd
        return is_better or record.seconds - last.seconds >= LONGEST_SILENCE_S

    def _flush(self) -> None:
        if self._waiting is not None:
            self._write(row(self._waiting))
            self._written, self._waiting = self._waiting, None


class ProgressDisplay:
    """Shows a row per stage on a terminal; the present row counts the seconds."""

    def __init__(
        self, instance: Instance, console: Console, clock: Callable[[], float]
    ) -> None:
        self._header = header(instance)
        self._clock = clock
        self._begin = clock()
        self._record: ProgressRecord | None = None
        self._end: str | None = None
        self._live = Live(
            get_renderable=self._render,
            console=console,
            refresh_per_second=REFRESHES_PER_SECOND,
        )

    def __enter__(self) -> Self:
        self._live.start()
        for line in (*self._header, headings()):
            self.note(line)
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Show a record; figures that it omits stay as they were."""
        last, current = self._record, record
        if last is not None:
            known = last.model_dump(include={"lower_bound_usd", "upper_bound_usd"})
            given = record.model_dump(exclude_none=True)
            current = ProgressRecord.model_validate({**known, "gap": last.gap, **given})
        self._record = current
        if last is not None and last.stage != record.stage:
            self.note(row(last))

    def note(self, text: str) -> None:
        """Print a line above the present row."""
        self._live.console.print(text, no_wrap=True, overflow="crop")

    def finish(self, outcome: Outcome) -> None:
        """Show how it ended."""
        self._end = footer(outcome)

    def __exit__(self, *_: object) -> None:
        """Stop, with the last state left on the screen."""
        self._live.stop()

    def _render(self) -> Group:
        lines = () if self._end is None else (self._end,)
        if self._record is not None:
            lines = (row(self._present(self._record)), *lines)
        return Group(*map(_line, lines))

    def _present(self, record: ProgressRecord) -> ProgressRecord:
        if self._end is not None:
            return record
        return record.model_copy(update={"seconds": self._clock() - self._begin})


def _line(text: str) -> Text:
    """Return a line that a narrow terminal crops instead of folding."""
    return Text(visible(text), no_wrap=True, overflow="crop")
