"""In which facts two cases differ."""

import pytest

from models.instance import Instance
from models.material import Material
from models.plan_comparison import FactChange, Topic
from models.reading import read_instance
from models.sections import Sections
from optimizer.plan_comparison.facts import (
    FIELDS_OF_MATERIALS,
    SECTIONS,
    WORDS,
    fact_changes,
)
from tests import cases
from tests.cases import Case, changed

# Sections that are words, or that no plan depends on.
LEFT_OUT = {"id", "name", "description", "replays", "published_losses", "unmodelled"}


def differing(
    tiny_case: Case, **changes: object
) -> dict[Topic, tuple[FactChange, ...]]:
    """Return in what the tiny case differs from itself with changes by path."""
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    after = changed(tiny_case, paths)
    return dict(fact_changes(read_instance(tiny_case), read_instance(after)))


def test_every_section_of_a_case_has_a_topic() -> None:
    """A section that is added later is not forgotten."""
    assert set(SECTIONS) | LEFT_OUT | {"materials"} == set(Sections.model_fields)
    assert set(FIELDS_OF_MATERIALS) <= set(Material.model_fields)


def test_equal_cases_do_not_differ(tiny_case: Case) -> None:
    """Nor does one that was written and read."""
    instance = read_instance(tiny_case)
    again = Instance.model_validate_json(instance.model_dump_json())
    assert fact_changes(instance, again) == {}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_words_for_people_are_no_facts(tiny_case: Case, word: str) -> None:
    """Names, descriptions and sources move no plan."""
    value = {"share": "a report"} if word == "sources" else "Other"
    path = "routes.0.sources" if word == "sources" else word
    assert differing(tiny_case, **{path: value}) == {}


def test_the_largest_change_comes_first(tiny_case: Case) -> None:
    """What is new is larger than any change of a number."""
    terms = {
        "routes__0__share": 0.6,
        "routes__1__share": 0.3,
        "routes+": cases.route("gallium", "JPN", 0.1),
    }
    (found,) = differing(tiny_case, **terms).values()
    assert [(x.path, x.before, x.after) for x in found] == [
        ("routes[gallium-jpn]", None, found[0].after),
        ("routes[gallium-deu].share", "0.2", "0.3"),
        ("routes[gallium-chn].share", "0.8", "0.6"),
    ]
    assert found[0].relative_change is None
    assert found[1].relative_change == pytest.approx(0.5)


def test_a_first_lot_of_stock_is_a_fact_of_the_position(tiny_case: Case) -> None:
    """Though the case had no position at all."""
    lot = cases.stock_lot("old", 2.0)
    found = differing(tiny_case, position={"stock": [lot]})
    ((fact,),) = found.values()
    assert list(found) == [Topic.POSITION]
    assert (fact.path, fact.before) == ("position.stock[old]", None)
    assert fact.after is not None
    assert "tonnes 2" in fact.after


def test_elements_without_a_name_are_matched_by_their_place(tiny_case: Case) -> None:
    """As the phases of an event."""
    found = differing(tiny_case, events__0__phases__0__availability=0.5)
    ((fact,),) = found.values()
    assert fact.path == "events[chn-ban].phases[0].availability"
    # From nothing there is no relative change.
    assert (fact.before, fact.after, fact.relative_change) == ("0", "0.5", None)


def test_a_menu_is_one_fact(tiny_case: Case) -> None:
    """A list of numbers is shown whole; the largest of its changes counts."""
    found = differing(tiny_case, levels_days_of_cover=[90])
    ((fact,),) = found.values()
    assert (fact.before, fact.after) == ("[60]", "[90]")
    assert fact.relative_change == pytest.approx(0.5)
    longer = differing(tiny_case, levels_days_of_cover=[60, 90])
    assert longer[Topic.MENU][0].relative_change is None
