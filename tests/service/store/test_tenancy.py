"""Each table is hidden from other organisations, or listed here with its reason."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import inspect
from sqlalchemy.orm import aliased
from sqlmodel import select

from models.instance import Instance
from models.tables import CaseDocument, Job, JobState, Row
from service.clock import Clock
from service.store.audit_log import entries
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.deleting import delete, would_delete
from service.store.opening import Store
from service.store.part import Part
from service.store.plans import PlanRepository
from service.store.publications import PublicationRepository
from service.store.retention import Deletion
from service.store.tenancy import ACCESS, PARTS, owned_tables
from tests.service.conftest import START, StoreKit
from tests.service.fake_solver import plan_of
from tests.service.store.conftest import AUTHOR, Ended, held, store_batch

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


def holders(databases: Mapping[str, Database]) -> list[str]:
    """Return the organisations that see the one case that is stored."""
    found: list[str] = []
    for name, database in databases.items():
        with database.reading() as session:
            found += [name] * len(session.exec(select(CaseDocument)).all())
    return found


def test_each_forgets_a_document_by_its_own_retention(
    store: Store, instance: Instance, clock: Clock
) -> None:
    """Whoever else has it young or refers to it; it goes with the last right to it."""
    databases = {x: store.database.within(x) for x in ("default", "others", "third")}
    plan, case_hash = plan_of(instance), instance.content_hash
    for day, database in enumerate(databases.values()):
        at = START + dt.timedelta(days=day)
        with database.transaction() as session:
            assert CaseRepository(session).put(instance, is_listed=True, at=at)
            if database is not databases["third"]:
                PlanRepository(session).put(plan, case_hash=case_hash, at=START)
    with databases["others"].transaction() as session:
        publications = PublicationRepository(session)
        publications.publish(plan.content_hash, ["maker"], "A plan", at=START)

    def deleted_before(day: float) -> set[str]:
        deletion = Deletion(START + dt.timedelta(days=day))
        foreseen = would_delete(store.database, deletion)
        assert delete(store.database, deletion, AUTHOR, clock) == foreseen
        return {x.noun for x in foreseen if x.number}

    assert deleted_before(0.5) == set()
    assert holders(databases) == ["others", "third"]
    with store.database.reading() as session:
        logged = [(x.organisation, x.verb, x.noun) for x in entries(session, Part(9))]
    assert sorted(logged) == [("default", "delete", x) for x in ("case", "plan")]
    # What one has published keeps nothing for the third.
    assert deleted_before(9) == set()
    assert holders(databases) == ["others"]
    with databases["others"].transaction() as session:
        PublicationRepository(session).withdraw(plan.content_hash)
    assert deleted_before(9) == {"plan", "case"}
    assert holders(databases) == []


def test_a_warm_start_goes_with_the_right_to_its_case(kit: StoreKit) -> None:
    """Else a case that is stored anew is solved sooner if another has it."""
    kit.put_case()
    store_batch(kit)
    later = START + dt.timedelta(days=1)
    with kit.whole.within("others").transaction() as session:
        CaseRepository(session).put(kit.instance, is_listed=True, at=later)
    delete(kit.whole, Deletion(later), AUTHOR, kit.clock)
    rows = held(kit.whole)
    assert rows["batchlesson"] == []
    assert len(rows["casedocument"]) == len(rows["caseaccess"]) == 1
