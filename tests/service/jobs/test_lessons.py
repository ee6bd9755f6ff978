"""What one job of a batch hands on to the others."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from models.instance import Instance
from service.batches.order import BatchOrder
from service.batches.submission import content_of, expand, submit_batch
from service.clock import Clock
from service.jobs.child import Lesson
from service.jobs.lessons import keep_lesson, lesson_for
from service.jobs.messages import Learned
from service.jobs.submission import Order, submit
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.claiming import claim_next


def lessons(database: Database) -> Sequence[Lesson | None]:
    """Return what each job begins with, in their order of arrival."""
    with database.reading() as session:
        jobs = JobRepository(session).page(state=None, before=None, limit=10)
        return [lesson_for(session, job) for job in reversed(jobs)]


@pytest.fixture
def submit_variants(
    database: Database, tiny_case: dict[str, Any], clock: Clock
) -> Callable[[str], None]:
    """Return what stores a batch of the tiny case."""

    def ask(axis: str) -> None:
        order = BatchOrder.model_validate({"case": tiny_case, "grid": [axis]})
        with database.reading() as session:
            expansion = expand(order, content_of(session, order))
        with database.transaction() as session:
            submit_batch(session, order, expansion, clock)

    return ask


def teach(database: Database, clock: Clock, said: bytes) -> None:
    """Start the next job and let it hand that on."""
    learned = Learned(content=base64.b64encode(said).decode())
    with database.transaction() as session:
        claim = claim_next(session, clock)
        assert claim is not None
        keep_lesson(session, claim, learned, clock)


def test_the_first_lesson_is_that_of_all_jobs_of_a_case(
    database: Database, submit_variants: Callable[[str], None], clock: Clock
) -> None:
    """Also of those in a later batch of it; what comes after it is not kept."""
    submit_variants("options.seed=5,6")
    assert lessons(database) == [Lesson()] * 3
    assert all(lesson is not None and lesson.is_wanted for lesson in lessons(database))
    teach(database, clock, b"\0first")
    teach(database, clock, b"second")
    submit_variants("options.seed=7")
    assert lessons(database) == [Lesson(b"\0first")] * 5


def test_a_job_outside_of_batches_neither_learns_nor_teaches(
    database: Database,
    instance: Instance,
    submit_variants: Callable[[str], None],
    clock: Clock,
) -> None:
    """It is solved as it would be without any."""
    submit_variants("options.seed=5")
    with database.transaction() as session:
        submit(session, Order(instance.content_hash), instance, clock)
    # It is interactive, and so the next.
    teach(database, clock, b"mine")
    assert lessons(database) == [Lesson(), Lesson(), None]
