"""The comparison of variants."""

from models.batch import Axis, VariantRow, compare
from models.outcome import Termination
from tests.models.test_pareto import figures


def row(number: int, cost: float | None, **values: object) -> VariantRow:
    """Return a variant with that cost, or one that has no plan."""
    found = {
        "number": number,
        "name": f"v{number}",
        "values": values,
        "case": "0" * 64,
        "figures": None if cost is None else figures(1.0, cost),
    }
    return VariantRow.model_validate(found)


def test_each_value_has_its_best_and_its_mean() -> None:
    """Of a: 1 has 4 and 2 (mean 3), 2 has 6 alone. Of b: "x" 4 and 6, [1] has 2."""
    axes = [Axis(path="a", values=(1, 2, 3)), Axis(path="b", values=("x", [1]))]
    rows = [
        row(0, 1.0),
        row(1, 4.0, a=1, b="x"),
        row(2, 2.0, a=1, b=[1]),
        row(3, 6.0, a=2, b="x"),
        row(4, None, a=2, b=[1]),
    ]
    found = [
        (x.path, x.value, x.number_of_plans, x.least_cost_usd, x.mean_cost_usd, x.best)
        for x in compare(rows, axes).frontier
    ]
    assert found == [
        ("a", 1, 2, 2.0, 3.0, 2),
        ("a", 2, 1, 6.0, 6.0, 3),
        ("b", "x", 2, 4.0, 5.0, 1),
        ("b", [1], 1, 2.0, 2.0, 2),
    ]


def test_failed_and_infeasible_variants_are_named() -> None:
    """They are in no other list."""
    failed = row(1, None).model_copy(update={"failure": "crashed"})
    without = row(2, None).model_copy(update={"termination": Termination.INFEASIBLE})
    found = compare([row(0, 1.0), failed, without, row(3, None)], [])
    assert (found.failures, found.infeasible, found.pareto) == ((1,), (2,), (0,))
