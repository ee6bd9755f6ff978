"""Small multiples of a batch, and a plan on its frontier, read off the figure."""

import pytest

from models.batch import Axis, BatchResult, VariantRow, compare
from models.figures import Measure, PlanFigures
from service.pictures.batch import batch_picture
from service.pictures.figure import Look
from service.pictures.frontier import frontier_picture
from tests.service.pictures.test_pictures import marks, places, points, values


def figures(billions: float) -> PlanFigures:
    """Return the figures of a plan with a cost, and a budget of 4 billion."""
    return PlanFigures(
        expected_shortage_cost_usd=billions * 1e9,
        objective_usd=billions * 1e9,
        lower_bound_usd=billions * 1e9,
        gap=0.0,
        cvar_usd=0.0,
        cost_without_vault_usd=9e9,
        budget_usd=4e9,
        budget_shadow_price=None,
        drawn_usd=1e9,
        spent_usd=1e9,
        materials_held=3,
        least_days_of_cover=0.0,
        mean_days_of_cover=20.0,
    )


def batch() -> BatchResult:
    """Return three budgets by two hazards; one of the six has no plan."""
    axes = (
        Axis(path="financing.budget", values=(2e9, 4e9, 1e10)),
        Axis(path="events[a].hazard", values=(0.1, 0.2)),
    )
    rows = [VariantRow(number=0, name="base", case="x", figures=figures(3.0))]
    rows += [
        VariantRow(
            number=2 * i + j + 1,
            name=f"{budget}, {hazard}",
            case="x",
            values={axes[0].path: budget, axes[1].path: hazard},
            figures=None if (i, j) == (1, 1) else figures(5.0 - i + j),
        )
        for i, budget in enumerate(axes[0].values)
        for j, hazard in enumerate(axes[1].values)
    ]
    comparison = compare(rows, axes)
    return BatchResult(
        instance_hash="x", axes=axes, rows=tuple(rows), comparison=comparison
    )


def test_a_batch_is_a_panel_per_other_value() -> None:
    """Five plans of six are dots at their costs; the base is a level in each panel."""
    figure = batch_picture(batch())
    assert len(marks(figure, "circle")) == 5
    assert len(marks(figure, "line", **{"stroke-dasharray": "4 2"})) == 2
    assert {"hazard = 0.1", "hazard = 0.2", "2e9", "1e10"} <= set(figure.texts)
    assert figure.title == "Expected shortage cost by financing.budget"
    assert len(figure.table.rows) == 7


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_has_its_unit(measure: Measure) -> None:
    """Dollars, days or materials."""
    figure = batch_picture(batch(), measure, Look(340.0))
    assert any(
        x.split(" ")[-1] in {"dollars", "days", "materials"} for x in figure.texts
    )


def test_a_plan_is_on_its_frontier() -> None:
    """At its own budget and objective, though no point has that budget."""
    figure = frontier_picture(points(), plan=figures(1.5))
    assert values(figure, places(figure, "cx"))[-1] == 4.0
    assert values(figure, places(figure, "cy"), "end", "y")[-1] == 1.5
    assert "this plan" in figure.texts
