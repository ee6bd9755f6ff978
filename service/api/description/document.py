"""Completes the OpenAPI document that FastAPI makes of the routes.

References resolve within the document; each status of an operation has its types of
problems; bodies and answers have examples; answers link to the operations that follow.
"""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.answers import TAGGED
from service.api.description.examples import JSON, add_examples
from service.api.description.links import add_links
from service.api.description.problems import (
    PROBLEM,
    add_problems,
    problem_examples,
)
from service.api.description.schemas import Components
from service.identity.permissions import is_open

Document = dict[str, Any]

INTRODUCTION = """\
Order plans of strategic stockpiles, evaluations of them and batches of variants, follow
the jobs, and read the answers. Each error is a problem document (RFC 9457); its `type`
leads to a [description](docs/problems). Once the store has an account, each operation
but those for monitoring needs a key. Each path that has GET has HEAD, too. Answers come
in gzip or zstd to clients that accept them, and bodies may be sent in either.
"""
TAGS = {
    "cases": "Cases: stored once, named by the hash of their content.",
    "jobs": "Solves: order one, follow its progress, cancel it, get its plan.",
    "batches": "A case and variants of it, ordered together and compared.",
    "plans": "Plans, each of which was checked before it was stored.",
    "analyses": "What commands show of a case or plan, as jobs.",
    "rounds": "Rights on offer for a time, sealed offers, awards.",
    "reserves": "Reserves, their ledgers, and the chains of lots.",
    "own": "What a planner sees of its own participant.",
    "evaluations": "Plans followed on fresh scenarios.",
    "webhooks": "Receivers that are told of jobs and batches (Standard Webhooks).",
    "service": "The service itself: health, metrics, audit log, schema of cases.",
}
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key of an account, or a token that the OpenID provider of the "
    "server gave for it (RFC 6750). A store without accounts needs none.",
}
RATE_LIMITS = {
    "RateLimit-Policy": {
        "description": "Requests (q) in so many seconds (w) that the key, and its "
        "organisation or participant, may send; none in a store without accounts.",
        "schema": {"type": "string", "examples": ['"key";q=6000;w=60']},
    },
    "RateLimit": {
        "description": "What is left of each (r), for so many seconds (t).",
        "schema": {"type": "string", "examples": ['"key";r=5999;t=60']},
    },
}
# FastAPI's own, for errors that are problem documents here.
UNUSED = ("HTTPValidationError", "ValidationError")


class DescribedApp(FastAPI):
    """An app whose description is complete."""

    def openapi(self) -> Document:
        """Return the description, which is made once."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title,
                version=version("strongroom"),
                description=INTRODUCTION,
                routes=self.routes,
                tags=[{"name": name, "description": x} for name, x in TAGS.items()],
            )
            _complete(document)
            self.openapi_schema = document
        return self.openapi_schema


def operations_of(document: Document) -> Iterator[Document]:
    """Yield the operations of a description."""
    for methods in document["paths"].values():
        yield from methods.values()


def _add_tag(operation: Document) -> None:
    """Describe the tag of JSON that is read, unless the route says more of it."""
    responses = operation.get("responses", {})
    answer = responses.get("200", {})
    if "304" in responses or set(answer.get("content", {})) != {JSON}:
        return
    answer["headers"] = {**TAGGED, **answer.get("headers", {})}
    known = {"description": "The client has it already.", "headers": TAGGED}
    responses["304"] = known


def _complete(document: Document) -> None:
    schemas = document["components"]["schemas"]
    for name in UNUSED:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    document["components"] |= {
        "securitySchemes": {"key": KEY},
        "examples": problem_examples(),
        "headers": RATE_LIMITS,
    }
    for methods in document["paths"].values():
        _add_tag(methods.get("get", {}))
    for operation in operations_of(document):
        if not is_open(operation["operationId"]):
            operation["security"] = [{"key": []}]
        add_problems(operation)
        if "security" in operation:
            _add_rate_limits(operation)
        add_links(operation)
        add_examples(operation)
    components = Components(schemas)
    for operation in operations_of(document):
        components.take_from(operation)


def _add_rate_limits(operation: Document) -> None:
    """Describe the fields of each answer of an operation that needs a login."""
    told = {x: {"$ref": f"#/components/headers/{x}"} for x in RATE_LIMITS}
    for response in operation["responses"].values():
        # Several operations may have the same headers.
        response["headers"] = {**response.get("headers", {}), **told}
