"""Progress as a display that is renewed in place, for a terminal."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from service.cli.progress_columns import footer, header
from service.cli.quantities import money, percent

REFRESHES_PER_SECOND = 4


class ProgressDisplay:
    """Shows the stage, the incumbent, the bound and the running seconds."""

    def __init__(
        self, instance: Instance, console: Console, clock: Callable[[], float]
    ) -> None:
        self._header = header(instance)
        self._clock = clock
        self._begin = clock()
        self._record = ProgressRecord(seconds=0.0, stage="begin")
        self._incumbent: float | None = None
        self._lower_bound: float | None = None
        self._gap: float | None = None
        self._end: str | None = None
        self._live = Live(
            get_renderable=self._render,
            console=console,
            refresh_per_second=REFRESHES_PER_SECOND,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __call__(self, record: ProgressRecord) -> None:
        """Take a record; a figure that it leaves out stays as it was."""
        self._record = record
        if record.upper_bound_usd is not None:
            self._incumbent = record.upper_bound_usd
        if record.lower_bound_usd is not None:
            self._lower_bound = record.lower_bound_usd
        if record.gap is not None:
            self._gap = record.gap

    def finish(self, outcome: Outcome) -> None:
        """Show how it ended."""
        self._end = footer(outcome)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the last state on the screen."""
        self._live.stop()

    def _render(self) -> Group:
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column(justify="right")
        stage = f"{self._record.stage}  {self._record.message}".strip()
        table.add_row("stage", stage)
        table.add_row("incumbent", money(self._incumbent))
        table.add_row("lower bound", money(self._lower_bound))
        table.add_row("gap", percent(self._gap))
        table.add_row("seconds", f"{self._clock() - self._begin:.1f}")
        return Group(*self._header, table, *([self._end] if self._end else []))
