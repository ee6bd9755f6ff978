"""Stories are told in words, from the facts of a scenario."""

import datetime as dt

from models.story import Story, ToldCut, ToldLine, ToldStock
from service.printing.story import sentences

FEBRUARY, MARCH = dt.date(2027, 2, 1), dt.date(2027, 3, 1)
CUT = ToldCut(
    event="halt",
    name="Export ban",
    country="CHN",
    stage="both",
    materials=("Gallium",),
    onset=FEBRUARY,
    period=2,
    days=59,
    least_flow=0,
)
STOCK = ToldStock(
    material="gallium",
    name="Gallium",
    short_from=FEBRUARY,
    gap_tonnes=1.6,
    covered_tonnes=1,
    empty_from=MARCH,
)
LINE = ToldLine(
    participant="maker",
    participant_name="Maker",
    product="wafer",
    name="Wafer",
    stopped_from=MARCH,
    stopped_days=31,
    stopped_days_without_vault=59,
    lost_output_days=18.6,
    lost_output_days_without_vault=47.2,
)
STORY = Story(cuts=(CUT,), stocks=(STOCK,), lines=(LINE,))


def test_a_halt_is_told_from_cut_to_line() -> None:
    """Country, material and days; what is covered; the line that stops."""
    cut, stock, line = sentences(STORY)
    assert cut == "2027-02-01 (period 2): CHN halts Gallium for 59 days (Export ban)."
    assert stock == (
        "Gallium is short from 2027-02-01: 1 t of 1.6 t are covered; its pool runs out "
        "from 2027-03-01."
    )
    assert line == (
        "Wafer of Maker stops for 31 days from 2027-03-01, without vault for 59; "
        "19 days of output are lost, without vault 47."
    )


def test_what_is_left_is_told_and_long_stories_are_cut() -> None:
    """A tenth of what is refined still flows; of seven lines five are told."""
    cut = CUT.model_copy(update={"least_flow": 0.1, "stage": "refining"})
    running = LINE.model_copy(update={"stopped_from": None, "stopped_days": 0.0})
    told = list(sentences(Story(cuts=(cut,), stocks=(), lines=(running,) * 7)))
    assert "cuts refining of Gallium to 10 % of the normal flow" in told[0]
    assert "does not stop; without vault it would stop for 59 days" in told[1]
    assert told[-1] == "2 more lines miss something."
