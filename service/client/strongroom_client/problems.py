"""Problem documents (RFC 9457) as exceptions."""

import http

import httpx2
from pydantic import Field, JsonValue, ValidationError

from strongroom_client.answer import Answer
from strongroom_client.errors import (
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    Mistake,
    NotFoundError,
    ProblemError,
    UnauthenticatedError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"
KINDS: dict[int, type[ProblemError]] = {
    400: InvalidRequestError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: UnavailableError,
    502: UnavailableError,
    503: UnavailableError,
    504: UnavailableError,
    507: UnavailableError,
}


class _Mistake(Answer):
    path: str
    value: JsonValue = None
    expected: str = ""
    pointer: str | None = None


class _Problem(Answer):
    type: str = "about:blank"
    title: str
    detail: str = ""
    request_id: str | None = None
    mistakes: list[_Mistake] = Field(default_factory=list[_Mistake])


def is_problem(response: httpx2.Response) -> bool:
    """Say whether an answer is a problem document."""
    return response.headers.get("content-type", "").startswith(MEDIA_TYPE)


def problem_of(response: httpx2.Response) -> ProblemError:
    """Return what an answer with an error says, also if a proxy wrote it."""
    status = response.status_code
    kind = KINDS.get(status, ProblemError)
    try:
        problem = _Problem.model_validate_json(response.content)
    except ValidationError:
        # Not the body: a proxy may write anything there.
        return kind(status, _phrase(status))
    return kind(
        status,
        problem.title,
        problem.detail,
        type=problem.type,
        mistakes=[Mistake(**x.model_dump()) for x in problem.mistakes],
        request_id=problem.request_id,
    )


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown status"
