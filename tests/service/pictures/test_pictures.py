"""What pictures show, read off the figure, and that their bytes stay the same."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from models.financing_view import FinancingFans
from models.frontier import Against, FrontierPoint
from models.outcome import Termination
from models.sensitivity import SensitivityBar
from models.trajectories import (
    CostDistribution,
    Fan,
    MaterialTrajectory,
    PlanTrajectories,
    Quantiles,
)
from service.pictures.cost import cost_picture
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.style import BLUE, PictureFormat, money_unit, rendered, save
from service.pictures.tornado import tornado_picture

PERIODS = 6
STARTS = tuple(dt.date(2027, month, 1) for month in range(1, PERIODS + 1))


def fan(middle: float) -> Fan:
    """Return a fan that widens, without a value in its first period."""
    later = (
        Quantiles(
            p5=middle - 2 * t,
            p25=middle - t,
            p50=middle,
            p75=middle + t,
            p95=middle + 2 * t,
        )
        for t in range(1, PERIODS)
    )
    return Fan(periods=(None, *later))


def material(name: str, target: float, gap: float) -> MaterialTrajectory:
    """Return a material that needs 10 t a period and lacks `gap` in the last one."""
    none = (0.0,) * (PERIODS - 1)
    return MaterialTrajectory(
        material=name,
        name=name.title(),
        target_tonnes=target,
        on_hand_tonnes=fan(target),
        need_tonnes=(10.0,) * PERIODS,
        gap_tonnes=(*none, gap),
        shortage_tonnes=(*none, gap / 2),
    )


def trajectories(*materials: MaterialTrajectory) -> PlanTrajectories:
    """Return trajectories with costs of 0 to 2 billion, and twice that without."""
    levels = tuple(np.linspace(0, 1, 11).round(1).tolist())
    return PlanTrajectories(
        instance_hash="a",
        plan_hash="b",
        scenarios=10,
        seed=1,
        period_starts=STARTS,
        materials=materials,
        cost=CostDistribution(
            levels=levels,
            with_plan_usd=tuple(2e9 * x for x in levels),
            without_vault_usd=tuple(4e9 * x for x in levels),
            mean_with_plan_usd=1e9,
            mean_without_vault_usd=2e9,
        ),
    )


def financing(limit: float | None) -> Figure:
    """Return the picture of 50 million of debt, with or without a covenant."""
    fans = FinancingFans(
        period_starts=STARTS,
        debt_usd=(5e7,) * PERIODS,
        cash_usd=fan(2e7),
        collateral_usd=fan(6e7),
        collateral_to_debt=fan(1.5),
        debt_service_cover=fan(20.0),
    )
    return financing_picture(fans, 10, limit)


def points() -> list[FrontierPoint]:
    """Return three budgets, the second one that of the case."""
    return [
        FrontierPoint(
            budget_usd=budget,
            termination=Termination.GAP_REACHED,
            expected_shortage_cost_usd=cost,
            objective_usd=cost,
            lower_bound_usd=cost * 0.9,
            cost_of_holding_usd=5e8 - 0.1 * budget,
            is_as_given=budget == 2e9,
        )
        for budget, cost in ((3e9, 1e9), (1e9, 4e9), (2e9, 2e9))
    ]


def bars() -> list[SensitivityBar]:
    """Return a narrow and a wide bar."""
    return [
        SensitivityBar(assumption=name, change=0.2, lowered_usd=low, raised_usd=high)
        for name, low, high in (("narrow", 0.9e9, 1.1e9), ("wide", 0.5e9, 2e9))
    ]


Draw = Callable[[], Figure]
PICTURES: dict[str, Draw] = {
    "stock": partial(stock_picture, trajectories(material("alpha", 9.0, 1.0))),
    "cost": partial(cost_picture, trajectories()),
    "shortage": partial(shortage_picture, trajectories(material("alpha", 9.0, 1.0))),
    "financing": partial(financing, 1.2),
    "frontier": partial(frontier_picture, points()),
    "tornado": partial(tornado_picture, bars(), 1e9),
}


def words(figure: Figure) -> list[str]:
    """Return all that is written in a figure."""
    texts: list[Any] = figure.findobj(Text)
    return [text.get_text() for text in texts]


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, "svg") for name in PICTURES), ("cost", "png")]
)
def test_equal_documents_equal_bytes(name: str, kind: PictureFormat) -> None:
    """Whatever the user's settings are; no date is inside."""
    first = rendered(PICTURES[name], kind)
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": None}):
        again = rendered(PICTURES[name], kind)
    assert first == again
    assert b"dc:date" not in first


