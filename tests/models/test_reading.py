"""Reading a case: texts that not every store can hold."""

import pytest

from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case


def test_a_nul_is_a_mistake_with_its_path(tiny_case: Case) -> None:
    """In a name and in the source of a figure."""
    tiny_case["materials"][0] |= {"name": "a\0b", "sources": {"price": "\0"}}
    found = expected_in(tiny_case)
    expected = "text without the character NUL"
    paths = ("materials[gallium].name", "materials[gallium].sources")
    assert found == dict.fromkeys(paths, expected)


def test_what_is_no_list_is_a_mistake(tiny_case: Case) -> None:
    """Told in a word that people know."""
    tiny_case["position"] = {"stock": {"gallium": 2.0}}
    assert expected_in(tiny_case) == {"position.stock": "a list"}


@pytest.mark.parametrize(
    ("section", "content"),
    [
        ("position", []),
        ("position", {"stock": 5}),
        ("events", {}),
        ("trade", []),
        ("contracts", 3),
        ("options", {"seed": "x"}),
    ],
)
def test_a_section_of_the_wrong_kind_hides_no_other_mistake(
    tiny_case: Case, section: str, content: object
) -> None:
    """Unknown names elsewhere are told; none is unknown for want of the section."""
    ban = {"event": "chn-ban", "since": "2025-12-01"}
    offers = [cases.offer(), cases.offer(id="other", participant="nobody")]
    right = {"offer": "right", "lots": 1, "sourcing": "in-place"}
    position = {"disruptions": [ban], "rights": [right | {"drawn_tonnes": 0.1}]}
    case = tiny_case | {"entitlement_offers": offers, "position": position}
    only = {"entitlement_offers[other].participant"}
    assert set(expected_in(case)) == only
    found = {x.partition(".")[0] for x in expected_in(case | {section: content})}
    assert found == {section, "entitlement_offers[other]"}


def test_more_names_than_are_shown_are_hinted_at(tiny_case: Case) -> None:
    """Nobody is to think that these are all."""
    tiny_case["materials"] *= 10
    for i, material in enumerate(tiny_case["materials"][1:]):
        tiny_case["materials"][i + 1] = material | {"id": f"m{i}"}
    sale = {"material": "gold", "within_periods": 1}
    tiny_case["position"] = {"sales": [sale]}
    found = expected_in(tiny_case)["position.sales[gold].material"]
    assert found == "one of the materials (gallium, m0, m1, m2, m3, m4, m5, m6, ...)"


def expected_in(case: Case) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case)
    return {x.path: x.expected for x in caught.value.mistakes}
