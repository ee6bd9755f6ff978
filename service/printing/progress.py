"""The records of a solve as rows."""

from models.outcome import ProgressRecord
from service.printing.quantities import money, percent

HEADINGS = ("seconds", "stage", "incumbent", "lower bound", "gap", "cuts", "")


def cells(record: ProgressRecord) -> tuple[str, ...]:
    """Return a record as one cell per heading."""
    return (
        f"{record.seconds:.1f}",
        record.stage,
        money(record.upper_bound_usd),
        money(record.lower_bound_usd),
        percent(record.gap),
        "" if record.cuts is None else f"{record.cuts:,}",
        record.message,
    )
