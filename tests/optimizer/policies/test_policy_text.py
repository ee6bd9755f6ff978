"""Rules in words: what a store can load out is a limit a day."""

import pytest

from models.reading import read_instance
from optimizer.policies.policy_text import policy_text
from tests import cases
from tests.cases import Case
from tests.plans import in_place, steps

MONTH = 30.4375


@pytest.mark.parametrize(
    ("length", "pace", "a_day", "text"),
    [
        ({"period_days": 30}, 5.0, 0.1, "up to 3 t a month while"),
        ({"period_days": 30}, 2.0, 0.1, "up to 2 t a month while"),
        ({"period": "month"}, 2.0, 0.1, "up to 2 t a month while"),
        ({"period": "month"}, 5.0, 0.1, "up to 0.1 t a day while"),
        # 28 to 31 days from 1 January to 30 April: 2.8 to 3.1 t a month.
        ({"period": "month"}, 3.0, 0.1, "up to 3 t a month and 0.1 t a day while"),
    ],
)
def test_outload_is_a_day_where_months_differ(
    tiny_case: Case, length: Case, pace: float, a_day: float, text: str
) -> None:
    """The rate of a rule stays one a month."""
    tiny_case["horizon"] = cases.horizon(4) | length
    days = length.get("period_days", MONTH)
    tranche = in_place(60.0, steps=steps(pace), outload_tonnes_per_period=a_day * days)
    assert text in policy_text(read_instance(tiny_case), tranche)
