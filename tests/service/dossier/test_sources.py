"""The sources of a case: each of them once, with the part that has it."""

from models.reading import read_instance
from service.casefiles import load
from service.dossier.sources import sources_of


def test_every_source_is_listed() -> None:
    """As many as the text of the case has, each with the place where it stands."""
    case = load("magnets")
    rows = sources_of(read_instance(case)).rows
    assert len(rows) == _number_of_sources(case) > 100
    assert len({row[1:4] for row in rows}) == len(rows)
    first = rows[0]
    assert first[:4] == ("materials", "materials[0]", "ndpr_oxide", "participants_need")


def test_an_assumption_is_said_to_be_one() -> None:
    """By the word that its source begins with."""
    rows = sources_of(read_instance(load("magnets"))).rows
    flags = {str(source).startswith("assumption:"): flag for *_, source, flag in rows}
    assert flags == {True: True, False: False}


def _number_of_sources(value: object) -> int:
    if isinstance(value, dict):
        own = value.get("sources")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        here = len(own) if isinstance(own, dict) else 0  # pyright: ignore[reportUnknownArgumentType]
        inner = [x for key, x in value.items() if key != "sources"]  # pyright: ignore[reportUnknownVariableType]
        return here + sum(map(_number_of_sources, inner))  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list):
        return sum(map(_number_of_sources, value))  # pyright: ignore[reportUnknownArgumentType]
    return 0
