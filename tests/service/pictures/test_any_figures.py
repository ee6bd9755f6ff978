"""Pictures of any figures: all marks lie inside."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from models.financing_view import FinancingFans
from models.frontier import FrontierPoint
from models.outcome import ProgressRecord, Termination
from models.sensitivity import SensitivityBar
from models.trajectories import Fan, Quantiles
from service.pictures.convergence import convergence_picture
from service.pictures.figure import Figure, Look
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.marks import Canvas
from service.pictures.panel import EDGE_PX, Box, Range, panel_of
from service.pictures.stock import stock_picture
from service.pictures.style import SMALL_PX
from service.pictures.text_width import width_of
from service.pictures.tornado import tornado_picture
from tests.service.pictures.test_pictures import (
    STARTS,
    material,
    points_of,
    trajectories,
)

WIDTHS = st.sampled_from([340.0, 680.0])
MONEY = st.floats(-1e12, 1e12) | st.just(0.0) | st.floats(0.0, 1e-3)
NAMES = ("p5", "p25", "p50", "p75", "p95")
SMALL = settings(max_examples=20, deadline=None)


@st.composite
def fans(draw: st.DrawFn, least: float = -1e12) -> Fan:
    """Return a fan of any quantiles, in some periods of none."""
    numbers = st.lists(st.floats(least, 1e12), min_size=5, max_size=5).map(sorted)
    quantiles = [draw(st.none() | numbers) for _ in STARTS]
    periods = (
        None if x is None else Quantiles(**dict(zip(NAMES, x, strict=True)))
        for x in quantiles
    )
    return Fan(periods=tuple(periods))


def check(figure: Figure) -> None:
    """Check that no mark lies outside."""
    for mark in figure.marks:
        for x, y in points_of(mark):
            assert -0.05 <= x <= figure.width_px + 0.05
            assert -0.05 <= y <= figure.height_px + 0.05


@SMALL
@given(fans(0.0), st.floats(1e-6, 1e9), WIDTHS)
def test_any_stock(stock: Fan, target: float, width_px: float) -> None:
    """Beyond the target or none at all."""
    found = material("alpha", target, 1.0)
    found = found.model_copy(update={"on_hand_tonnes": stock})
    check(stock_picture(trajectories(found), Look(width_px)))


@SMALL
@given(st.tuples(fans(), fans(), fans(), fans()), st.floats(0, 1e12), WIDTHS)
def test_any_financing(four: tuple[Fan, ...], debt: float, width_px: float) -> None:
    """With debts, cash and ratios of either sign."""
    cash, collateral, cover, service = four
    found = FinancingFans(
        period_starts=STARTS,
        debt_usd=(debt,) * len(STARTS),
        cash_usd=cash,
        collateral_usd=collateral,
        collateral_to_debt=cover,
        debt_service_cover=service,
    )
    check(financing_picture(found, 10, 1.2, Look(width_px)))


@SMALL
@given(st.lists(st.tuples(st.floats(0, 1e12), MONEY), max_size=4), WIDTHS)
def test_any_frontier(pairs: list[tuple[float, float]], width_px: float) -> None:
    """Of any costs, one point or none."""
    points = [
        FrontierPoint(
            budget_usd=budget,
            termination=Termination.OPTIMAL,
            objective_usd=cost,
            lower_bound_usd=cost - abs(cost) / 10,
        )
        for budget, cost in pairs
    ]
    check(frontier_picture(points, look=Look(width_px)))


@SMALL
@given(st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=3), MONEY, WIDTHS)
def test_any_tornado(pairs: list[tuple[float, float]], base: float, px: float) -> None:
    """With results on either side of the base."""
    bars = [
        SensitivityBar(assumption="a", change=0.1, lowered_usd=low, raised_usd=high)
        for low, high in pairs
    ]
    check(tornado_picture(bars, base, Look(px)))


@SMALL
@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.none() | MONEY, st.none() | MONEY)),
    WIDTHS,
)
def test_any_progress(
    lines: list[tuple[float, float | None, float | None]], width_px: float
) -> None:
    """With bounds that come late, or not at all."""
    records = [
        ProgressRecord(
            seconds=seconds, stage="cuts", upper_bound_usd=upper, lower_bound_usd=lower
        )
        for seconds, upper, lower in sorted(lines, key=lambda x: x[0])
    ]
    check(convergence_picture(records, Look(width_px)))


def test_any_number_of_periods() -> None:
    """One, or forty years of them."""
    for months in (1, 2, 480):
        starts = tuple(dt.date(2027 + i // 12, i % 12 + 1, 1) for i in range(months))
        one = material("alpha", 9.0, 1.0)
        quantiles = Quantiles(p5=1, p25=2, p50=3, p75=4, p95=5)
        found = one.model_copy(
            update={"on_hand_tonnes": Fan(periods=(quantiles,) * months)}
        )
        plan = trajectories(found).model_copy(update={"period_starts": starts})
        for width_px in (340.0, 680.0):
            check(stock_picture(plan, Look(width_px)))


def test_the_marks_of_an_axis_end_with_the_picture() -> None:
    """The last one too, if it is long."""
    canvas = Canvas()
    panel = panel_of(canvas, Box(0, 0, 200, 50), Range(0, 1e6), Range(0, 1))
    panel.mark_below("")
    marks = [x for x in canvas.marks if x.text]
    ends = [
        float(x.attributes["x"]) + width_of(x.text or "", SMALL_PX) / 2 for x in marks
    ]
    assert "1,000,000" in [x.text for x in marks]
    assert max(ends) <= 200 + EDGE_PX + 0.1
