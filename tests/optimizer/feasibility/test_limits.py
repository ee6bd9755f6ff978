"""Limits on what is held and bought, each tightened alone around a given plan."""

from typing import Any

import pytest

from tests.optimizer.feasibility.by_hand import Path, broken_rows


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [
        # 1.2 t are 36 days of cover.
        ("minimum_days_of_cover", 36.1, "minimum_cover"),
        # Four fifths of planned buying are refined in China.
        ("origin_share_cap", 0.79, "origin_cap"),
    ],
)
def test_sees_a_limit_of_the_material(
    case: dict[str, Any], field: str, value: float, row: str
) -> None:
    """A limit of the material just below what the plan needs is the only one left."""
    case["materials"][0][field] = value
    assert broken_rows(case) == [row]


def test_sees_a_store_that_is_too_small(case: dict[str, Any]) -> None:
    """1.2 t do not fit where 1.1 t do."""
    case["storage_classes"][0]["capacity_tonnes"] = 1.1
    assert broken_rows(case) == ["storage_capacity"]


def test_sees_more_released_than_loaded_out(case: dict[str, Any]) -> None:
    """The rules may release 1.18 t at once; a store of 0.9 t a period cannot."""
    case["storage_classes"][0]["outload_tonnes_per_day"] = 0.9 / 30
    assert "outload_limit" in broken_rows(case)


def test_sees_more_bought_than_the_market_bears(case: dict[str, Any]) -> None:
    """A market of 40 t a year has 3.3 t a period, not 4 t for one tranche's refill."""
    refill: Path = ("levels", 0, "tranches", 0, "steps", 2)
    path = (*refill, "replenishment_tonnes_per_period")
    assert broken_rows(case, path, 4.0) == ["replenishment", "market_capacity"]


def test_sees_an_origin_that_is_not_eligible(case: dict[str, Any]) -> None:
    """A contract may not deliver from a country that the vault may not buy from."""
    assert "eligibility" in broken_rows(case, ineligible=("DEU",))
