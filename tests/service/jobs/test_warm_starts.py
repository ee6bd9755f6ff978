"""The warm start that one job of a batch leaves to the others."""

import base64
from collections.abc import Callable, Sequence

import pytest

from models.instance import Instance
from service.batches.order import BatchOrder
from service.batches.submission import case_of, expand, submit_batch
from service.clock import Clock
from service.jobs.messages import WarmStartFound
from service.jobs.submission import SolveOrder, submit
from service.jobs.warm_starts import keep_warm_start, stored_warm_start
from service.store.database import Database
from service.store.jobs import JobRepository
from service.store.part import Part
from tests.cases import Case
from tests.service.claiming import claim_next

NONE, WANTED = (None, False), (None, True)


def warm_starts(database: Database) -> Sequence[tuple[bytes | None, bool]]:
    """Return what each job begins with, in their order of arrival."""
    with database.reading() as session:
        jobs = JobRepository(session).page(Part(10))
        return [stored_warm_start(session, job) for job in reversed(jobs)]


@pytest.fixture
def submit_variants(
    database: Database, tiny_case: Case, clock: Clock
) -> Callable[[str], None]:
    """Return what stores a batch of the tiny case."""

    def ask(axis: str) -> None:
        order = BatchOrder.model_validate({"case": tiny_case, "grid": [axis]})
        with database.reading() as session:
            expansion = expand(order, case_of(session, order))
        with database.transaction() as session:
            submit_batch(session, order, expansion, clock)

    return ask


def report(database: Database, clock: Clock, content: bytes) -> None:
    """Start the next job and let it report that warm start."""
    found = WarmStartFound(content=base64.b64encode(content).decode())
    with database.transaction() as session:
        claim = claim_next(session, clock)
        assert claim is not None
        keep_warm_start(session, claim, found, clock)


def test_the_first_warm_start_serves_all_jobs_of_a_case(
    database: Database, submit_variants: Callable[[str], None], clock: Clock
) -> None:
    """Also those in a later batch of it; a second warm start is not kept."""
    submit_variants("options.seed=5,6")
    assert warm_starts(database) == [WANTED] * 3
    report(database, clock, b"\0first")
    report(database, clock, b"second")
    submit_variants("options.seed=7")
    assert warm_starts(database) == [(b"\0first", False)] * 5


def test_a_job_outside_of_batches_neither_gets_nor_leaves_a_warm_start(
    database: Database,
    instance: Instance,
    submit_variants: Callable[[str], None],
    clock: Clock,
) -> None:
    """It is solved as it would be without any."""
    submit_variants("options.seed=5")
    with database.transaction() as session:
        submit(session, SolveOrder(instance.content_hash), instance, clock)
    # It is interactive, and so the next.
    report(database, clock, b"mine")
    assert warm_starts(database) == [WANTED, WANTED, NONE]
