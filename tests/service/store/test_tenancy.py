"""Each table is hidden from other organisations, or listed here with its reason."""

import datetime as dt

from sqlalchemy import inspect
from sqlalchemy.orm import aliased
from sqlmodel import select

from models.instance import Instance
from models.tables import CaseDocument, Job, JobState, Row
from service.clock import Clock
from service.store.cases import CaseRepository
from service.store.deleting import delete
from service.store.opening import Store
from service.store.retention import Deletion
from service.store.tenancy import ACCESS, PARTS, owned_tables
from tests.service.conftest import START
from tests.service.store.conftest import AUTHOR, Ended

OF_THE_STORE = {"organisation", "worker"}


def test_every_table_is_hidden() -> None:
    """A new one belongs to organisations, is a document or a part of another row."""
    classes = {*owned_tables(), *ACCESS, *PARTS}
    hidden = {str(inspect(table).local_table) for table in classes}
    assert hidden | OF_THE_STORE == {*Row.metadata.tables}
    assert not hidden & OF_THE_STORE
    assert not {*owned_tables()} & {*ACCESS, *PARTS}


def test_a_query_finds_what_its_organisation_has(store: Store, end_job: Ended) -> None:
    """With conditions, columns or aliases; whoever asked before."""
    end_job(11, JobState.SUCCEEDED)
    for organisation, number in (("default", 1), ("others", 0), ("default", 1)):
        with store.database.within(organisation).reading() as session:
            assert len(session.exec(select(Job)).all()) == number
            assert len(session.exec(select(Job.id, Job.state)).all()) == number
            other = aliased(Job)
            ended = select(other).where(other.state == JobState.SUCCEEDED)
            assert len(session.exec(ended).all()) == number
            hashes = session.exec(select(CaseDocument.content_hash)).all()
            assert bool(hashes) is bool(number)
    with store.database.reading() as session:
        assert len(session.exec(select(Job)).all()) == 1


def test_what_another_stored_since_is_not_old(
    store: Store, instance: Instance, clock: Clock
) -> None:
    """A document goes once it is old for all that have it."""
    databases = [store.database.within(name) for name in ("default", "others")]
    for number, database in enumerate(databases):
        at = START + dt.timedelta(days=number)
        with database.transaction() as session:
            assert CaseRepository(session).put(instance, is_listed=True, at=at)
    between = Deletion(START + dt.timedelta(hours=1))
    assert not any(x.number for x in delete(store.database, between, AUTHOR, clock))
    after = Deletion(START + dt.timedelta(days=2))
    deleted = delete(store.database, after, AUTHOR, clock)
    assert [x.number for x in deleted if x.noun == "case"] == [1]
