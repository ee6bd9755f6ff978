"""Variants by name: their section in a case file, and the cases that they make."""

import json

import pytest

from models.reading import InvalidCaseError, read_instance
from service.casefiles import given_case
from service.variants.named import read_variants_section, varied_case
from service.variants.overlay import Overlay
from tests.cases import Case

LIMIT = "financing.loan.limit_usd"
SMALL = {"title": "small loan", "reason": "As a bank sees it.", "set": {LIMIT: 1e6}}


@pytest.fixture
def content(tiny_case: Case) -> Case:
    """Return the tiny case as documents have it."""
    return json.loads(read_instance(tiny_case).model_dump_json())


def small(**terms: object) -> Overlay:
    """Return the overlay of a smaller loan with further fields."""
    return Overlay.model_validate(SMALL | terms)


def mistakes(section: object) -> list[str]:
    """Return the paths of what is wrong in a section."""
    with pytest.raises(InvalidCaseError) as caught:
        read_variants_section(section)
    return [mistake.path for mistake in caught.value.mistakes]


def test_a_variant_is_a_case_of_its_own(content: Case) -> None:
    """Its title and reason name and describe it, and its id leads back to it."""
    case = read_instance(varied_case(content, "small", small()))
    assert case.id == "tiny:small"
    assert case.name == "Gallium for one maker of wafers: small loan"
    assert case.description == "As a bank sees it."


def test_its_values_have_their_own_sources(content: Case) -> None:
    """A source of the base would speak of another figure."""
    content["financing"]["facilities"][0]["sources"]["limit_usd"] = "the bank's letter"
    said = varied_case(content, "small", small(sources={LIMIT: "a second letter"}))
    unsaid = varied_case(content, "small", small())
    found = [x["financing"]["facilities"][0]["sources"] for x in (said, unsaid)]
    assert found == [
        {"limit_usd": "a second letter"},
        {"limit_usd": "variant small: As a bank sees it."},
    ]


def test_a_source_is_written_where_sources_are(content: Case) -> None:
    """A figure inside a list has the path from the part that has sources."""
    path = "events.chn-ban.phases.0.availability"
    overlay = small(set={path: 0.5}, sources={path: "a report"})
    case = read_instance(varied_case(content, "mild", overlay))
    assert case.events[0].sources == {"phases[0].availability": "a report"}


def test_a_figure_without_a_place_for_its_source_needs_none(content: Case) -> None:
    """Options of a solve have no sources; one that is given is not lost."""
    overlay = small(set={"options.seed": 3})
    assert varied_case(content, "other", overlay)["options"]["seed"] == 3
    sources = {"options.seed": "a die", "options.gap": "none"}
    cited = overlay.model_copy(update={"sources": sources})
    with pytest.raises(InvalidCaseError) as caught:
        varied_case(content, "other", cited)
    assert [x.path for x in caught.value.mistakes] == [
        "sources.options.gap",
        "sources.options.seed",
    ]


@pytest.mark.parametrize(
    "changes", [{"set": {"name": "x"}}, {"patch": {"id": "x"}}, {"set": {"id": "x"}}]
)
def test_title_and_reason_are_the_only_names(
    content: Case, changes: dict[str, object]
) -> None:
    """What would be overwritten is a mistake."""
    with pytest.raises(InvalidCaseError, match="title and reason"):
        varied_case(content, "small", small(**changes))


def test_without_a_title_only_the_changes_are_made(content: Case) -> None:
    """A variant of a batch is the base with other values."""
    case = varied_case(content, "v", Overlay.model_validate({"set": {LIMIT: 1e6}}))
    assert case["id"] == "tiny"
    assert case["financing"]["facilities"][0]["sources"] == {}


def test_all_mistakes_of_a_section_are_reported() -> None:
    """Names with a colon, fields that do not exist, and titles that are not there."""
    section = {
        "a:b": SMALL,
        "good": SMALL,
        "wide": SMALL | {"colour": "red", "keep": {"materials": "gallium"}},
        "nameless": {"set": {LIMIT: 1e6}},
        "bare": None,
        7: SMALL,
    }
    assert mistakes(section) == [
        "variants[a:b]",
        "variants[wide].keep.materials",
        "variants[wide].colour",
        "variants[nameless].title",
        "variants[bare]",
        "variants[7]",
    ]


@pytest.mark.parametrize("section", [None, [], "niche", 3])
def test_a_section_is_overlays_by_name(section: object) -> None:
    """Anything else is one mistake."""
    assert mistakes(section) == ["variants"]


def test_a_base_is_another_variant_without_one() -> None:
    """A name that is none, the variant itself, or a variant of a variant."""
    assert mistakes(
        {
            "small": SMALL,
            "less": SMALL | {"base": "small"},
            "least": SMALL | {"base": "less"},
            "odd": SMALL | {"base": "tall"},
            "own": SMALL | {"base": "own"},
        }
    ) == [
        "variants[least].base",
        "variants[odd].base",
        "variants[own].base",
    ]


def test_a_variant_with_a_base_changes_that(content: Case) -> None:
    """It has the changes of both, and a name of the case, not of the base."""
    doubled = {"title": "two seeds", "base": "small", "set": {"options.seed": 3}}
    file = given_case(content | {"variants": {"small": SMALL, "both": doubled}}, "tiny")
    case = read_instance(file.varied("both"))
    assert (case.id, case.options.seed) == ("tiny:both", 3)
    assert case.name == "Gallium for one maker of wafers: two seeds"
    assert case.financing.facilities[0].limit_usd == 1e6
