"""The picture of rules: bars, whiskers and names, read off the figure."""

from models.rule_comparison import RuleComparison, RuleCost, RuleKind
from service.pictures.figure import Figure
from service.pictures.marks import Mark
from service.pictures.rules import rules_picture
from tests.service.pictures.test_pictures import marks, values

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


def ends(figure: Figure, mark: Mark) -> list[float]:
    """Return the values between which a line or a bar lies."""
    x = mark.attributes
    if mark.name == "line":
        return values(figure, [x["x1"], x["x2"]])
    return values(figure, [x["x"], str(float(x["x"]) + float(x["width"]))])


def test_bars_are_the_costs_dearest_first() -> None:
    """In billions, each beside its name; a line at the plan's cost."""
    figure = rules_picture(compared())
    bars = [ends(figure, mark) for mark in marks(figure, "rect")]
    assert bars == [[0, 5], [0, 3], [0, 2], [0, 0]]
    labels = [x.text for x in marks(figure, "text", **{"text-anchor": "end"})]
    assert labels[-4:] == [kind.value for kind in COSTS]
    assert labels[1:5] == ["5.00", "3.00", "2.00", "0.00"]
    whiskers = marks(figure, "line", **{"stroke-width": "1.2"})
    found = [ends(figure, x) for x in whiskers]
    assert found == [[4, 6], [2.4, 3.6], [1.6, 2.4], [0, 0]]
    (plan,) = marks(figure, "line", **{"stroke-dasharray": "4 2"})
    assert ends(figure, plan) == [2, 2]
    assert any("billion" in text for text in figure.texts)


def test_without_intervals_there_are_no_whiskers() -> None:
    """Only the plan's line is left."""
    figure = rules_picture(compared(is_certain=True))
    assert not marks(figure, "line", **{"stroke-width": "1.2"})
    assert figure.table.rows[0][2:] == (None, None)
