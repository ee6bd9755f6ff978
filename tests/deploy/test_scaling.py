"""The autoscaler counts what it is meant to count, in a real PostgreSQL."""

import re
import secrets
from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from models.instance import Instance
from models.reading import read_instance
from models.tables import DEFAULT_ORGANISATION, Job, JobState
from service.batches.control import pause, resume
from service.batches.order import BatchOrder
from service.batches.submission import case_of, expand, submit_batch
from service.clock import system_clock
from service.jobs.submission import SolveOrder, submit
from service.jobs.transitions import cancel, claim_job
from service.store.batches import BatchRepository
from service.store.cases import CaseRepository
from service.store.database import Database
from tests.cases import Case
from tests.deploy.deployed import DEPLOY, container, manifest
from tests.postgres import Postgres


def trigger() -> dict[str, Any]:
    """Return what the number of workers follows."""
    found: list[dict[str, Any]]
    found = manifest("ScaledObject", "strongroom-worker")["spec"]["triggers"]
    (only,) = found
    return only


GRANTS = re.compile(r"```sql\n(CREATE ROLE strongroom_queue .*?)```", re.DOTALL)


@dataclass(frozen=True)
class Site:
    """A database, and the autoscaler's user of it."""

    database: Database
    autoscaler: Engine

    def asked_for(self) -> int:
        """Return what the autoscaler hears."""
        query = text(trigger()["metadata"]["query"])
        with self.autoscaler.connect() as connection:
            found = connection.execute(query).scalar_one()
        assert isinstance(found, int)
        return found


@pytest.fixture
def site(postgres: Postgres) -> Generator[Site]:
    """Yield a database with the user that the page has operators make."""
    page = (DEPLOY / "README.md").read_text(encoding="utf-8")
    (grants,) = GRANTS.findall(page)
    with postgres.database() as url, ExitStack() as stack:
        if url.username == postgres.url.username:
            pytest.skip("the user of the given server makes no roles")
        name, password = f"{url.database}_queue", secrets.token_hex(16)
        role, rights = grants.replace("strongroom_queue", name).split(";", 1)
        postgres.run(role.replace("...", password))
        owner = Database.open(url)
        stack.callback(owner.close)
        superuser = create_engine(postgres.url.set(database=url.database))
        stack.callback(superuser.dispose)

        def leave() -> None:
            with superuser.begin() as connection:
                connection.execute(text(f"DROP OWNED BY {name}"))
                connection.execute(text(f"DROP ROLE {name}"))

        stack.callback(leave)
        with owner.transaction() as session:
            session.connection().execute(text(rights))
        autoscaler = create_engine(url.set(username=name, password=password))
        stack.callback(autoscaler.dispose)
        yield Site(owner.within(DEFAULT_ORGANISATION), autoscaler)


def order_jobs(database: Database, case: Instance, number: int) -> list[Job]:
    """Queue a number of jobs; return them, the next first."""
    with database.transaction() as session:
        CaseRepository(session).put(case, is_listed=True, at=system_clock())
        order = SolveOrder(case.content_hash)
        return [submit(session, order, case, system_clock)[0] for _ in range(number)]


def test_open_jobs_are_counted(site: Site, tiny_case: Case) -> None:
    """Workers that solve are not scaled down; ended jobs need no worker."""
    first, *_, last = order_jobs(site.database, read_instance(tiny_case), 5)
    with site.database.transaction() as session:
        claim_job(session, first.id, first.ticket, "a worker", system_clock)
        cancel(session, last.id, system_clock)
    assert site.asked_for() == 4


def test_the_autoscaler_reads_nothing_else(site: Site) -> None:
    """Its user may not even see which organisation a job is of."""
    for query in ("SELECT organisation FROM job", "SELECT * FROM casedocument"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            site.autoscaler.connect() as connection,
        ):
            connection.execute(text(query))


def test_a_paused_batch_needs_no_worker(site: Site, tiny_case: Case) -> None:
    """What runs of it is counted; and what waits, once it goes on."""
    order = BatchOrder.model_validate(
        {"case": tiny_case, "grid": ["options.seed=11,12"]}
    )
    order_jobs(site.database, read_instance(tiny_case), 2)
    with site.database.transaction() as session:
        expansion = expand(order, case_of(session, order))
        batch, _ = submit_batch(session, order, expansion, system_clock)
    assert site.asked_for() == 5
    with site.database.transaction() as session:
        *_, (_, job, _) = BatchRepository(session).variants(batch)
        claim_job(session, job.id, job.ticket, "a worker", system_clock)
        pause(session, batch.id)
    assert site.asked_for() == 3
    with site.database.transaction() as session:
        resume(session, batch.id)
    assert site.asked_for() == 5


def test_the_states_are_those_of_jobs() -> None:
    """Of those it leaves out the ends."""
    named = {x for x in JobState if f"'{x}'" in trigger()["metadata"]["query"]}
    assert named == {JobState.QUEUED, JobState.RUNNING}


def test_a_worker_is_asked_for_as_much_as_it_does_at_a_time() -> None:
    """The target is its concurrency."""
    *_, option, concurrency = container("worker")["args"]
    assert option == "--concurrency"
    assert trigger()["metadata"]["targetQueryValue"] == concurrency


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Deployment", "strongroom-worker"),
        ("TriggerAuthentication", "strongroom-queue"),
    ],
)
def test_what_it_refers_to_exists(kind: str, name: str) -> None:
    """The workers, and the right to ask the database."""
    scaled = manifest("ScaledObject", "strongroom-worker")["spec"]
    named = {scaled["scaleTargetRef"]["name"], trigger()["authenticationRef"]["name"]}
    assert manifest(kind, name)["metadata"]["name"] in named


def test_the_number_of_workers_is_said_once() -> None:
    """A number in the deployment would be set again whenever it is applied."""
    assert "replicas" not in manifest("Deployment", "strongroom-worker")["spec"]
