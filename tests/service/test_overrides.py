"""PATH=VALUE: paths that lead to a value, and errors of those that do not."""

import pytest

from models.reading import InvalidCaseError, read_instance
from service.overrides import override
from tests.cases import Case


def refusal(case: Case, *assignments: str) -> str:
    """Return the message with which assignments are refused."""
    with pytest.raises(InvalidCaseError) as caught:
        override(case, assignments)
    return str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "financing.facilities.loan.limit_usd",
        "financing.loan.limit_usd",
        "financing.facilities.0.limit_usd",
        "financing.facilities[loan].limit_usd",
        "financing[facilities][0].limit_usd",
    ],
)
def test_an_element_is_found_by_id_or_index(tiny_case: Case, path: str) -> None:
    """All ways to the loan lead to the loan."""
    changed = override(tiny_case, [f"{path}=8e9"])
    assert read_instance(changed).financing.facilities[0].limit_usd == 8e9


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("financing.loan.limit_usd=1", "financing.loan.limit_usd=2"),
        ("financing.loan.limit_usd=1", "financing.facilities.loan.limit_usd=1"),
        (
            "financing.facilities[loan].limit_usd=1",
            "financing.facilities.0.limit_usd=2",
        ),
        ("options.seed=1", "options[seed]=2"),
        ("options.seed=1", "options={gap: 0.1}"),
        ("options={seed: 1}", "options.seed=2"),
        ("financing.loan={limit_usd: 1}", "financing.facilities.0.limit_usd=2"),
        ("levels_days_of_cover=[0, 30]", "levels_days_of_cover.1=60"),
    ],
)
def test_one_value_is_not_set_twice(tiny_case: Case, first: str, second: str) -> None:
    """Nor replaced by a value around it, or in it; the message has both spellings."""
    message = refusal(tiny_case, first, second)
    assert second.partition("=")[0] in message
    assert f"leads where {first.partition('=')[0]} leads" in message


def test_a_value_may_be_set_in_another(tiny_case: Case) -> None:
    """If it has none there: what was set before is not lost."""
    changed = override(tiny_case, ["options={gap: 0.1}", "options.seed=3"])
    assert changed["options"] == {"gap": 0.1, "seed": 3}


def test_the_case_itself_is_left_alone(tiny_case: Case) -> None:
    """A copy is changed."""
    override(tiny_case, ["financing.loan.limit_usd=8e9"])
    assert tiny_case["financing"]["facilities"][0]["limit_usd"] == 5e6


@pytest.mark.parametrize("empty", [None, {}, "absent"])
def test_an_absent_section_is_made(tiny_case: Case, empty: object) -> None:
    """A section that is absent or empty in the file still has its fields."""
    if empty != "absent":
        tiny_case["options"] = empty
    changed = override(tiny_case, ["options.max_tranches=1"])
    assert read_instance(changed).options.max_tranches == 1


def test_a_field_with_a_default_can_be_set(tiny_case: Case) -> None:
    """A field that the file leaves out is there to be set."""
    changed = override(tiny_case, ["materials.gallium.emergency_premium=3"])
    assert read_instance(changed).materials[0].emergency_premium == 3.0


def test_a_whole_list_can_be_set(tiny_case: Case) -> None:
    """The value may be any YAML."""
    changed = override(tiny_case, ["trade.zone_countries=[DEU, NOR]", "events=[]"])
    instance = read_instance(changed)
    assert instance.trade.zone_countries == {"DEU", "NOR"}
    assert instance.events == ()


def test_a_source_can_be_added(tiny_case: Case) -> None:
    """An object with keys of its own takes any key."""
    changed = override(tiny_case, ["financing.loan.sources.limit_usd=a letter"])
    facility = read_instance(changed).financing.facilities[0]
    assert facility.sources == {"limit_usd": "a letter"}


def test_an_unknown_key_lists_fields_and_elements(tiny_case: Case) -> None:
    """The message lists what exists, fields first."""
    message = refusal(tiny_case, "financing.lone.limit_usd=1")
    assert "--set financing.lone.limit_usd: is 'lone', expected one of" in message
    assert "opening_cash_usd" in message
    assert "the id of an element (loan, capital)" in message


def test_an_unknown_element_lists_those_of_the_list(tiny_case: Case) -> None:
    """In a list only its elements are listed."""
    message = refusal(tiny_case, "routes.chn.share=1")
    assert message.endswith("is 'chn', expected one of gallium-chn, gallium-deu")


def test_an_index_beyond_the_end_says_how_far(tiny_case: Case) -> None:
    """A list without ids has indices only."""
    message = refusal(tiny_case, "levels_days_of_cover.1=90")
    assert "is '1', expected an index below 1" in message


def test_an_identifier_in_two_lists_is_ambiguous(tiny_case: Case) -> None:
    """Nothing is guessed."""
    tiny_case["participants"][0]["id"] = "gallium"
    message = refusal(tiny_case, "gallium.name=Ga")
    assert "it is in more than one" in message


def test_a_path_through_a_number_is_refused(tiny_case: Case) -> None:
    """A number has nothing inside."""
    message = refusal(tiny_case, "financing.loan.limit_usd.x=1")
    assert "is 5000000.0, expected an object or a list that has x" in message


def test_a_path_into_an_absent_list_is_refused(tiny_case: Case) -> None:
    """There is no contract to change."""
    message = refusal(tiny_case, "contracts.smelter.floor_usd_per_tonne=1")
    assert "--set contracts.smelter.floor_usd_per_tonne: is None" in message


@pytest.mark.parametrize("assignment", ["options.seed", "=3", "", ".=3"])
def test_a_non_assignment_is_refused(tiny_case: Case, assignment: str) -> None:
    """A path, an equals sign and a value are needed."""
    assert "expected PATH=VALUE" in refusal(tiny_case, assignment)


def test_every_wrong_assignment_is_reported(tiny_case: Case) -> None:
    """All mistakes come at once."""
    message = refusal(tiny_case, "a.b=1", "options.seed=[", "c.d=2")
    assert len(message.splitlines()) == 3
