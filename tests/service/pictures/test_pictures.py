"""What pictures show, read off the figure, in every width and language."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

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
from service.pictures.figure import PRINTED, Figure, Look
from service.pictures.files import PictureFormat, rendered, save
from service.pictures.financing import financing_picture
from service.pictures.frontier import frontier_picture
from service.pictures.marks import Mark
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.pictures.style import AXIS, BLUE, SMALL_PX, VERMILION
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


def financing_fans() -> FinancingFans:
    """Return the fans of 50 million of debt."""
    return FinancingFans(
        period_starts=STARTS,
        debt_usd=(5e7,) * PERIODS,
        cash_usd=fan(2e7),
        collateral_usd=fan(6e7),
        collateral_to_debt=fan(1.5),
        debt_service_cover=fan(20.0),
    )


def financing(limit: float | None, look: Look = PRINTED) -> Figure:
    """Return the picture of 50 million of debt, with or without a covenant."""
    return financing_picture(financing_fans(), 10, limit, look)


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


Draw = Callable[..., Figure]
PICTURES: dict[str, Draw] = {
    "stock": partial(stock_picture, trajectories(material("alpha", 9.0, 1.0))),
    "cost": partial(cost_picture, trajectories()),
    "shortage": partial(shortage_picture, trajectories(material("alpha", 9.0, 1.0))),
    "financing": partial(financing, 1.2),
    "frontier": partial(frontier_picture, points()),
    "tornado": partial(tornado_picture, bars(), 1e9),
}


def marks(figure: Figure, name: str, **attributes: str) -> list[Mark]:
    """Return the marks of one kind with given attributes, in order."""
    found = [mark for mark in figure.marks if mark.name == name]
    return [x for x in found if attributes.items() <= x.attributes.items()]


def values(
    figure: Figure, places: Sequence[str], anchor: str = "middle", at: str = "x"
) -> list[float]:
    """Return the values at places, by the numbers that are written at an axis."""
    ticks = [
        (float(mark.attributes[at]), float(mark.text.replace(",", "")))
        for mark in marks(figure, "text", **{"text-anchor": anchor})
        if mark.text.replace(",", "").replace(".", "").isdigit()
    ]
    (first, low), *_, (last, high) = ticks
    # A number beside a mark of the vertical axis has its base line below it.
    first -= SMALL_PX / 3 if at == "y" else 0
    last -= SMALL_PX / 3 if at == "y" else 0
    slope = (high - low) / (last - first)
    return [round(low + slope * (float(x) - first), 1) for x in places]


def places(figure: Figure, at: str) -> list[str]:
    """Return the places of dots on an axis."""
    return [dot.attributes[at] for dot in marks(figure, "circle")]


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, "svg") for name in PICTURES), ("cost", "png")]
)
def test_equal_documents_equal_bytes(name: str, kind: PictureFormat) -> None:
    """No date and no random identifier is inside."""
    first = rendered(PICTURES[name](), kind)
    assert first == rendered(PICTURES[name](), kind)


@pytest.mark.parametrize(("ending", "mark"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_ending_gives_the_format(tmp_path: Path, ending: str, mark: bytes) -> None:
    """Both are written whole."""
    path = tmp_path / f"cost.{ending}"
    save(PICTURES["cost"](), path)
    assert path.read_bytes().startswith(mark)


@pytest.mark.parametrize("name", PICTURES)
def test_axes_are_labelled_with_units(name: str) -> None:
    """Each picture has its unit."""
    units = ("US dollars", "tonnes", "% of need")
    assert any(unit in text for text in PICTURES[name]().texts for unit in units)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("width_px", [340.0, 680.0])
def test_every_mark_lies_inside(name: str, width_px: float) -> None:
    """On a phone as on a screen."""
    figure = PICTURES[name](look=Look(width_px))
    assert figure.width_px == width_px
    for mark in figure.marks:
        for x, y in points_of(mark):
            assert 0 <= x <= width_px
            assert 0 <= y <= figure.height_px


def points_of(mark: Mark) -> list[tuple[float, float]]:
    """Return the points of a mark; of a text where it is."""
    has = mark.attributes
    if mark.name == "path" and "H" not in has["d"]:
        numbers = [float(x) for x in re.findall(r"-?[\d.]+", has["d"])]
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    names = (("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy"))
    return [(float(has[x]), float(has[y])) for x, y in names if x in has]


def test_stock_beyond_its_target_is_on_the_picture() -> None:
    """A reserve may begin with more than a plan wants."""
    found = material("alpha", 9.0, 1.0)
    surplus = found.model_copy(update={"on_hand_tonnes": fan(90.0)})
    figure = stock_picture(trajectories(surplus))
    tops = [min(y for _, y in points_of(x)) for x in marks(figure, "path")]
    (title,) = (x for x in figure.marks if x.text == "Alpha")
    assert min(tops) > float(title.attributes["y"])


def test_only_what_is_held_has_a_panel() -> None:
    """Of 26 materials five are held: five panels of two rows, in order."""
    held = {3, 4, 9, 20, 25}
    materials = [material(f"m{i}", 5.0 if i in held else 0.0, 1.0) for i in range(26)]
    figure = stock_picture(trajectories(*materials))
    titles = [text for text in figure.texts if text[0] == "M" and text[1:].isdigit()]
    assert titles == [f"M{i}" for i in sorted(held)]
    heights = {mark.attributes["y"] for mark in figure.marks if mark.text in titles}
    assert len(heights) == 2
    assert [row[0] for row in figure.table.rows[::PERIODS]] == titles


def test_a_plan_that_holds_nothing_is_said_so() -> None:
    """And so is a case in which nothing is ever short."""
    empty = trajectories(material("alpha", 0.0, 0.0))
    assert "nothing is held" in stock_picture(empty).texts
    assert "no material is ever short" in shortage_picture(empty).texts


def test_the_heat_map_is_in_per_cent_of_the_need() -> None:
    """2 t of 10 t are 20 %, the darkest; a quarter as much is a quarter as dark."""
    found = trajectories(
        material("beta", 0.0, 0.5), material("alpha", 9.0, 2.0), material("calm", 1, 0)
    )
    figure = shortage_picture(found)
    cells = [x.attributes.get("fill-opacity", "1") for x in marks(figure, "path")]
    # 5 and 20 % without a vault, 2.5 and 10 % with the plan.
    assert [float(x) for x in cells] == pytest.approx([0.28, 1, 0.136, 0.52])
    assert "20 % of need" in figure.texts
    ends = [x.text for x in marks(figure, "text", **{"text-anchor": "end"})]
    assert ends == ["Alpha", "Beta *"]
    assert {row[0] for row in figure.table.rows} == {"Alpha", "Beta"}


def test_costs_are_drawn_in_their_unit_with_their_means() -> None:
    """A mean of 1 billion at 50 per cent, and of 2 billion without a vault."""
    figure = cost_picture(trajectories())
    assert values(figure, places(figure, "cx")) == [1.0, 2.0]
    assert values(figure, places(figure, "cy"), "end", "y") == [50.0, 50.0]
    assert "with the plan, mean 1 billion US dollars" in figure.texts
    assert figure.table.rows[-1] == (1.0, 2e9, 4e9)


def test_the_frontier_is_in_order_of_the_budget() -> None:
    """Whatever the order of the points, and without those that no plan is for."""
    none = FrontierPoint(budget_usd=1e8, termination=Termination.INFEASIBLE)
    figure = frontier_picture([*points(), none])
    assert values(figure, places(figure, "cx")) == [1.0, 2.0, 3.0]
    assert values(figure, places(figure, "cy"), "end", "y") == [4.0, 2.0, 1.0]
    assert "budget of the case" in figure.texts
    assert len(figure.table.rows) == 4
    assert rendered(frontier_picture([none]), "svg")


def test_a_frontier_against_the_cost_of_holding_is_in_its_order() -> None:
    """The largest budget costs least to hold here; without that cost no point."""
    unknown = points()[0].model_copy(update={"cost_of_holding_usd": None})
    figure = frontier_picture([*points(), unknown], Against.COST_OF_HOLDING)
    assert values(figure, places(figure, "cx")) == [200.0, 300.0, 400.0]
    assert values(figure, places(figure, "cy"), "end", "y") == [1.0, 2.0, 4.0]
    assert "Cost of holding, million US dollars" in figure.texts


def test_an_objective_below_nothing_is_on_the_picture() -> None:
    """Stock that gains in value costs less than nothing to hold."""
    earned = [x.model_copy(update={"objective_usd": -1e8}) for x in points()]
    figure = frontier_picture(earned)
    (zero,) = (x for x in marks(figure, "text") if x.text == "0")
    (height,) = {float(y) for y in places(figure, "cy")}
    assert float(zero.attributes["y"]) < height < figure.height_px


def test_a_frontier_with_weight_on_the_tail_shows_the_objective() -> None:
    """A bound is one on the objective; beside the mean it would prove nothing."""
    weighted = [
        x.model_copy(update={"objective_usd": 2 * (x.expected_shortage_cost_usd or 0)})
        for x in points()
    ]
    figure = frontier_picture(weighted)
    assert values(figure, places(figure, "cy"), "end", "y") == [8.0, 4.0, 2.0]
    assert "Objective, billion US dollars" in figure.texts


def bar_ends(figure: Figure, colour: str) -> list[tuple[float, float]]:
    """Return where bars of a colour begin and end, without the legend."""
    ends: list[tuple[float, float]] = []
    for bar in marks(figure, "rect", fill=colour)[1:]:
        left, width = float(bar.attributes["x"]), float(bar.attributes["width"])
        start, end = values(figure, [str(left), str(left + width)])
        ends.append((start, end))
    return ends


def test_the_widest_bar_is_on_top() -> None:
    """The bars of an assumption go from the base to both of its results."""
    figure = tornado_picture(bars(), 1e9)
    names = [x.text for x in marks(figure, "text", **{"text-anchor": "end"})]
    assert names[-2:] == ["wide", "narrow"]
    assert bar_ends(figure, BLUE) == [(0.5, 1.0), (0.9, 1.0)]
    assert bar_ends(figure, VERMILION) == [(1.0, 2.0), (1.0, 1.1)]


@pytest.mark.parametrize(("lowered", "raised"), [(1.1, 2.0), (2.0, 1.1), (0.5, 0.8)])
def test_no_bar_hides_another(lowered: float, raised: float) -> None:
    """With both results on one side the shorter bar is drawn later, and its colour."""
    bar = SensitivityBar(
        assumption="odd", change=0.2, lowered_usd=lowered * 1e9, raised_usd=raised * 1e9
    )
    figure = tornado_picture([bar], 1e9)
    below, above = marks(figure, "rect")[2:]
    assert float(below.attributes["width"]) > float(above.attributes["width"])
    assert bar_ends(figure, BLUE) == [tuple(sorted((1.0, lowered)))]
    assert {"lowered", "raised"} <= set(figure.texts)


@pytest.mark.parametrize(
    ("limit", "said"), [(1.2, "covenant: at least 1.2"), (None, "no covenant")]
)
def test_the_covenant_is_in_the_picture(limit: float | None, said: str) -> None:
    """A case without one has a line where debt is just covered."""
    assert any(said in text for text in financing(limit).texts)


def test_a_period_without_value_is_left_empty() -> None:
    """The median of the cover starts in the second period, where its axis does not."""
    figure = financing(None)
    medians = marks(figure, "path", stroke=BLUE)
    starts = [x.attributes["d"].removeprefix("M").split(" ")[0] for x in medians]
    axes = [float(x.attributes["x1"]) for x in marks(figure, "line", **AXIS)]
    assert len(medians) == 4
    assert all(float(x) > min(axes) for x in starts)
    assert [row[2] for row in figure.table.rows[::PERIODS]] == [None] * 4
