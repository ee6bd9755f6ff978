"""Levels of the plan in force: what may be held, and the mistakes in them."""

import math

import pytest

from models.allowed_levels import allowed_tonnes, least_tonnes, with_levels_of
from models.case_warnings import warnings_of
from models.moved_on import moved_on
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case, offer
from tests.plans import empty_plan, in_place, level

# 12 t a year are needed: 30.4375 days are 1 t.
A_MONTH = 30.4375


def with_levels(case: Case, tonnes: float, days: float | None) -> Case:
    """Return a case whose plan in force holds some gallium, and how far it may move."""
    levels = [{"material": "gallium", "tonnes": tonnes}]
    return case | {
        "position": {"levels": levels},
        "options": {"level_change_cap_days": days},
    }


@pytest.mark.parametrize(
    ("tonnes", "days", "expected"),
    [
        (3.0, A_MONTH, (2.0, 4.0)),
        (0.5, A_MONTH, (0.0, 1.5)),
        (3.0, 0.0, (3.0, 3.0)),
        (3.0, None, (0.0, math.inf)),
    ],
)
def test_a_level_moves_by_days_of_need(
    tiny_case: Case, tonnes: float, days: float | None, expected: tuple[float, float]
) -> None:
    """Up and down alike, never below nothing; without a cap by any amount."""
    instance = read_instance(with_levels(tiny_case, tonnes, days))
    found = allowed_tonnes(instance, instance.materials[0])
    assert found == pytest.approx(expected)


def test_the_least_is_that_of_cover_or_level(tiny_case: Case) -> None:
    """Whichever is more."""
    for days, expected in ((A_MONTH, 2.0), (3 * A_MONTH, 3.0)):
        tiny_case["materials"][0]["minimum_days_of_cover"] = days
        instance = read_instance(with_levels(tiny_case, 3.0, A_MONTH))
        assert least_tonnes(instance, instance.materials[0]) == pytest.approx(expected)


def test_a_right_that_has_ended_is_in_no_level(tiny_case: Case) -> None:
    """Its holder has taken it: of 3 t of gallium 2 t are still to be held."""
    tiny_case["entitlement_offers"] = [offer(repurchase_period=1)]
    case = read_instance(tiny_case)
    right = in_place(1.0, offer="right", participant="maker", lots=10)
    held = level(tonnes=3.0, tranches=(in_place(2.0), right))
    plan = empty_plan(case).model_copy(update={"levels": (held,)})
    stated = with_levels_of(case, plan.tranches())
    assert [x.tonnes for x in stated.position.levels] == [3.0]
    left = {"lots": 10, "offer": "right", "sourcing": "in-place", "drawn_tonnes": 1.0}
    position = stated.position.model_dump(mode="json") | {"rights": [left]}
    before = read_instance(tiny_case | {"position": position})
    ended = moved_on(before, 2).case
    assert [x.tonnes for x in ended.position.levels] == [2.0]
    assert (
        with_levels_of(ended, plan.tranches()).position.levels == ended.position.levels
    )


def test_levels_of_unknown_materials_and_doubles_are_mistakes(tiny_case: Case) -> None:
    """All at once, each with its path."""
    level = {"material": "gallium", "tonnes": 1.0}
    levels = [level, level, level | {"material": "helium"}]
    with pytest.raises(InvalidCaseError) as error:
        read_instance(tiny_case | {"position": {"levels": levels}})
    assert [x.path for x in error.value.mistakes] == [
        "position.levels",
        "position.levels[helium].material",
    ]


def test_a_cap_needs_levels(tiny_case: Case) -> None:
    """Alone it has no effect, and is warned of; levels alone say what is in force."""
    cap_alone = tiny_case | {"options": {"level_change_cap_days": 5.0}}
    for case, path in (
        (with_levels(tiny_case, 1.0, None), None),
        (cap_alone, "options.level_change_cap_days"),
        (with_levels(tiny_case, 1.0, 5.0), None),
    ):
        found = [x.path for x in warnings_of(read_instance(case))]
        assert found == ([] if path is None else [path])
