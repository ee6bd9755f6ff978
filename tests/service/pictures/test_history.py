"""The picture of a replay as the plan is printed, read off the figure."""

import datetime as dt

import pytest

from service.pictures.figure import Look
from service.pictures.history import REDUCED, history_picture
from service.pictures.style import VERMILION
from tests.service.console.test_replays import ban
from tests.service.pictures.test_pictures import marks, points_of

STARTS = [dt.date(2027, t, 1) for t in (1, 2, 3)]


def test_lines_stop_and_gaps_are_covered() -> None:
    """One month of reduced output without vault; one stopped, with it and without."""
    figure = history_picture(ban("ban"), STARTS)
    reduced = marks(figure, "path", **REDUCED)
    stopped = marks(figure, "path", fill=VERMILION)
    assert (len(reduced), len(stopped)) == (1, 3)  # the pale one has the same colour
    assert {"Gallium", "Maker: Wafer"} <= set(figure.texts)
    assert [row[-2:] for row in figure.table.rows[1::2]] == [
        (0, 0),
        (0, 0.1),
        (0.6, 0.8),
    ]


@pytest.mark.parametrize("width_px", [340.0, 680.0])
def test_a_month_is_pointed_at_in_stocks_and_lines(width_px: float) -> None:
    """All marks are inside."""
    figure = history_picture(ban("ban"), STARTS, 1, Look(width_px))
    assert len(marks(figure, "line", **{"stroke-dasharray": "2 2"})) == 2
    for mark in figure.marks:
        for x, y in points_of(mark):
            assert -0.05 <= x <= width_px
            assert 0 <= y <= figure.height_px
