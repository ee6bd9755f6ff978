"""The problems of each operation: its own, and those of all of its kind."""

from typing import Any

from service.api.problem_types import (
    INTERNAL_ERROR,
    INVALID_CASE,
    MARK,
    WRONG_PARAMETER,
    ProblemType,
    known_types,
    marked,
    problem_type,
)
from service.api.problems import MEDIA_TYPE
from service.errors import (
    BodyTooLargeError,
    DamagedDocumentError,
    ForbiddenError,
    IdempotencyKeyReusedError,
    InsufficientScopeError,
    InvalidIdempotencyKeyError,
    MalformedContentError,
    MalformedJsonError,
    MalformedOrderError,
    MisdirectedRequestError,
    ObjectNotFoundError,
    ProviderUnavailableError,
    QuotaExceededError,
    StoreFullError,
    StoreUnavailableError,
    TooManyJobsError,
    UnauthenticatedError,
    UnknownContentCodingError,
    UnsupportedMediaTypeError,
)
from service.identity.permissions import is_open

Operation = dict[str, Any]

EXAMPLES = "#/components/examples/"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What is wrong with a request (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Leads to the description of all problems of the type.",
        },
        "title": {"type": "string", "description": "The same for all of the type."},
        "status": {"type": "integer", "description": "HTTP status."},
        "detail": {"type": "string", "description": "What is wrong with this request."},
        "instance": {"type": "string", "description": "Path of the request."},
        "request_id": {"type": "string", "description": "X-Request-ID."},
        "violated-policies": {
            "type": "array",
            "description": "Names in RateLimit-Policy of the quotas that are exceeded.",
            "items": {"type": "string"},
        },
        "last": {
            "type": ["object", "null"],
            "description": "What the entry of a ledger would have to follow, or to be "
            "about.",
            "required": ["hash", "number"],
            "properties": {
                "hash": {"type": "string", "description": "Hash of that entry."},
                "number": {"type": "integer", "description": "Its number."},
            },
        },
        "number_of_mistakes": {"type": "integer"},
        "mistakes": {
            "type": "array",
            "description": "The first ones, with a place each.",
            "items": {
                "type": "object",
                "required": ["path", "pointer", "value", "expected"],
                "properties": {
                    "path": {"type": "string", "description": "Place, in words."},
                    "pointer": {
                        "type": ["string", "null"],
                        "description": "Place in the body: a JSON pointer (RFC 6901) "
                        "as a URI fragment; null for a parameter.",
                    },
                    "value": {"description": "What was found there."},
                    "expected": {"type": "string"},
                },
            },
        },
    },
}


def add_problems(operation: Operation) -> None:
    """Describe each status of an operation that is a problem."""
    responses = operation["responses"]
    found = {
        slug: known_types()[slug]
        for response in responses.values()
        for slug in response.pop(MARK, [])
    }
    found |= {each.slug: each for each in _common(operation)}
    # FastAPI describes errors of parameters, which are problems here.
    responses.pop("422", None)
    for status, response in marked(*found.values()).items():
        types = [found[slug] for slug in response[MARK]]
        described = responses.setdefault(str(status), {})
        described["description"] = " ".join(
            part for part in (described.get("description"), *_titles(types)) if part
        )
        described.setdefault("content", {})[MEDIA_TYPE] = _content(types)


def _common(operation: Operation) -> list[ProblemType]:
    """Return what all operations of its kind may answer."""
    types, name = [WRONG_PARAMETER, INTERNAL_ERROR], operation["operationId"]
    errors = [StoreUnavailableError] if name in {"get_health", "get_metrics"} else []
    if not is_open(name):
        errors += [
            UnauthenticatedError,
            ForbiddenError,
            InsufficientScopeError,
            MisdirectedRequestError,
            ProviderUnavailableError,
            QuotaExceededError,
            StoreUnavailableError,
            StoreFullError,
            DamagedDocumentError,
            ObjectNotFoundError,
        ]
    if "requestBody" in operation:
        errors += [
            MalformedJsonError,
            BodyTooLargeError,
            UnsupportedMediaTypeError,
            UnknownContentCodingError,
            MalformedContentError,
            MalformedOrderError,
        ]
        types.append(INVALID_CASE)
    parameters = {each["name"] for each in operation.get("parameters", [])}
    if "idempotency-key" in parameters:
        errors += [
            InvalidIdempotencyKeyError,
            IdempotencyKeyReusedError,
            TooManyJobsError,
        ]
    return types + [problem_type(error) for error in dict.fromkeys(errors)]


def _titles(types: list[ProblemType]) -> list[str]:
    return [each.title for each in types]


def _content(types: list[ProblemType]) -> dict[str, Any]:
    """Return the schema of problems of these types only, and one of each."""
    # A proxy may serve the page of types under a path of its own.
    pattern = "|".join(each.slug for each in types)
    return {
        "schema": {
            "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"properties": {"type": {"pattern": f"/docs/problems#({pattern})$"}}},
            ]
        },
        "examples": {each.slug: {"$ref": f"{EXAMPLES}{each.slug}"} for each in types},
    }


def problem_examples() -> dict[str, Any]:
    """Return a problem of each type, by name."""
    return {
        each.slug: {
            "summary": each.title,
            "value": {
                "type": each.uri,
                "title": each.title,
                "status": each.status,
                "detail": each.title,
                "instance": "/v1/jobs",
                "request_id": "9f3c2f6f4d3b4a6e8d1c0b7a5e2f1d4c",
            },
        }
        for each in known_types().values()
    }
