import json

import pytest

from models.instance import Instance
from models.reading import read_instance
from service.clock import Clock
from service.errors import CaseNotFoundError
from service.store.cases import CaseRepository
from service.store.database import Database


def test_a_case_comes_back_with_the_same_hash(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """Storing and reading is the identity."""
    with database.transaction() as session:
        CaseRepository(session).put(instance, is_listed=True, at=clock())
    with database.reading() as session:
        text = CaseRepository(session).text(instance.content_hash)
    assert read_instance(json.loads(text)) == instance


def test_the_same_case_is_stored_once(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """Putting it a second time finds it there."""
    with database.transaction() as session:
        cases = CaseRepository(session)
        put = [cases.put(instance, is_listed=True, at=clock()) for _ in range(2)]
    assert put == [True, False]


def test_a_case_that_a_job_made_is_not_listed(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """The list shows what was given as a case."""
    with database.transaction() as session:
        cases = CaseRepository(session)
        cases.put(instance, is_listed=False, at=clock())
        assert cases.page(before=None, limit=10) == []


def test_giving_a_case_that_a_job_made_lists_it(
    database: Database, instance: Instance, clock: Clock
) -> None:
    """A client that stores a case finds it in the list."""
    with database.transaction() as session:
        cases = CaseRepository(session)
        cases.put(instance, is_listed=False, at=clock())
        cases.put(instance, is_listed=True, at=clock())
        listed = [case.content_hash for case in cases.page(before=None, limit=10)]
    assert listed == [instance.content_hash]


def test_an_unknown_hash_is_not_found(database: Database) -> None:
    """No case, no text."""
    with pytest.raises(CaseNotFoundError), database.reading() as session:
        CaseRepository(session).text("0" * 64)
