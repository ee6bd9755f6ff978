"""What the rights of a round are worth to the own participant, by quantity."""

import json

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from models.reading import read_stored_instance
from models.right_menu import RightMenus
from models.tables import Job, JobState
from service.analyses.parameters import (
    DEFAULT_NUMBER_OF_SCENARIOS,
    FreshScenarios,
)
from service.analyses.registry import ANALYSES
from service.api.answers import AGAIN
from service.api.bodies import JsonBody
from service.api.context import OrganisationContext
from service.api.identity import OwnParticipant, RequestingAuthor
from service.api.orders import RETRY_AFTER_S, admit, described_body, read_order
from service.api.paths import VERSION
from service.api.problem_types import problems
from service.errors import (
    RoundNotFoundError,
    RoundStateError,
    TooManyJobsError,
    ValuationFailedError,
)
from service.jobs.analyses import completed_with, submit_analysis
from service.jobs.states import is_finished
from service.rounds.states import RoundAction, check
from service.rounds.valuation import case_to_value, valuation_key, valuation_of
from service.store.analyses import AnalysisRepository
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.rounds import RoundRepository

router = APIRouter(prefix=f"{VERSION}/own/rounds/{{round_id}}", tags=["rounds"])


class ValuationOrder(BaseModel):
    """How exactly rights are valued."""

    model_config = ConfigDict(extra="forbid", strict=True)

    number_of_scenarios: FreshScenarios = DEFAULT_NUMBER_OF_SCENARIOS


class OwnValuationResource(BaseModel):
    """The worth of each right on offer, once it is computed."""

    state: JobState = Field(description="Of the job that computes it.")
    valuation: RightMenus | None = Field(
        description="Each right at quantities up to the most that may be asked for, at "
        "the own line-stop cost; null until the job has SUCCEEDED."
    )


@router.post(
    "/valuation",
    status_code=202,
    openapi_extra=described_body(ValuationOrder),
    responses={
        202: {"headers": AGAIN},
        200: {"model": OwnValuationResource, "description": "It is there."},
        **problems(
            RoundNotFoundError,
            RoundStateError,
            TooManyJobsError,
            ValuationFailedError,
        ),
    },
)
def value_own_rights(
    round_id: str,
    raw: JsonBody,
    response: Response,
    context: OrganisationContext,
    author: RequestingAuthor,
    participant: OwnParticipant,
) -> OwnValuationResource:
    """Value the rights of an open round; ask again until the answer is there."""
    order = read_order(ValuationOrder, raw)
    number_of_scenarios = order.number_of_scenarios
    with context.database.reading() as session:
        rounds = RoundRepository(session)
        found = rounds.of(round_id, participant)
        check(found, RoundAction.OFFER, rounds.now())
        earlier = ordered_valuation(session, found.id, participant, number_of_scenarios)
        if earlier is not None:
            return _answered(response, earlier)
        text = CaseRepository(session).text(found.case_hash)
        session.expunge(found)
    case = case_to_value(read_stored_instance(json.loads(text)), found, participant)
    ordered = valuation_of(found, case, participant, number_of_scenarios)
    completed = completed_with(ordered, case)
    with context.database.transaction() as session:
        CaseRepository(session).put(case, is_listed=False, at=context.clock())
        job, is_new = submit_analysis(session, completed, context.clock)
        # Like all that planners order: apart from what others order, and count.
        job.participant = participant
        admit(session, context, author, job, is_new=is_new)
        resource = _resource(session, job)
    return _answered(response, resource)


def ordered_valuation(
    session: Session, round_id: str, participant: str, number_of_scenarios: int
) -> OwnValuationResource | None:
    """Return the valuation that was ordered before, or None."""
    key = valuation_key(round_id, participant, number_of_scenarios)
    job = JobRepository(session).by_idempotency_key(key)
    return None if job is None else _resource(session, job)


def _resource(session: Session, job: Job) -> OwnValuationResource:
    menus = _menus(AnalysisRepository(session), job)
    return OwnValuationResource(state=job.state, valuation=menus)


def _answered(
    response: Response, resource: OwnValuationResource
) -> OwnValuationResource:
    """Return an answer with its status, or raise ValuationFailedError."""
    if resource.valuation is not None:
        response.status_code = 200
    elif is_finished(resource.state):
        raise ValuationFailedError
    else:
        response.headers["Retry-After"] = RETRY_AFTER_S
    return resource


def _menus(analyses: AnalysisRepository, job: Job) -> RightMenus | None:
    if job.analysis_hash is None:
        return None
    found = ANALYSES["value-rights"].read(analyses.text(job.analysis_hash))
    return found if isinstance(found, RightMenus) else None
