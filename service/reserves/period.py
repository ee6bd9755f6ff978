"""The period that a reserve is in: what its ledger has of it, and what comes next.

The last position begins it. Facts are observed, orders follow from them by the rules
of the plan in force, and lead to the position of the next period.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from models.observation import Observation
from models.orders import Orders
from models.tables import EntryKind, Job, JobState
from service.analyses.parameters import NEXT_CASE, AdvanceParameters
from service.analyses.registry import ANALYSES
from service.errors import CaseNotFoundError, JobHasNoAnswerError
from service.jobs.analyses import AnalysisOrder, fingerprint_of_analysis
from service.reserves.standing import StandingEntry, document_text, last_standing
from service.store.analyses import AnalysisRepository, StoredFile
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.reserves import ReserveLedger


class NextStep(StrEnum):
    """What is to be done next with a reserve."""

    STATE_POSITION = "state_position"
    PUT_PLAN_IN_FORCE = "put_plan_in_force"
    OBSERVE = "observe"
    ORDER = "order"
    WAIT = "wait"
    MEND = "mend"
    ENTER_ORDERS = "enter_orders"
    MOVE_ON = "move_on"
    END = "end"


# Of the job that works out orders; without one, or if it was cancelled, order it.
_BY_STATE: Mapping[JobState | None, NextStep] = {
    JobState.QUEUED: NextStep.WAIT,
    JobState.RUNNING: NextStep.WAIT,
    JobState.FAILED: NextStep.MEND,
    JobState.SUCCEEDED: NextStep.ENTER_ORDERS,
}


@dataclass(frozen=True, slots=True)
class ReservePeriod:
    """What a ledger has of the period that its last position begins.

    job: that works out the orders from what was observed, the latest one. is_next_known
    says whether the case that comes next is stored, or with the answer of the job.
    """

    position: StandingEntry | None
    plan: StandingEntry | None
    observation: StandingEntry | None
    orders: StandingEntry | None
    job: Job | None
    is_next_known: bool

    @property
    def are_orders_entered(self) -> bool:
        """Whether the ledger has the orders for the facts and plan that count now."""
        if self.orders is None or self.observation is None or self.plan is None:
            return False
        found = orders_of(self.orders)
        return (found.observation_hash, found.plan_hash) == (
            self.observation.said.document_hash,
            self.plan.said.plan_hash,
        )

    @property
    def next_step(self) -> NextStep:
        """What is to be done next."""
        if self.position is None:
            return NextStep.STATE_POSITION
        if self.plan is None:
            return NextStep.PUT_PLAN_IN_FORCE
        if self.observation is None:
            return NextStep.OBSERVE
        if self.orders is None or not self.are_orders_entered:
            state = None if self.job is None else self.job.state
            return _BY_STATE.get(state, NextStep.ORDER)
        return self._after(orders_of(self.orders))

    def _after(self, entered: Orders) -> NextStep:
        if entered.next_instance_hash is None:
            return NextStep.END
        return NextStep.MOVE_ON if self.is_next_known else NextStep.ORDER


def period_of(ledger: ReserveLedger) -> ReservePeriod:
    """Return the period that a ledger is in."""
    position = last_standing(ledger, EntryKind.POSITION)
    plan = last_standing(ledger, EntryKind.PLAN)
    observation = _since(ledger, EntryKind.OBSERVATION, position)
    orders = _since(ledger, EntryKind.ORDERS, position)
    job = None
    if position is not None and plan is not None and observation is not None:
        order = order_of_orders(ledger, position, plan, observation)
        session, subject = ledger.session, order.subject_hash
        case_hash = PlanRepository(session).case_hash(subject)
        fingerprint = fingerprint_of_analysis(order)
        job = JobRepository(session).last_ordered(case_hash, fingerprint)
    found = ReservePeriod(position, plan, observation, orders, job, is_next_known=False)
    is_next_known = _is_next_known(ledger.session, found)
    return ReservePeriod(position, plan, observation, orders, job, is_next_known)


def order_of_orders(
    ledger: ReserveLedger,
    position: StandingEntry,
    plan: StandingEntry,
    observation: StandingEntry,
) -> AnalysisOrder:
    """Return the order of the analysis that works out the orders of a period."""
    session = ledger.session
    plan_hash, case_hash = plan.said.plan_hash or "", position.said.case_hash or ""
    moved_case = None
    if PlanRepository(session).case_hash(plan_hash) != case_hash:
        moved_case = json.loads(CaseRepository(session).text(case_hash))
    parameters = AdvanceParameters(
        observed=Observation.model_validate_json(document_text(observation.said)),
        previous=_previous(ledger, position),
        moved_case=moved_case,
    )
    return AnalysisOrder(ANALYSES["advance"], parameters, plan_hash)


def orders_of(found: StandingEntry) -> Orders:
    """Return the orders that an entry says."""
    return Orders.model_validate_json(document_text(found.said))


def worked_out(session: Session, job: Job | None) -> Mapping[str, Any]:
    """Return the answer of the job that worked out orders, with its warnings.

    Raises JobHasNoAnswerError if it has none yet.
    """
    if job is None or job.analysis_hash is None:
        detail = "The orders of the period are not worked out yet."
        raise JobHasNoAnswerError(detail)
    answer: Mapping[str, Any] = json.loads(
        AnalysisRepository(session).text(job.analysis_hash)
    )
    return answer


def next_case_file(session: Session, job: Job | None) -> StoredFile | None:
    """Return the file of the case that comes next; None if no job has one."""
    if job is None or job.analysis_hash is None:
        return None
    return AnalysisRepository(session).files(job.analysis_hash).get(NEXT_CASE)


def _since(
    ledger: ReserveLedger, kind: EntryKind, position: StandingEntry | None
) -> StandingEntry | None:
    """Return the last entry of a kind that counts, if it came after a position."""
    found = last_standing(ledger, kind)
    if found is None or position is None:
        return None
    return found if found.entry.number > position.entry.number else None


def _previous(ledger: ReserveLedger, position: StandingEntry) -> Orders | None:
    """Return the orders that led to a position, if any did."""
    found = last_standing(ledger, EntryKind.ORDERS, position.entry.number)
    if found is None:
        return None
    orders = orders_of(found)
    is_next = orders.next_instance_hash == position.said.case_hash
    return orders if is_next else None


def _is_next_known(session: Session, found: ReservePeriod) -> bool:
    if next_case_file(session, found.job) is not None:
        return True
    name = None if found.orders is None else orders_of(found.orders).next_instance_hash
    if name is None:
        return False
    try:
        CaseRepository(session).described(name)
    except CaseNotFoundError:
        return False
    return True
