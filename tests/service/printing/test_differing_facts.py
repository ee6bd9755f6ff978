"""The facts in which two cases differ: those of a position by its parts."""

from models.plan_comparison import FactChange, Topic, TopicChange
from service.printing.plan_comparison import facts
from service.printing.plan_comparison_words import facts_by_part

PATHS = (
    *(f"position.alerts[m{i}].levels" for i in range(9)),
    *(f"position.stock[lot{i}]" for i in range(6)),
    "position.rights[right].drawn_tonnes",
)


def differing(topic: Topic) -> TopicChange:
    """Return a topic in which these facts differ."""
    changes = tuple(
        FactChange(path=path, before="1", after="2", relative_change=1.0)
        for path in PATHS
    )
    return TopicChange(topic=topic, facts=changes)


def test_facts_of_a_position_are_told_by_its_parts() -> None:
    """Stock first, though alerts come before it in the alphabet."""
    found = facts_by_part(differing(Topic.POSITION))
    numbers = {name: len(some) for name, some in found.items()}
    assert list(numbers.items()) == [("stock", 6), ("rights", 1), ("alerts", 9)]
    assert list(facts_by_part(differing(Topic.EVENTS))) == ["events"]


def test_the_table_has_the_largest_of_each_part() -> None:
    """And says how many more there are of each."""
    found = facts([differing(Topic.POSITION)])
    assert found is not None
    assert list(found.columns[1].cells) == [
        *(PATHS[9], PATHS[10], "and 4 more of stock (--json has all)"),
        *(PATHS[15], PATHS[0], PATHS[1], "and 7 more of alerts (--json has all)"),
    ]
