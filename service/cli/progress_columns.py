"""What a solve's log says: header, rows and footer, the same words in every form."""

from importlib.metadata import version

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from service.cli.quantities import money, percent

HASH_CHARACTERS = 12
HEADINGS = ("seconds", "stage", "incumbent", "lower bound", "gap", "cuts", "")
FORMAT = "{:>9}  {:<18}  {:>10}  {:>11}  {:>7}  {:>6}  {}"


def header(instance: Instance) -> tuple[str, ...]:
    """Return what is solved and how, in lines."""
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
    """Return one record as an aligned line below the headings."""
    return FORMAT.format(*cells(record)).rstrip()


def cells(record: ProgressRecord) -> tuple[str, ...]:
    """Return one record as a word for each heading."""
    return (
        f"{record.seconds:.1f}",
        record.stage,
        money(record.upper_bound_usd),
        money(record.lower_bound_usd),
        percent(record.gap),
        "" if record.cuts is None else f"{record.cuts:,}",
        record.message,
    )


def footer(outcome: Outcome) -> str:
    """Return how the solve ended, in one line."""
    gap = "" if outcome.plan is None else f", gap {percent(outcome.plan.promise.gap)}"
    return f"{outcome.termination.value}{gap}, {outcome.seconds:.1f} s"