def test_settings_of_the_user_stay_as_they_were() -> None:
    """A picture leaves nothing behind in the process."""
    with mpl.rc_context({"font.size": 30}):
        rendered(PICTURES["cost"], "svg")
        assert mpl.rcParams["font.size"] == 30


@pytest.mark.parametrize(("ending", "mark"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_ending_gives_the_format(tmp_path: Path, ending: str, mark: bytes) -> None:
    """Both are written whole."""
    path = tmp_path / f"cost.{ending}"
    save(PICTURES["cost"], path)
    assert path.read_bytes().startswith(mark)


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_labelled_with_units(name: str) -> None:
    """Each picture has its unit."""
    units = ("US dollars", "Tonnes", "% of need")
    assert any(unit in text for text in words(PICTURES[name]()) for unit in units)


def test_only_what_is_held_has_a_panel() -> None:
    """Of 26 materials five are held: five panels of two rows, in order."""
    held = {3, 4, 9, 20, 25}
    materials = [material(f"m{i}", 5.0 if i in held else 0.0, 1.0) for i in range(26)]
    figure = stock_picture(trajectories(*materials))
    panels = [axes for axes in figure.axes if axes.get_visible()]
    titles = [axes.get_title() for axes in panels]
    assert titles == [f"M{i}" for i in sorted(held)]


def test_a_plan_that_holds_nothing_is_said_so() -> None:
    """And so is a case in which nothing is ever short."""
    empty = trajectories(material("alpha", 0.0, 0.0))
    assert "nothing is held" in words(stock_picture(empty))
    assert "no material is ever short" in words(shortage_picture(empty))


def test_the_heat_map_is_in_per_cent_of_the_need() -> None:
    """2 t of 10 t are 20 %, half of it with the plan; the shorter one is on top."""
    found = trajectories(
        material("beta", 0.0, 0.5), material("alpha", 9.0, 2.0), material("calm", 1, 0)
    )
    left, right, *_ = shortage_picture(found).axes
    without, covered = (np.asarray(x.images[0].get_array()) for x in (left, right))
    assert without[:, -1].tolist() == [20.0, 5.0]
    assert covered[:, -1].tolist() == [10.0, 2.5]
    labels = [text.get_text() for text in left.get_yticklabels()]
    assert labels == ["Alpha", "Beta *"]


def test_costs_are_drawn_in_their_unit_with_their_means() -> None:
    """2 billion at 100 per cent, and a mean of 1 billion at 50 per cent."""
    figure = cost_picture(trajectories())
    (axes,) = figure.axes
    curve, dot, *_ = axes.lines
    assert np.asarray(curve.get_xdata())[-1] == pytest.approx(2.0)
    assert np.asarray(dot.get_xydata()).tolist() == [pytest.approx([1.0, 50.0])]
    assert "with the plan, mean 1 billion US dollars" in words(figure)


def test_the_frontier_is_in_order_of_the_budget() -> None:
    """Whatever the order of the points, and without those that no plan is for."""
    none = FrontierPoint(budget_usd=1e8, termination=Termination.INFEASIBLE)
    figure = frontier_picture([*points(), none])
    (axes,) = figure.axes
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [1.0, 2.0, 3.0]
    assert "budget of the case" in words(figure)
    assert rendered(partial(frontier_picture, [none]), "svg")


def test_a_frontier_against_the_cost_of_holding_is_in_its_order() -> None:
    """The largest budget costs least to hold here; without that cost no point."""
    unknown = points()[0].model_copy(update={"cost_of_holding_usd": None})
    figure = frontier_picture([*points(), unknown], Against.COST_OF_HOLDING)
    (axes,) = figure.axes
    assert np.asarray(axes.lines[0].get_xdata()).tolist() == [200.0, 300.0, 400.0]
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [1.0, 2.0, 4.0]
    assert "Cost of holding" in axes.get_xlabel()


def test_an_objective_below_nothing_is_on_the_picture() -> None:
    """Stock that gains in value costs less than nothing to hold."""
    earned = [x.model_copy(update={"objective_usd": -1e8}) for x in points()]
    (axes,) = frontier_picture(earned).axes
    low, high = axes.get_ylim()
    assert low < np.asarray(axes.lines[0].get_ydata()).min() < 0 < high


def test_a_frontier_with_weight_on_the_tail_shows_the_objective() -> None:
    """A bound is one on the objective; beside the mean it would prove nothing."""
    weighted = [
        x.model_copy(update={"objective_usd": 2 * (x.expected_shortage_cost_usd or 0)})
        for x in points()
    ]
    (axes,) = frontier_picture(weighted).axes
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [8.0, 4.0, 2.0]
    assert "Objective" in axes.get_ylabel()


def test_the_widest_bar_is_on_top() -> None:
    """The bars of an assumption go from the base to both of its results."""
    (axes,) = tornado_picture(bars(), 1e9).axes
    assert [text.get_text() for text in axes.get_yticklabels()] == ["wide", "narrow"]
    first: list[Any] = axes.patches[:2]
    assert sorted((x.get_x(), x.get_width()) for x in first) == [
        (1.0, pytest.approx(-0.5)),
        (1.0, pytest.approx(1.0)),
    ]


@pytest.mark.parametrize(("lowered", "raised"), [(1.1, 2.0), (2.0, 1.1), (0.5, 0.8)])
def test_no_bar_hides_another(lowered: float, raised: float) -> None:
    """With both results on one side the shorter bar is drawn later, and its colour."""
    bar = SensitivityBar(
        assumption="odd", change=0.2, lowered_usd=lowered * 1e9, raised_usd=raised * 1e9
    )
    figure = tornado_picture([bar], 1e9)
    (axes,) = figure.axes
    below, above = (x for x in axes.patches if isinstance(x, Rectangle))
    assert abs(below.get_width()) > abs(above.get_width())
    blue = next(x for x in (below, above) if x.get_facecolor() == to_rgba(BLUE))
    assert blue.get_width() == pytest.approx(lowered - 1)
    assert {"lowered", "raised"} <= set(words(figure))


@pytest.mark.parametrize(
    ("limit", "said"), [(1.2, "covenant: at least 1.2"), (None, "no covenant")]
)
def test_the_covenant_is_in_the_picture(limit: float | None, said: str) -> None:
    """A case without one has a line where debt is just covered."""
    assert any(said in text for text in words(financing(limit)))


def test_a_period_without_value_is_left_empty() -> None:
    """The median of the cover starts in the second period."""
    cover = financing(None).axes[2]
    median = np.asarray(cover.lines[0].get_ydata(), dtype=np.float64)
    assert np.isnan(median).tolist() == [True] + [False] * (PERIODS - 1)


@pytest.mark.parametrize(
    ("usd", "unit"),
    [
        (2.5e9, (1e9, "billion US dollars")),
        (-3e6, (1e6, "million US dollars")),
        (12.0, (1.0, "US dollars")),
    ],
)
def test_money_has_the_unit_of_its_size(usd: float, unit: tuple[float, str]) -> None:
    """A debt of millions is shown in millions, and so is one below zero."""
    assert money_unit(usd) == unit
