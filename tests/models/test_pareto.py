"""Which plans no other beats."""

from hypothesis import given
from hypothesis import strategies as st

from models.figures import Measure, PlanFigures
from models.pareto import pareto_set

FEW = st.integers(min_value=0, max_value=4)
MEASURES = (Measure.DRAWN, Measure.EXPECTED_SHORTAGE_COST, Measure.LEAST_DAYS_OF_COVER)


def figures(drawn: float, cost: float, days: float = 0.0) -> PlanFigures:
    """Return the figures of a plan; the others are 0."""
    zero = dict.fromkeys(PlanFigures.model_fields, 0)
    given = {
        "drawn_usd": drawn,
        "expected_shortage_cost_usd": cost,
        "least_days_of_cover": days,
    }
    return PlanFigures.model_validate(zero | given)


@given(
    st.lists(st.tuples(FEW, FEW, FEW), max_size=30),
    st.integers(min_value=1, max_value=3),
)
def test_what_is_kept_is_what_no_other_beats(
    points: list[tuple[int, int, int]], number_of_measures: int
) -> None:
    """By asking every pair; more days are better, less money is."""

    def beats(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        signs = (1, 1, -1)[:number_of_measures]
        worse = [s * (a - b) for s, a, b in zip(signs, one, other, strict=False)]
        return max(worse) <= 0 and min(worse) < 0

    kept = pareto_set(
        {i: figures(*point) for i, point in enumerate(points)},
        MEASURES[:number_of_measures],
    )
    unbeaten = {
        i for i, it in enumerate(points) if not any(beats(x, it) for x in points)
    }
    assert set(kept) == unbeaten
    assert len(kept) == len(unbeaten)


def test_the_best_in_the_first_measure_comes_first() -> None:
    """So two measures read as a curve."""
    found = {"a": figures(3, 1), "b": figures(1, 3), "c": figures(2, 2)}
    assert pareto_set(found, MEASURES[:2]) == ["b", "c", "a"]


def test_unknown_is_worst_and_more_net_benefit_is_better() -> None:
    """A plan of before the cost of holding is beaten by any that states it."""
    zero = figures(1, 1).model_dump()
    found = {
        name: PlanFigures.model_validate(zero | {"net_benefit_usd": benefit})
        for name, benefit in (("old", None), ("less", -3.0), ("more", 2.0))
    }
    assert pareto_set(found, [Measure.NET_BENEFIT]) == ["more"]


def test_noise_of_the_solver_decides_nothing() -> None:
    """A tenth of a millionth of a dollar more is the same."""
    found = {"a": figures(1e6, 5), "b": figures(1e6 + 1e-7, 4)}
    assert pareto_set(found, MEASURES[:2]) == ["b"]
