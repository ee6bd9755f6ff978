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
from service.api.paths import requested, served
from service.errors import MalformedOrderError, ServiceError
from service.telemetry.request_ids import HEADER

MEDIA_TYPE = "application/problem+json"
MAXIMUM_MISTAKES = 1000
MAXIMUM_VALUE_CHARACTERS = 500

# The description of every error in OpenAPI.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem document: what is wrong with the request.",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "instance": {"type": "string"},
                        "request_id": {"type": "string"},
                        "mistakes": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "required": ["path", "value", "expected"],
                                "properties": {
                                    "path": {"type": "string"},
                                    "value": {},
                                    "expected": {"type": "string"},
                                },
                            },
                        },
                    },
                }
            }
        },
    }
}


def add_problem_documents(app: FastAPI) -> None:
    """Answer every error of the app with a problem document."""
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(InvalidCaseError, _invalid_case)
    app.add_exception_handler(RequestValidationError, _wrong_parameters)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _service_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for it
    more = _mistakes(error.mistakes) if isinstance(error, MalformedOrderError) else None
    problem = _problem(request, error.slug, error.title, error.status, error.detail)
    return _response(problem | (more or {}), error.headers)


def _invalid_case(request: Request, error: Exception) -> Response:
    assert isinstance(error, InvalidCaseError)  # noqa: S101 - registered for it
    detail = f"Number of mistakes: {len(error.mistakes)}."
    title = "The case has mistakes."
    problem = _problem(request, "invalid-case", title, 422, detail)
    return _response(problem | _mistakes(error.mistakes))


def _wrong_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    mistakes = [
        Mistake(
            ".".join(str(step) for step in fault["loc"]), fault["input"], fault["msg"]
        )
        for fault in error.errors()
    ]
    detail = "; ".join(f"{mistake.path}: {mistake.expected}" for mistake in mistakes)
    title = "A parameter of the request is wrong."
    problem = _problem(request, "wrong-parameter", title, 422, detail)
    return _response(problem | _mistakes(mistakes))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    title = http.HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {served(requested(request.scope))}: {error.detail}"
    problem = _problem(request, None, title, error.status_code, detail)
    return _response(problem, error.headers)


def _unexpected(request: Request, _error: Exception) -> Response:
    title = "The server made a mistake."
    detail = "The request was not carried out. The server's log says more."
    # The middleware that adds the header does not see this answer.
    headers = {HEADER: request.state.request_id}
    problem = _problem(request, "internal-error", title, 500, detail)
    return _response(problem, headers)


def _problem(
    request: Request, slug: str | None, title: str, status: int, detail: str
) -> dict[str, Any]:
    return {
        "type": f"urn:strongroom:problem:{slug}" if slug else "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "instance": served(requested(request.scope)),
        "request_id": request.state.request_id,
    }


def _mistakes(mistakes: Sequence[Mistake]) -> dict[str, Any]:
    """Return the members for mistakes: a limited list, and the full number."""
    listed = [
        {
            "path": mistake.path[:MAXIMUM_VALUE_CHARACTERS],
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
