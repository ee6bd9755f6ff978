"""The case of the plan that is worked out by hand."""

from typing import Any

import pytest

from tests.cases import Case
from tests.optimizer.feasibility import by_hand


@pytest.fixture
def case(tiny_case: Case) -> dict[str, Any]:
    """Return a fresh mapping of the case, to change and then read."""
    return by_hand.case(tiny_case)
