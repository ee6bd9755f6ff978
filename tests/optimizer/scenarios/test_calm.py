"""Whether calm scenarios can hurt."""

from typing import Any

import pytest

from models.reading import read_instance
from optimizer.scenarios.calm import is_calm_safe

CHN = 0


@pytest.mark.parametrize(
    ("tonnes_per_year", "growth_per_year", "is_safe"),
    [
        # Need 12 t a year, of which DEU has 0.2: CHN has to deliver 9.6 t.
        (9.6, 0.0, True),
        (9.5, 0.0, False),
        # Four months of 33.1 % a year make the need 12 x 1.1 = 13.2 t; DEU has 0.2.
        (10.56, 0.331, True),
        (10.5, 0.331, False),
        (9.6, -0.5, True),
    ],
)
def test_calm_is_safe_if_supply_keeps_up_with_need(
    tiny_case: dict[str, Any],
    tonnes_per_year: float,
    growth_per_year: float,
    *,
    is_safe: bool,
) -> None:
    """Normal supply in tonnes must cover the need of the last day."""
    del tiny_case["routes"][CHN]["share"]
    tiny_case["routes"][CHN]["tonnes_per_year"] = tonnes_per_year
    tiny_case["products"][0]["growth_per_year"] = growth_per_year
    assert is_calm_safe(read_instance(tiny_case)) is is_safe
