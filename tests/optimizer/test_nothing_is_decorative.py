"""Every item of the first stage moves the plan: nothing in a case is decoration."""

import pytest

from tests.optimizer.vault_case import vault_plan
from tests.optimizer.vault_items import HOLDINGS, MONEY, TERMS, Item

ITEMS = HOLDINGS | TERMS | MONEY
SMALLEST_MOVE = 1e-4


@pytest.mark.parametrize("item", ITEMS.values(), ids=ITEMS.keys())
def test_a_change_of_it_moves_the_plan(item: Item) -> None:
    """What the plan says goes up or down as the table has it, and not by rounding."""
    before = item.moves(vault_plan(item.before))
    after = item.moves(vault_plan(item.before, item.change))
    assert item.how(before, after)
    assert abs(after - before) > SMALLEST_MOVE * max(abs(before), abs(after))
