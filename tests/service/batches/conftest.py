"""Batches of the tiny case in a store, and jobs of them that come to an end."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.batch import VariantRow
from models.failure import Failure, FailureKind
from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from models.tables import Batch
from service.batches.order import BatchOrder
from service.batches.submission import content_of, expand, submit_batch
from service.clock import Clock
from service.jobs.transitions import fail, succeed
from service.store.batches import BatchRepository, VariantState
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.service.claiming import claim_next
from tests.service.fake_solver import plan_of

LIMIT = "financing.loan.limit_usd"

Submit = Callable[..., Batch]
Answer = Callable[[Instance], Outcome | str]
Settle = Callable[..., int]
Variants = Callable[[Batch], list[VariantState]]
Rows = Callable[[Batch], list[VariantRow]]


def plan_by_loan(instance: Instance) -> Plan:
    """Return a plan that draws the loan and whose cost falls with it, 10 m to begin."""
    plan = plan_of(instance)
    drawn = instance.financing.facilities[0].limit_usd
    figures = {"budget_used_usd": drawn, "expected_shortage_cost_usd": 1e7 - drawn}
    return plan.model_copy(update={"promise": plan.promise.model_copy(update=figures)})


def solved(
    instance: Instance, termination: Termination = Termination.GAP_REACHED
) -> Outcome:
    """Return the answer with that plan."""
    return Outcome(termination=termination, plan=plan_by_loan(instance), seconds=2.5)


@pytest.fixture
def submit(database: Database, tiny_case: dict[str, Any], clock: Clock) -> Submit:
    """Return what stores a batch of the tiny case."""

    def ask(
        *, key: str | None = None, is_fresh: bool = False, **order: object
    ) -> Batch:
        read = BatchOrder.model_validate({"case": tiny_case, **order})
        with database.reading() as session:
            expansion = expand(read, content_of(session, read))
        with database.transaction() as session:
            batch, _ = submit_batch(
                session, read, expansion, clock, key=key, is_fresh=is_fresh
            )
        return batch

    return ask


@pytest.fixture
def settle(database: Database, clock: Clock) -> Settle:
    """Return what starts and ends queued jobs, all or the first; how many they were."""

    def end(answer: Answer = solved, limit: int = 1000) -> int:
        number = 0
        with database.transaction() as session:
            while number < limit and (claim := claim_next(session, clock)):
                job = JobRepository(session).get(claim.job_id)
                case = CaseRepository(session).text(job.solved_case_hash)
                ending = answer(read_instance(json.loads(case)))
                if isinstance(ending, str):
                    failure = Failure(kind=FailureKind.OTHER, reason=ending)
                    fail(session, claim, failure, clock)
                else:
                    succeed(session, claim, ending, clock)
                number += 1
        return number

    return end


@pytest.fixture
def variants(database: Database) -> Variants:
    """Return what reads the variants of a batch."""

    def read(batch: Batch) -> list[VariantState]:
        with database.reading() as session:
            return list(BatchRepository(session).variants(batch))

    return read


@pytest.fixture
def rows(variants: Variants) -> Rows:
    """Return what reads the variants of a batch as documents."""
    return lambda batch: [found.row() for found in variants(batch)]
