"""The worst scenarios of an evaluation as stories: what is cut, short and stopped."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from models.evaluation import Evaluation
from models.story import Story, ToldCut, ToldLine, ToldStock
from service.printing.quantities import days, money, percent, tonnes
from service.printing.table import table

MOST_TOLD = 5  # materials and lines of a story


def worst(evaluation: Evaluation) -> Table | None:
    """Return the scenarios that cost most, each with what happens in it."""
    if not evaluation.worst:
        return None
    shown = table(
        "The worst scenarios",
        *("what happens", "as bad or worse", "cost", "without vault"),
    )
    for x in evaluation.worst:
        shown.add_row(
            "\n".join(sentences(x.story)),
            percent(x.probability_of_worse),
            money(x.shortage_cost_usd),
            money(x.cost_without_vault_usd),
        )
        shown.add_section()
    return shown


def sentences(story: Story) -> Iterator[str]:
    """Yield what happens, in English."""
    yield from map(_cut, story.cuts)
    yield from map(_stock, story.stocks[:MOST_TOLD])
    yield from _more(story.stocks, "materials are short")
    yield from map(_line, story.lines[:MOST_TOLD])
    yield from _more(story.lines, "lines miss something")


def _more(told: Sequence[object], what: str) -> Iterator[str]:
    if len(told) > MOST_TOLD:
        yield f"{len(told) - MOST_TOLD} more {what}."


def _cut(cut: ToldCut) -> str:
    what = ", ".join(cut.materials)
    if cut.stage != "both":
        what = f"{cut.stage} of {what}"
    happens = f"halts {what}"
    if cut.least_flow > 0:
        happens = f"cuts {what} to {percent(cut.least_flow)} of the normal flow"
    return (
        f"{cut.onset} (period {cut.period}): {cut.country} {happens} for "
        f"{days(cut.days)} days ({cut.name})."
    )


def _stock(stock: ToldStock) -> str:
    empty = f"; its pool runs out from {stock.empty_from}" if stock.empty_from else ""
    return (
        f"{stock.name} is short from {stock.short_from}: {tonnes(stock.covered_tonnes)}"
        f" of {tonnes(stock.gap_tonnes)} are covered{empty}."
    )


def _line(line: ToldLine) -> str:
    name = f"{line.name} of {line.participant_name}"
    lost = (
        f"{days(line.lost_output_days)} days of output are lost, without vault "
        f"{days(line.lost_output_days_without_vault)}"
    )
    if line.stopped_from is None:
        without = line.stopped_days_without_vault
        stops = f"; without vault it would stop for {days(without)} days"
        return f"{name} does not stop{stops if without > 0 else ''}; {lost}."
    return (
        f"{name} stops for {days(line.stopped_days)} days from {line.stopped_from}, "
        f"without vault for {days(line.stopped_days_without_vault)}; {lost}."
    )
