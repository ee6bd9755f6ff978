"""Rounds, as managers conduct them: what is asked for, awarded, drawn and transferred.

What they see when is decided by the operations: no offer before a round has closed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response
from starlette.responses import Response as Answer

from models.tables import JobKind
from service.api.cases import put_listed
from service.api.context import Context, ServiceContext
from service.api.cursors import Listed
from service.api.identity import RequestingAuthor
from service.api.job_resource import JobResource, job_resource
from service.api.jobs import JobOrder, ordered_job
from service.api.right_resource import HoldingResource, holding_resource
from service.api.rights import (
    consent_to_transfer,
    list_ledger,
    list_transfers,
    refuse_transfer,
)
from service.api.round_resource import ConductedRoundResource
from service.api.rounds import (
    cancel_a_round,
    case_with_all_offers,
    close_a_round,
    get_round,
    list_offers,
    list_rounds,
    publish_a_round,
)
from service.console.forms import AS_IT_COMES, Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, page_router, redirect
from service.rounds.conduct import EXPLANATION
from service.rounds.holdings import holdings, read_ledger
from service.rounds.states import RoundState
from service.rounds.transfer_states import TransferState
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.part import Part

NUMBER_OF_SOLVES_SHOWN = 10
NUMBER_OF_CASES_SHOWN = 5

router = page_router()


@dataclass(frozen=True, slots=True)
class Solve:
    """A solve of the case with all offers, and the answer that says why, if any."""

    job: JobResource
    plan: str | None
    explanation: str | None


@router.get(PAGES["show_rounds"].path)
def show_rounds(
    view: OpenView, context: ServiceContext, response: Response, listed: Listed
) -> Answer:
    """Return the rounds, in pages, and cases that one can be opened for."""
    page = list_rounds(response, context, listed)
    with context.database.reading() as session:
        cases = CaseRepository(session)
        names = cases.names({x.case for x in page.items})
        latest = cases.page(Part(NUMBER_OF_CASES_SHOWN))
    return view.page(
        rounds=page.items, following=page.next, case_names=names, latest=latest
    )


@router.get(PAGES["show_round"].path)
def show_round(round_id: str, view: OpenView, context: ServiceContext) -> Answer:
    """Return a round: its offers once it has closed, and what became of them."""
    found = get_round(round_id, context)
    is_closed = found.state is RoundState.CLOSED
    is_published = found.state is RoundState.PUBLISHED
    with context.database.reading() as session:
        case = json.loads(CaseRepository(session).text(found.case))
    transfers = list_transfers(round_id, context) if is_published else []
    return view.page(
        round=found,
        case_name=case["name"],
        participants={x["id"]: x["name"] for x in case["participants"]},
        offers=list_offers(round_id, context) if is_closed or is_published else [],
        solves=_solves(context, round_id) if is_closed else [],
        holdings=_holdings(context, found) if is_published else {},
        entries=list_ledger(round_id, context) if is_published else [],
        transfers=transfers,
        number_taken=sum(x.state is TransferState.TAKEN for x in transfers),
    )


@router.post(FORMS["close_round"].path)
def close_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Close a round before its time, and lead back to it."""
    close_a_round(round_id, context, author)
    return _back(round_id)


@router.post(FORMS["cancel_round"].path)
def cancel_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Cancel a round, and lead back to it."""
    cancel_a_round(round_id, context, author)
    return _back(round_id)


@router.post(FORMS["solve_round"].path)
def solve_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Store the case with all offers, order its solve, and lead to the job."""
    case = case_with_all_offers(context, round_id)
    stored, _ = put_listed(context, author, case)
    job = ordered_job(context, author, JobOrder(case=stored.hash), AS_IT_COMES)
    return redirect(f"/console/jobs/{job.id}")


@router.post(FORMS["publish_round"].path)
def publish_round(
    round_id: str, context: ServiceContext, author: RequestingAuthor, fields: Fields
) -> Answer:
    """Show each participant what a plan awards to it, and lead back to the round."""
    order = {x: fields[x] for x in ("plan", "explanation") if fields.get(x)}
    publish_a_round(round_id, order, context, author)
    return _back(round_id)


@router.post(FORMS["consent_to_lots"].path)
def consent_to_lots(
    round_id: str, transfer_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Let lots pass to who has taken them, and lead back to the round."""
    consent_to_transfer(round_id, transfer_id, context, author)
    return _back(round_id)


@router.post(FORMS["refuse_lots"].path)
def refuse_lots(
    round_id: str, transfer_id: str, context: ServiceContext, author: RequestingAuthor
) -> Answer:
    """Leave lots with their holder, and lead back to the round."""
    refuse_transfer(round_id, transfer_id, context, author)
    return _back(round_id)


def _back(round_id: str) -> Answer:
    return redirect(f"/console/rounds/{round_id}")


def _solves(context: Context, round_id: str) -> Sequence[Solve]:
    """Return the latest solves of the case with all offers."""
    case_hash = case_with_all_offers(context, round_id).content_hash
    with context.database.reading() as session:
        jobs = JobRepository(session)
        found = jobs.page(
            Part(NUMBER_OF_SOLVES_SHOWN), kind=JobKind.SOLVE, case_hash=case_hash
        )
        return [
            Solve(job_resource(x, None), x.plan_hash, _explanation(jobs, x.plan_hash))
            for x in found
        ]


def _explanation(jobs: JobRepository, plan_hash: str | None) -> str | None:
    """Return the hash of the latest answer that explains a plan."""
    if plan_hash is None:
        return None
    asked = jobs.asked_of_plan(Part(NUMBER_OF_SOLVES_SHOWN), plan_hash, EXPLANATION)
    return next((x.analysis_hash for x in asked if x.analysis_hash), None)


def _holdings(
    context: Context, found: ConductedRoundResource
) -> Mapping[str, Sequence[HoldingResource]]:
    """Return what each participant has of each right, as it sees that itself."""
    with context.database.reading() as session:
        rights, now = read_ledger(session, found.id)
        return {
            participant: [
                holding_resource(x) for x in holdings(rights, participant, now)
            ]
            for participant in found.participants
        }
