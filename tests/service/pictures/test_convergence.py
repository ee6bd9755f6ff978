"""The picture of a solve that converges, read off the figure."""

from models.outcome import ProgressRecord
from service.pictures.convergence import convergence_picture
from service.pictures.style import BLUE, VERMILION
from tests.service.pictures.test_pictures import marks, values


def record(seconds: float, upper: float | None, lower: float | None) -> ProgressRecord:
    """Return a line of progress, with bounds in billions."""
    return ProgressRecord(
        seconds=seconds,
        stage="cuts",
        upper_bound_usd=None if upper is None else upper * 1e9,
        lower_bound_usd=None if lower is None else lower * 1e9,
    )


def test_a_solve_converges_by_steps() -> None:
    """Incumbent 5, then 4, until second 10; the bound comes later and ends at 3."""
    records = [
        record(0.5, None, None),
        record(1.0, 5.0, None),
        record(2.0, 5.0, 2.0),
        record(6.0, 4.0, 3.0),
        record(10.0, 4.0, 3.0),
    ]
    figure = convergence_picture(records)
    upper, lower = (marks(figure, "path", stroke=x)[0] for x in (BLUE, VERMILION))
    corners = [upper.attributes["d"].count("L"), lower.attributes["d"].count("L")]
    assert corners == [3, 3]
    starts = [x.attributes["d"].removeprefix("M").split(" ")[0] for x in (upper, lower)]
    assert values(figure, starts) == [1.0, 2.0]
    assert [row[:3] for row in figure.table.rows] == [
        (1.0, 5e9, None),
        (2.0, 5e9, 2e9),
        (6.0, 4e9, 3e9),
    ]
    assert "Seconds" in figure.texts


def test_before_the_first_plan_that_is_said() -> None:
    """With a bound or without any record."""
    for records in ([record(1.0, None, 2.0)], []):
        assert "no plan yet" in convergence_picture(records).texts
    assert "Minutes" in convergence_picture([record(900.0, 5.0, 2.0)]).texts


def test_a_bad_beginning_does_not_hide_the_end() -> None:
    """A first bound of 0 is at the edge; the gap of 0.01 takes a 60th of the height."""
    records = [record(1.0, 9.0, 0.0), record(2.0, 5.0, 4.99)]
    figure = convergence_picture(records)
    edges = [
        float(x.text) for x in marks(figure, "text", **{"text-anchor": "end"})[:-1]
    ]
    assert min(edges) > 4.0
    assert max(edges) < 6.0
