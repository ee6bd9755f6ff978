"""The picture of rules: bars, whiskers and names, read off the figure."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from functools import partial

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from models.rule_comparison import RuleComparison, RuleCost, RuleKind
from service.pictures.rules import rules_picture
from service.pictures.style import PictureFormat, rendered

COSTS = {
    RuleKind.NO_VAULT: 5e9,
    RuleKind.MENU_RULE: 3e9,
    RuleKind.PLAN: 2e9,
    RuleKind.CLAIRVOYANT: 0.0,
}


def compared(*, is_certain: bool = False) -> RuleComparison:
    """Return four rows, each with an interval of 20 % both ways if it is known."""
    rows = [
        RuleCost(
            kind=kind,
            name=kind.value,
            expected_shortage_cost_usd=cost,
            confidence_interval_usd=None if is_certain else (0.8 * cost, 1.2 * cost),
            difference_usd=cost - COSTS[RuleKind.PLAN],
            difference_interval_usd=None,
            cvar_usd=2 * cost,
            lowest_cash_usd=None,
        )
        for kind, cost in COSTS.items()
    ]
    return RuleComparison(
        instance_hash="a",
        plan_hash="b",
        scenarios=1_000,
        seed=2,
        cvar_level=0.95,
        price_trigger=1.5,
        choosing_scenarios=100,
        rows=tuple(reversed(rows)),
    )


def test_bars_are_the_costs_dearest_first() -> None:
    """In billions, each beside its name; a line at the plan's cost."""
    (axes,) = rules_picture(compared()).axes
    bars = [x.get_width() for x in axes.patches if isinstance(x, Rectangle)]
    assert bars == pytest.approx([5, 3, 2, 0])
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == [kind.value for kind in COSTS]
    *whiskers, plan = axes.lines
    ends = np.concatenate([np.asarray(line.get_xdata()) for line in whiskers])
    assert ends == pytest.approx([4, 6, 2.4, 3.6, 1.6, 2.4, 0, 0])
    assert np.asarray(plan.get_xdata()) == pytest.approx([2, 2])
    assert [x.get_text() for x in axes.texts] == ["5.00", "3.00", "2.00", "0.00"]
    assert "billion" in axes.get_xlabel()


def test_without_intervals_there_are_no_whiskers() -> None:
    """Only the plan's line is left."""
    (axes,) = rules_picture(compared(is_certain=True)).axes
    assert len(axes.lines) == 1


@pytest.mark.parametrize("picture_format", ["svg", "png"])
def test_equal_documents_equal_bytes(picture_format: PictureFormat) -> None:
    """Neither date nor random identifiers are in them."""
    draw = partial(rules_picture, compared())
    first = rendered(draw, picture_format)
    assert first == rendered(draw, picture_format)
    assert b"dc:date" not in first
