import json

import pytest

from models.reading import read_instance
from service.errors import CaseNotFoundError
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.part import Part
from tests.service.conftest import StoreKit


def test_a_case_comes_back_with_the_same_hash(kit: StoreKit) -> None:
    """Storing and reading is the identity."""
    kit.put_case()
    with kit.reading() as session:
        text = CaseRepository(session).text(kit.instance.content_hash)
    assert read_instance(json.loads(text)) == kit.instance


def test_the_same_case_is_stored_once(kit: StoreKit) -> None:
    """Putting it a second time finds it there."""
    with kit.transaction() as session:
        cases = CaseRepository(session)
        put = [
            cases.put(kit.instance, is_listed=True, at=kit.clock()) for _ in range(2)
        ]
    assert put == [True, False]


def test_a_case_that_a_job_made_is_not_listed(kit: StoreKit) -> None:
    """The list shows what was given as a case."""
    with kit.transaction() as session:
        cases = CaseRepository(session)
        cases.put(kit.instance, is_listed=False, at=kit.clock())
        assert cases.page(Part(10)) == []


def test_giving_a_case_that_a_job_made_lists_it(kit: StoreKit) -> None:
    """A client that stores a case finds it in the list."""
    with kit.transaction() as session:
        cases = CaseRepository(session)
        cases.put(kit.instance, is_listed=False, at=kit.clock())
        cases.put(kit.instance, is_listed=True, at=kit.clock())
        listed = [case.content_hash for case in cases.page(Part(10))]
    assert listed == [kit.instance.content_hash]


def test_an_unknown_hash_is_not_found(database: Database) -> None:
    """No case, no text."""
    with pytest.raises(CaseNotFoundError), database.reading() as session:
        CaseRepository(session).text("0" * 64)
