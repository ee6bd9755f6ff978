"""One name for one idea: what modules and classes are called."""

import ast
from collections import defaultdict

import pytest

from tests.house.conftest import ROOT
from tests.house.test_layout import CLIENT, PACKAGES, modules

DRAWERS = {
    "base",
    "common",
    "data",
    "helper",
    "helpers",
    "info",
    "misc",
    "util",
    "utils",
}


def test_no_module_is_a_drawer() -> None:
    """A module is called by its idea: there is no utils and no helpers."""
    found = [path for path in modules(*PACKAGES, "tests") if path.stem in DRAWERS]
    assert found == []


@pytest.mark.parametrize("is_client", [False, True])
def test_no_two_public_classes_share_a_name(*, is_client: bool) -> None:
    """A name that is searched for leads to one class.

    The client calls answers and errors as the server does, which it does not import.
    """
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules(*PACKAGES):
        if path.is_relative_to(CLIENT) != is_client:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
