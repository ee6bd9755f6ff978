"""Batches of the tiny case in a store, and jobs of them that come to an end."""

import json
from collections.abc import Callable
from dataclasses import dataclass
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
from service.batches.submission import case_of, expand, submit_batch
from service.clock import Clock
from service.jobs.transitions import fail, succeed
from service.store.batches import BatchRepository, VariantState
from service.store.cases import CaseRepository
from service.store.database import Database
from service.store.jobs import JobRepository
from tests.cases import Case
from tests.service.claiming import claim_next
from tests.service.conftest import StoreKit
from tests.service.fake_solver import plan_of

LIMIT = "financing.loan.limit_usd"

Answer = Callable[[Instance], Outcome | str]


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


@dataclass(frozen=True)
class StoredBatches(StoreKit):
    """A store, batches of the tiny case in it, and their jobs."""

    case: dict[str, Any]

    def submit(
        self,
        *,
        key: str | None = None,
        is_fresh: bool = False,
        **order: Any,  # noqa: ANN401 - JSON
    ) -> Batch:
        """Store a batch of the tiny case."""
        read = BatchOrder.model_validate({"case": self.case, **order})
        with self.reading() as session:
            expansion = expand(read, case_of(session, read))
        with self.transaction() as session:
            batch, _ = submit_batch(
                session, read, expansion, self.clock, key=key, is_fresh=is_fresh
            )
        return batch

    def settle(self, answer: Answer = solved, limit: int = 1000) -> int:
        """Start and end queued jobs, all or the first; return how many they were."""
        number = 0
        with self.transaction() as session:
            while number < limit and (claim := claim_next(session, self.clock)):
                job = JobRepository(session).get(claim.job_id)
                case = CaseRepository(session).text(job.solved_case_hash)
                ending = answer(read_instance(json.loads(case)))
                if isinstance(ending, str):
                    failure = Failure(kind=FailureKind.OTHER, reason=ending)
                    fail(session, claim, failure, self.clock)
                else:
                    succeed(session, claim, ending, self.clock)
                number += 1
        return number

    def variants(self, batch: Batch) -> list[VariantState]:
        """Return the variants of a batch."""
        with self.reading() as session:
            return list(BatchRepository(session).variants(batch))

    def rows(self, batch: Batch) -> list[VariantRow]:
        """Return the variants of a batch as documents."""
        return [found.row() for found in self.variants(batch)]


@pytest.fixture
def batches(
    database: Database, instance: Instance, clock: Clock, tiny_case: Case
) -> StoredBatches:
    """Return an empty store, for batches of the tiny case."""
    return StoredBatches(database, instance, clock, tiny_case)
