"""The picture of a historic replay month by month, read off the figure."""

import datetime as dt

from models.historic_rehearsal import (
    MaterialInPeriod,
    RehearsedPeriod,
    RehearsedReplay,
    StockInPeriod,
)
from models.rehearsal import RehearsedCost
from service.pictures.figure import Look
from service.pictures.replay import replay_picture
from service.pictures.style import BLUE, INK, VERMILION
from tests.service.pictures.test_pictures import marks, points_of

NAMES = {"ga": "Gallium", "ge": "Germanium"}


def stock(on_hand: float, covered: float) -> StockInPeriod:
    """Return the stock at the end of a period, and what it covers of a gap."""
    return StockInPeriod(
        on_hand_tonnes=on_hand,
        released_tonnes=covered,
        delivered_tonnes=0.0,
        covered_tonnes=covered,
        received=(),
    )


def month(t: int, material: str, printed: float, again: float) -> MaterialInPeriod:
    """Return a period in which 4 t are missing from the second one on."""
    gap = 4.0 if t else 0.0
    return MaterialInPeriod(
        material=material,
        is_announced=False,
        alert=0,
        cut_routes=0.5,
        all_routes=0.6,
        price_usd_per_tonne=1.0,
        need_tonnes=10.0,
        gap_tonnes=gap,
        printed=stock(6.0 - printed, min(printed, gap)),
        planned_again=stock(6.0 - again, min(again, gap)),
    )


def replay() -> RehearsedReplay:
    """Return three months: all, then half of the gap of gallium is covered."""
    cost = RehearsedCost(shortage_cost_usd=1.0, cost_of_holding_usd=0.0)
    periods = tuple(
        RehearsedPeriod(
            period=t,
            start=dt.date(2027, t + 1, 1),
            materials=(
                month(t, "ga", (0.0, 4.0, 2.0)[t], (0.0, 4.0, 4.0)[t]),
                month(t, "ge", (0.0, 4.0, 4.0)[t], (0.0, 4.0, 4.0)[t]),
            ),
            without_vault_usd=1.0,
            printed_usd=1.0,
            planned_again_usd=1.0,
        )
        for t in range(3)
    )
    return RehearsedReplay(
        replay="curbs",
        name="Curbs",
        disruptions=(),
        printed=cost,
        planned_again=cost,
        without_vault_usd=1.0,
        clairvoyant_usd=0.0,
        promised_usd=1.0,
        periods=periods,
        dates=(),
        seconds=1.0,
    )


def test_gaps_are_covered_or_not() -> None:
    """Four bars of what is covered; one of gallium is missing, half as high."""
    figure = replay_picture(replay(), NAMES)
    covered = marks(figure, "rect", **{"fill": BLUE, "fill-opacity": "0.45"})
    _, missing = marks(figure, "rect", fill=VERMILION)  # the first is in the legend
    assert len(covered) == 4
    heights = [float(x.attributes["height"]) for x in (covered[0], missing)]
    assert heights[1] == round(heights[0] / 2, 1)
    assert figure.title == "Curbs, month by month"
    assert {"Gallium", "Germanium"} <= set(figure.texts)
    assert len(figure.table.rows) == 6


def test_a_plan_that_stays_as_it_is_has_one_line() -> None:
    """Gallium is planned again, germanium is not."""
    figure = replay_picture(replay(), NAMES)
    assert len(marks(figure, "path", stroke=BLUE)) == 2
    assert len(marks(figure, "path", stroke=INK)) == 1


def test_a_month_is_pointed_at() -> None:
    """In each panel, on a phone as well; all marks are inside."""
    figure = replay_picture(replay(), {}, 1, Look(340.0))
    assert len(marks(figure, "line", **{"stroke-dasharray": "2 2"})) == 2
    assert "ga" in figure.texts
    for mark in figure.marks:
        for x, y in points_of(mark):
            assert 0 <= x <= 340
            assert 0 <= y <= figure.height_px
