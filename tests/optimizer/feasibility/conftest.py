"""The case of the plan that is worked out by hand."""

from typing import Any

import pytest

from tests.optimizer.feasibility import by_hand


@pytest.fixture
def case(tiny_case: dict[str, Any]) -> dict[str, Any]:
    """Return a fresh mapping of the case, to change and then read."""
    return by_hand.case(tiny_case)
