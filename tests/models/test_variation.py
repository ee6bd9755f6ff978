"""A case of which some sections are changed is read as if it were read whole."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.content import canonical_json
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.variation import Variation
from service.casefiles import load
from tests.cases import Case, smallest_case

BASE = read_instance(load("project_vault"))
VARIATION = Variation(BASE)
SECTIONS = sorted(Instance.model_fields)


VALUES: dict[str, object] = {"nothing": None, "number": 3, "text": "some", "none": []}
ALLY = {"id": "ally", "name": "Ally", "material": "gallium", "tonnes_per_year": 1.0}
WAYS = ("shorter", "twice", "renamed", "same", "absent", *VALUES)


def _changed(value: object, way: str) -> object:
    """Return a section as it is, or wrong or right in another way."""
    if way in VALUES:
        return VALUES[way]
    other = deepcopy(value)
    if isinstance(other, list) and other:
        elements = cast("list[Any]", other)
        if way == "shorter":
            del elements[-1]
        elif way == "twice":
            elements.append(elements[-1])
        elif way == "renamed" and isinstance(elements[0], dict):
            elements[0]["id"] = "nobody"
    elif isinstance(other, dict) and other and way == "shorter":
        fields = cast("dict[str, object]", other)
        del fields[min(fields)]
    return cast("object", other)


def _reported(read: Callable[[], Instance]) -> object:
    """Return the canonical JSON of a case, or what is wrong with it."""
    try:
        return canonical_json(read())
    except InvalidCaseError as error:
        return [str(mistake) for mistake in error.mistakes]


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(SECTIONS), st.sampled_from(WAYS), max_size=3))
def test_a_variant_is_what_is_read_whole(ways: dict[str, str]) -> None:
    """The same case or the same mistakes, in the same words and order."""
    content = dict(VARIATION.content)
    for section, way in ways.items():
        if way == "absent":
            content.pop(section, None)
        else:
            content[section] = _changed(content.get(section, []), way)
    varied = _reported(lambda: VARIATION.read(content).instance)
    assert varied == _reported(lambda: read_instance(content))


@pytest.mark.parametrize(
    "changes",
    [
        {"competing_buyers": None},
        {
            "published_losses": [
                {"materials": ["gallium"], "country": "CHN", "loss_usd": 1}
            ]
        },
    ],
)
def test_a_new_mistake_in_a_variant_is_found(changes: Case) -> None:
    """Nothing for a list that the base leaves out, and a loss without its kind."""
    content = {**VARIATION.content, **changes}
    reported = _reported(lambda: VARIATION.read(content).instance)
    assert isinstance(reported, list)
    assert reported == _reported(lambda: read_instance(content))


def test_a_section_that_no_case_has_is_a_mistake() -> None:
    """It is reported as in a whole case."""
    content = {**VARIATION.content, "nonsense": 1}
    reported = _reported(lambda: VARIATION.read(content).instance)
    assert reported == ["nonsense: is 1, expected no such field"]


@pytest.mark.parametrize("buyers", [[], [ALLY]])
@pytest.mark.parametrize("base_buyers", [[], [ALLY]])
def test_a_section_that_most_cases_do_not_have(
    base_buyers: list[Case], buyers: list[Case]
) -> None:
    """Added, changed or emptied, the hash is that of the case read whole."""
    content = smallest_case()
    for route in content["routes"]:
        route["vault_tonnes_per_year"] = 10.0
    base = read_instance(content | {"competing_buyers": base_buyers})
    variation = Variation(base)
    varied = variation.read({**variation.content, "competing_buyers": buyers})
    whole = read_instance(content | {"competing_buyers": buyers})
    assert varied.content_hash == whole.content_hash
    restored = {**variation.content, **json.loads(varied.changed)}
    assert read_instance(restored).content_hash == whole.content_hash
