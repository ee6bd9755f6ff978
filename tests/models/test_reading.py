"""Reading a case: texts that not every store can hold."""

import pytest

from models.reading import InvalidCaseError, read_instance
from tests.cases import Case


def test_a_nul_is_a_mistake_with_its_path(tiny_case: Case) -> None:
    """In a name and in the source of a figure."""
    tiny_case["materials"][0] |= {"name": "a\0b", "sources": {"price": "\0"}}
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(tiny_case)
    found = {x.path: x.expected for x in caught.value.mistakes}
    expected = "text without the character NUL"
    paths = ("materials[gallium].name", "materials[gallium].sources")
    assert found == dict.fromkeys(paths, expected)
