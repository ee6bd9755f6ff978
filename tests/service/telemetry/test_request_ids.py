"""Ids of requests: brought or made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.telemetry.request_ids import MAXIMUM_CHARACTERS, usable_id


@pytest.mark.parametrize("brought", ["a", "7f3c-1", "Root=1-67891233-abc:x.y/z@+"])
def test_an_id_that_is_brought_is_kept(brought: str) -> None:
    """Ids of proxies and of clouds are among them."""
    assert usable_id(brought) == brought


@pytest.mark.parametrize(
    "brought", [None, "", "a b", 'a"', "a\n", "é", "x" * (MAXIMUM_CHARACTERS + 1)]
)
def test_an_id_that_cannot_be_used_is_replaced(brought: str | None) -> None:
    """Two requests without a usable one have two."""
    assert len({brought, usable_id(brought), usable_id(brought)}) == 3


@given(st.text())
def test_every_id_can_stand_in_a_header_and_in_a_line(brought: str) -> None:
    """It is short and has no space, no quote and nothing beyond ASCII."""
    found = usable_id(brought)
    assert 0 < len(found) <= MAXIMUM_CHARACTERS
    assert found.isascii()
    assert found.isprintable()
    assert not set(' "\\') & set(found)
