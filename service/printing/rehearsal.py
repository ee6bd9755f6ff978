"""A rehearsal as tables: costs, what planning again is worth, how plans move."""

from collections import Counter
from collections.abc import Iterator

from rich.table import Table

from models.benefit import Estimate
from models.instance import Instance
from models.rehearsal import Rehearsal, RehearsedCosts, RehearsedPath
from service.printing.quantities import days, interval, money, tonnes
from service.printing.table import add_note, table


def rehearsal_tables(
    found: Rehearsal, instance: Instance
) -> tuple[Table | str | None, ...]:
    """Return all tables of a rehearsal, and sentences on its solves."""
    return costs(found), moves(found, instance), solves(found), unfinished(found)


def path_line(path: RehearsedPath, number_of_paths: int) -> str:
    """Return what a path came to, in one line."""
    return (
        f"path {path.number + 1:,} of {number_of_paths:,}: shortages "
        f"{money(path.printed.shortage_cost_usd)} as printed, "
        f"{money(path.planned_again.shortage_cost_usd)} planned again; "
        f"{len(path.replannings):,} solves in {path.seconds:.1f} s"
    )


def costs(found: Rehearsal) -> Table:
    """Return a row for each way of following the paths."""
    title = (
        f"{len(found.paths):,} fresh paths, seed {found.seed}: planned again every "
        f"{found.replan_every} periods on {found.number_of_scenarios:,} scenarios"
    )
    compared = table(title, "", "shortage cost", "cost of holding", "both")
    compared.add_row("Plan as printed", *_cells(found.printed))
    compared.add_row("Planned again", *_cells(found.planned_again))
    compared.add_row("Worth of planning again", *_cells(found.worth))
    bound = _with_interval(found.clairvoyant_usd)
    compared.add_row("Clairvoyant (lower bound)", bound, "-", "-")
    add_note(
        compared,
        "Below each mean its 95 % interval; that of the worth is of differences path "
        "by path.",
    )
    return compared


def _cells(expected: RehearsedCosts) -> Iterator[str]:
    yield _with_interval(expected.shortage_cost_usd)
    yield _with_interval(expected.cost_of_holding_usd)
    yield _with_interval(expected.total_usd)


def _with_interval(expected: Estimate) -> str:
    return f"{money(expected.mean)}\n{interval(expected.confidence_interval)}"


def moves(found: Rehearsal, instance: Instance) -> Table | None:
    """Return how far new plans move levels, if any does."""
    if not found.moves:
        return None
    names = {material.id: material.name for material in instance.materials}
    moved = table(
        "How far a new plan moves levels, on average",
        *("material", "tonnes", "days of need"),
    )
    for x in found.moves:
        moved.add_row(names[x.material], tonnes(x.tonnes), days(x.days))
    return moved


def solves(found: Rehearsal) -> str | None:
    """Return how many solves there were, how long they took, and what failed."""
    if not found.solves:
        return None
    each = found.seconds / found.solves
    text = f"{found.solves:,} solves took {found.seconds:,.0f} s, {each:.1f} s each."
    reasons = Counter(
        y.failed_because
        for x in found.paths
        for y in x.replannings
        if y.failed_because is not None
    )
    if not reasons:
        return text
    told = "; ".join(f"{number} times {x}" for x, number in reasons.most_common())
    return (
        f"{text} {found.failed_solves:,} gave no new plan, and the one before was "
        f"followed: {told}."
    )


def unfinished(found: Rehearsal) -> str | None:
    """Return that paths are missing, if any is."""
    done, asked = len(found.paths), found.number_of_paths
    if done == asked:
        return None
    return (
        f"Only {done:,} of {asked:,} paths are finished. The others may be of another "
        "kind: paths are stratified, so the figures are not those of all."
    )
