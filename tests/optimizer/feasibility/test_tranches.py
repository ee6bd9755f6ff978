"""Tranches against the menu: each printed number broken alone."""

import pytest

from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility import check
from tests.cases import Case
from tests.optimizer.feasibility.by_hand import (
    Path,
    broken_rows,
    plan,
    quantities,
    scenarios,
)

A: Path = ("levels", 0, "tranches", 0)
B: Path = ("levels", 0, "tranches", 1)
R: Path = ("levels", 0, "tranches", 2)
# Alert 2 never comes, so its step can be wrong without any effect on what happens.
STEP: Path = (*A, "steps", 2)


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        ((*STEP, "release_tonnes_per_period"), 0.7, "draw"),
        ((*STEP, "coverage"), 0.41, "coverage"),
        ((*STEP, "floor_tonnes"), 0.01, "floor"),
        ((*STEP, "replenishment_tonnes_per_period"), 0.01, "replenishment"),
        ((*STEP, "price_cap"), 1.5, "price_cap"),
        ((*R, "steps", 2, "coverage"), 0.2, "coverage"),
        ((*A, "outload_tonnes_per_period"), 11.0, "outload"),
        ((*A, "text"), "Release everything now.", "text"),
    ],
)
def test_sees_a_number_that_is_not_the_menus(
    case: Case, path: Path, value: object, row: str
) -> None:
    """A number that is not the share of the menu's is the only thing wrong."""
    assert broken_rows(case, path, value) == [row]


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        ("build_up_tonnes_per_period", 0.2, "build_up"),
        ("build_up_price_cap", 1.5, "build_up_price_cap"),
        ("build_up_start_period", 1, "build_up_start"),
        ("build_up_periods", 3, "build_up_periods"),
        # Not gone through one by one: a plan changed by hand must not stop a check.
        ("build_up_periods", 10**12, "build_up_periods"),
    ],
)
def test_sees_another_build_up(case: Case, field: str, value: object, row: str) -> None:
    """A build-up that is not the sourcing option's is seen, then what it does."""
    assert broken_rows(case, (*B, field), value)[0] == row


def test_sees_lots_that_are_not_the_tonnes(case: Case) -> None:
    """0.8 t are 8 lots of 0.1 t, so 9 lots break the tranche and the material's sum."""
    assert broken_rows(case, (*A, "lots"), 9) == ["whole_lots", "level_lots"]


def test_sees_a_share_that_is_not_the_tonnes(case: Case) -> None:
    """0.8 t are 0.4 of the target, so another share breaks the sizes and the rule."""
    rows = set(broken_rows(case, (*A, "share"), 0.5))
    assert rows == {"share", "draw", "coverage", "outload"}


def test_sees_a_level_that_is_not_on_the_menu(case: Case) -> None:
    """The menu has 6 and 60 days; a tranche of 50 days is none of its candidates."""
    rows = broken_rows(case, (*A, "level_days_of_cover"), 50.0)
    assert set(rows) == {"level", "share", "draw"}


def test_sees_a_part_of_a_right(case: Case) -> None:
    """A right of two lots is not two fifths of one of five lots, or 15 days."""
    case["levels_days_of_cover"] = [15, 60]
    case["entitlement_offers"][0]["coverage"] = 0.25
    instance = read_instance(case)
    content = plan(instance).model_dump()
    right = content["levels"][0]["tranches"][2]
    right |= {"level_days_of_cover": 15.0, "share": 0.4}
    right["outload_tonnes_per_period"] *= 0.4
    printed = Plan.model_validate(content)
    found = check(instance, scenarios(instance), printed, quantities())
    assert [violation.row for violation in found if violation.row != "text"] == [
        "whole_award"
    ]


def test_sees_shares_above_one(case: Case) -> None:
    """Shares of a pool that sum to more than 1 are no policy of the menu."""
    assert "one_policy" in broken_rows(case, (*B, "share"), 0.7)


def test_sees_too_many_tranches(case: Case) -> None:
    """A pool of two tranches is one too many where the options allow one."""
    case["options"] = {"max_tranches": 1}
    assert broken_rows(case) == ["tranche_limit"]


def test_sees_a_build_up_that_never_ends(case: Case) -> None:
    """Where the market sells nothing, no target can be built up."""
    case["materials"][0]["market_capacity_tonnes_per_year"] = 0.0
    assert "build_up_periods" in broken_rows(case)
