"""A historic replay month by month: stock that drains, gaps covered and not covered."""

import datetime as dt
from collections.abc import Mapping, Sequence

from models.historic_rehearsal import RehearsedReplay
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.months import MaterialMonths, drawn_months
from service.pictures.panel import legend
from service.pictures.style import BLUE, INK, LINE_PX, SMALL_PX, VERMILION
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable


def replay_picture(
    found: RehearsedReplay,
    names: Mapping[str, str],
    period: int | None = None,
    look: Look = PRINTED,
) -> Figure:
    """Return two panels for each material that the replay cuts, one above the other.

    Above is the stock, with the plan as printed and planned again; below the gap of
    each period, and what of it the plan as printed covers. `period` is one to point
    at; names are those of materials.
    """
    words, canvas = look.words, Canvas()
    entries = [
        (BLUE, words("stock, plan as printed")),
        (INK, words("stock, planned again")),
        (VERMILION, words("gap that is not covered")),
    ]
    top = legend(canvas, entries, look.width_px) + LINE_PX
    canvas.text((0.0, top), words("Tonnes"), size=SMALL_PX)
    starts = [x.start for x in found.periods]
    height = drawn_months(canvas, _months(found, names), starts, period, top, look)
    said = (
        words("{replay}, month by month", replay=found.name),
        words(
            "Above: stock at the end of each period. Below: the gap of each period; "
            "blue: what the plan as printed covers of it."
        ),
    )
    table = _table(found, names, words)
    return figure_of(canvas, (look.width_px, height), said, table)


def _months(
    found: RehearsedReplay, names: Mapping[str, str]
) -> Sequence[MaterialMonths]:
    rows = [x.materials for x in found.periods]
    return [
        MaterialMonths(
            names.get(of[0].material, of[0].material),
            on_hand=[x.printed.on_hand_tonnes for x in of],
            gap=[x.gap_tonnes for x in of],
            covered=[x.printed.covered_tonnes for x in of],
            other=[x.planned_again.on_hand_tonnes for x in of],
        )
        for of in zip(*rows, strict=True)
    ]


def _table(found: RehearsedReplay, names: Mapping[str, str], words: Words) -> FlatTable:
    columns = (
        Column("start", dt.date, words("Period beginning")),
        Column("material", str, words("Material")),
        Column("gap_tonnes", float, words("Gap, tonnes")),
        Column("printed_on_hand_tonnes", float, words("Stock as printed, tonnes")),
        Column("printed_covered_tonnes", float, words("Covered as printed, tonnes")),
        Column(
            "planned_again_on_hand_tonnes", float, words("Stock planned again, tonnes")
        ),
        Column(
            "planned_again_covered_tonnes",
            float,
            words("Covered planned again, tonnes"),
        ),
    )
    rows = (
        (
            period.start,
            names.get(x.material, x.material),
            x.gap_tonnes,
            x.printed.on_hand_tonnes,
            x.printed.covered_tonnes,
            x.planned_again.on_hand_tonnes,
            x.planned_again.covered_tonnes,
        )
        for period in found.periods
        for x in period.materials
    )
    return FlatTable("replay", columns, tuple(rows))
