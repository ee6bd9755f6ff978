"""A row for each measure: our figure, what it is held against, ratio, bar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["s", "gap", "bytes", "cases", "ratio"]
GIBIBYTE = 2**30
HEADINGS = ("measure", "ours", "compared", "ratio", "bar", "met", "remarks")

WRITTEN: Mapping[Unit, Callable[[float], str]] = {
    "s": lambda x: f"{x:.3g} s" if x < 100 else f"{x:.0f} s",
    "gap": lambda x: f"{100 * x:.2f} %",
    "bytes": lambda x: f"{x / GIBIBYTE:.2f} GiB",
    "cases": lambda x: f"{x:.0f}",
    "ratio": lambda x: f"{x:.3g}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. The bar limits ours / compared, or ours if nothing is compared.

    is_at_most says that the compared program was stopped before its end, so that the
    true ratio is smaller. A failure is the reason why there is no valid figure: no bar
    is met then.
    """

    measure: str
    bar: float
    unit: Unit = "s"
    ours: float | None = None
    compared: float | None = None
    is_at_most: bool = False
    remarks: str = ""
    failure: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by what is compared."""
        if self.ours is None or not self.compared:
            return None
        return self.ours / self.compared

    @property
    def is_met(self) -> bool:
        """Whether the figure is valid and within its bar."""
        held = self.ours if self.compared is None else self.ratio
        return not self.failure and held is not None and held <= self.bar

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the columns."""
        written = WRITTEN[self.unit]
        is_ratio = self.unit == "s" or self.compared is not None
        bar = f"{self.bar:.3g}" if is_ratio else written(self.bar)
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        return (
            self.measure,
            "" if self.ours is None else written(self.ours),
            "" if self.compared is None else written(self.compared),
            f"at most {ratio}" if ratio and self.is_at_most else ratio,
            f"<= {bar}",
            "yes" if self.is_met else "NO",
            "; ".join(x for x in (self.failure, self.remarks) if x),
        )


def markdown(header: Mapping[str, str], rows: Sequence[Row]) -> str:
    """Return the header and the table as Markdown."""
    facts = "\n".join(f"- {name}: {value}" for name, value in header.items())
    lines = [HEADINGS, tuple("---" for _ in HEADINGS), *(row.cells() for row in rows)]
    table = "\n".join(f"| {' | '.join(map(_in_a_cell, line))} |" for line in lines)
    return f"# Benchmark\n\n{facts}\n\n{table}\n"


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
