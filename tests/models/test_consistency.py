"""Checks of a case say which sections they read."""

import pytest

from models.consistency import CHECKS, Check
from models.identifiers import KnownIdentifiers
from models.instance import Instance
from models.reading import read_instance
from service.casefiles import load


class Watched:
    """A case that keeps which of its sections somebody read."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.sections: set[str] = set()

    def __getattr__(self, name: str) -> object:
        """Return what the case has."""
        self.sections.add(name)
        return getattr(self._instance, name)


@pytest.mark.parametrize("check", CHECKS, ids=range(len(CHECKS)))
def test_a_check_reads_the_sections_that_it_names(check: Check) -> None:
    """On a case that has all sections; else a variant could go unchecked."""
    watched = Watched(read_instance(load("project_vault")))
    known = KnownIdentifiers(watched, frozenset())  # pyright: ignore[reportArgumentType] - watched
    assert list(check.find(watched, known)) == []  # pyright: ignore[reportArgumentType]
    assert watched.sections
    assert watched.sections <= check.sections
    assert check.sections <= Instance.model_fields.keys()
