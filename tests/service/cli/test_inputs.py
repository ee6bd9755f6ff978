"""A case with assignments and options of the command line."""

import pytest

from models.reading import InvalidCaseError
from service.cli.inputs import read_case


@pytest.mark.parametrize(
    ("option", "value", "flag"),
    [
        ("seed", 5, "--seed"),
        ("number_of_scenarios", 5, "--scenarios"),
        ("time_limit_s", 5.0, "--time-limit"),
        ("gap", 0.5, "--gap"),
        ("method", "decomposition", "--method"),
        ("menu_refinements", 1, "--refine"),
    ],
)
def test_an_option_given_twice_is_a_mistake(
    option: str, value: object, flag: str
) -> None:
    """By its flag and by --set: neither wins silently."""
    with pytest.raises(InvalidCaseError) as error:
        read_case("two_materials", [f"options.{option}={value}"], {option: value})
    assert [mistake.path for mistake in error.value.mistakes] == [flag]


def test_an_option_in_a_section_given_whole_is_a_mistake() -> None:
    """So is the flag of an option that --set gives with its section, not of others."""
    section = "options={seed: 3}"
    assert read_case("two_materials", [section], {"gap": 0.1}).options.seed == 3
    with pytest.raises(InvalidCaseError) as error:
        read_case("two_materials", [section], {"gap": 0.1, "seed": 4})
    assert [mistake.path for mistake in error.value.mistakes] == ["--seed"]


def test_mistakes_of_assignments_and_options_are_reported_together() -> None:
    """The path that leads nowhere, and the option that is given twice."""
    with pytest.raises(InvalidCaseError) as error:
        read_case("two_materials", ["options.sed=1", "options.seed=1"], {"seed": 2})
    assert [mistake.path for mistake in error.value.mistakes] == [
        "--set options.sed",
        "--seed",
    ]


def test_an_option_replaces_the_value_of_the_file() -> None:
    """As an assignment does."""
    assert read_case("two_materials", None, {"seed": 77}).options.seed == 77
