"""Whether the service works, for monitoring."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from models.tables import JobState
from service.api.context import ServiceContext
from service.api.identity import reader_if_any
from service.store.jobs import JobRepository
from service.store.workers import WorkerRepository

router = APIRouter(tags=["service"])


class HealthResource(BaseModel):
    """The health of the service."""

    is_healthy: bool = Field(description="The store answers and jobs are looked after.")
    version: str = Field(description="Of Strongroom.")
    number_of_workers: int = Field(description="That are alive.")
    number_of_jobs: dict[JobState, int] | None = Field(
        description="Of the organisation by state; null for a request without login."
    )


@router.get("/alive", status_code=204)
def get_alive() -> None:
    """Answer as long as this process runs, with or without a database."""


@router.get("/health", responses={503: {"model": HealthResource}})
def get_health(
    request: Request, response: Response, context: ServiceContext
) -> HealthResource:
    """Answer 200 if jobs can be ordered and are worked on, otherwise 503."""
    reader = reader_if_any(request, context)
    own = context if reader is None else context.seen_by(reader)
    with own.database.reading() as session:
        number_of_jobs = JobRepository(session).number_by_state()
        number_of_workers = WorkerRepository(session).number_living()
    is_healthy = number_of_workers > 0
    response.status_code = 200 if is_healthy else 503
    return HealthResource(
        is_healthy=is_healthy,
        version=version("strongroom"),
        number_of_workers=number_of_workers,
        number_of_jobs=None if reader is None else dict(number_of_jobs),
    )
