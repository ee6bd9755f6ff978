"""Every error is answered with a problem document (RFC 9457), never a traceback."""

import http
import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.api.bodies import ReadBody, body_of
from service.api.paths import requested, served
from service.api.pointers import Pointers
from service.api.problem_types import (
    INTERNAL_ERROR,
    INVALID_CASE,
    WRONG_PARAMETER,
    ProblemType,
    problem_type,
)
from service.errors import MalformedOrderError, ServiceError
from service.telemetry.request_ids import HEADER

MEDIA_TYPE = "application/problem+json"
MAXIMUM_MISTAKES = 1000
MAXIMUM_VALUE_CHARACTERS = 500


def add_problem_documents(app: FastAPI) -> None:
    """Answer every error of the app with a problem document."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(InvalidCaseError, _invalid_case)
    app.add_exception_handler(RequestValidationError, _wrong_parameters)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for it
    problem = _problem(request, problem_type(type(error)), error.detail)
    problem |= error.members
    if isinstance(error, MalformedOrderError):
        problem |= _mistakes(error.mistakes, body_of(request))
    return _response(problem, error.headers)


def _invalid_case(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidCaseError)  # noqa: S101 - registered for it
    detail = f"Number of mistakes: {len(error.mistakes)}."
    problem = _problem(request, INVALID_CASE, detail)
    return _response(problem | _mistakes(error.mistakes, body_of(request)))


def _wrong_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    mistakes = [
        Mistake(
            ".".join(str(step) for step in fault["loc"]), fault["input"], fault["msg"]
        )
        for fault in error.errors()
    ]
    detail = "; ".join(f"{mistake.path}: {mistake.expected}" for mistake in mistakes)
    problem = _problem(request, WRONG_PARAMETER, detail)
    return _response(problem | _mistakes(mistakes))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    title = http.HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {served(requested(request.scope))}: {error.detail}"
    # It means no more than its status, and so has no type of its own (RFC 9457).
    problem = _problem(request, ProblemType("", title, error.status_code), detail)
    return _response(problem, error.headers)


def _unexpected(request: Request, _error: Exception) -> Response:
    detail = "The request was not carried out. The server's log says more."
    # The middleware that adds the header does not see this answer.
    headers = {HEADER: request.state.request_id}
    problem = _problem(request, INTERNAL_ERROR, detail)
    return _response(problem, headers)


def _problem(request: Request, kind: ProblemType, detail: str) -> dict[str, Any]:
    return {
        "type": kind.uri if kind.slug else "about:blank",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.title,
        "instance": served(requested(request.scope)),
        "request_id": request.state.request_id,
    }


def _mistakes(
    mistakes: Sequence[Mistake], body: ReadBody | None = None
) -> dict[str, Any]:
    """Return the members for mistakes: a limited list, and the full number."""
    pointers = None if body is None else Pointers(body.value)
    listed = [
        {
            "path": mistake.path[:MAXIMUM_VALUE_CHARACTERS],
            "pointer": pointers and pointers.to(mistake.path),
            "value": _shown(mistake.value),
            "expected": mistake.expected,
        }
        for mistake in mistakes[:MAXIMUM_MISTAKES]
    ]
    return {"mistakes": listed, "number_of_mistakes": len(mistakes)}


def _shown(value: object) -> object:
    """Return the value if it is short and JSON can hold it, otherwise its beginning."""
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    else:
        if len(text) <= MAXIMUM_VALUE_CHARACTERS:
            return value
    if len(text) <= MAXIMUM_VALUE_CHARACTERS:
        return text
    return f"{text[:MAXIMUM_VALUE_CHARACTERS]}..."


def _response(
    problem: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    # ASCII: a body may quote half a surrogate pair, which UTF-8 cannot carry.
    text = json.dumps(problem, ensure_ascii=True)
    return Response(
        text, int(problem["status"]), headers=headers, media_type=MEDIA_TYPE
    )
