"""A case of which some sections are changed is read as if it were read whole."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.content import canonical_json
from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from models.variation import Variation
from service.casefiles import load

BASE = read_instance(load("project_vault"))
VARIATION = Variation(BASE)
SECTIONS = sorted(Instance.model_fields)


VALUES: dict[str, object] = {"nothing": None, "number": 3, "text": "some", "none": []}
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


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(SECTIONS), st.sampled_from(WAYS), max_size=3))
def test_a_variant_is_what_is_read_whole(ways: dict[str, str]) -> None:
    """The same case or the same mistakes, in the same words and order."""
    content = dict(VARIATION.content)
    for section, way in ways.items():
        if way == "absent":
            del content[section]
        else:
            content[section] = _changed(content[section], way)
    varied = _reported(lambda: VARIATION.read(content).instance)
    assert varied == _reported(lambda: read_instance(content))


def test_a_section_that_no_case_has_is_a_mistake() -> None:
    """It is reported as in a whole case."""
    content = {**VARIATION.content, "nonsense": 1}
    reported = _reported(lambda: VARIATION.read(content).instance)
    assert reported == ["nonsense: is 1, expected no such field"]
