"""Each operation that the server describes is a method of both clients."""

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

import pytest

from strongroom_client.call import Call
from strongroom_client.calls import (
    analyses,
    batches,
    cases,
    jobs,
    own,
    own_rights,
    own_rounds,
    plans,
    reserves,
    rights,
    rounds,
    service,
    webhooks,
)
from strongroom_client.operations import Operations
from tests.interface import description_of_interface
from tests.service.client.answers import DOCUMENTS

CALLS: Mapping[str, Callable[..., Call[Any]]] = {
    name: function
    for module in (
        analyses,
        batches,
        cases,
        jobs,
        own,
        own_rights,
        own_rounds,
        plans,
        reserves,
        rights,
        rounds,
        service,
        webhooks,
    )
    for name, function in vars(module).items()
    if inspect.isfunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
}
# The one method that orders any analysis: the server lists them with their parameters.
ORDER = "order_analysis"
ORDERED = re.compile(r"/v1/(plan|case)s/\{content_hash\}/analyses/(.+)")
OWN_ORDER = "order_own_analysis"
OWN_ORDERED = re.compile(r"/v1/own/plans/\{publication_id\}/analyses/(.+)")
# Parameters of the interface that a method does not have under that name.
OWN = {
    "after": "pages are followed by their links",
    "cursor": "pages are followed by their links",
    "prefer": "what waits asks the server to wait",
    "if-none-match": "what waits says what it knows",
    "if-match": "what is cancelled is cancelled in any state",
    "cache-control": "is_fresh",
    "idempotency-key": "idempotency_key",
    "format": "documents are read as JSON",
    "table": "documents are read as JSON",
}
# `follow_job` has each line as soon: the server waits until there is one. It needs no
# stream, which many proxies hold back.
STREAMS = {"stream_events"}
BRACES = str.maketrans("", "", "{}")
ANSWERED = ("200", "201", "202", "204")


@cache
def described() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of each operation by its name."""
    paths = description_of_interface()["paths"]
    return {
        x["operationId"]: (method.upper(), path, x)
        for path, methods in paths.items()
        for method, x in methods.items()
    }


def orders_of_analyses() -> list[str]:
    """Return the operations that order an analysis."""
    return [x for x, (_, path, _) in described().items() if ORDERED.fullmatch(path)]


def own_orders() -> list[str]:
    """Return the operations by which a planner orders an analysis."""
    return [x for x, (_, path, _) in described().items() if OWN_ORDERED.fullmatch(path)]


every_operation = pytest.mark.parametrize("name", sorted({*CALLS} - {ORDER, OWN_ORDER}))


def test_every_operation_has_a_method() -> None:
    """No method is of an operation that is gone."""
    by_name = {*orders_of_analyses(), *own_orders()}
    assert {*CALLS} - {ORDER, OWN_ORDER} == {*described()} - by_name - STREAMS
    assert [name for name in CALLS if not hasattr(Operations, name)] == []


@every_operation
def test_a_call_is_the_request_that_is_described(name: str) -> None:
    """Method, path, parameters and fields of the body are the same."""
    method, path, operation = described()[name]
    parameters = inspect.signature(CALLS[name]).parameters
    required = [
        x for x, y in parameters.items() if y.default is inspect.Parameter.empty
    ]
    call = CALLS[name](*required)
    assert (call.method, call.path) == (method, path.format_map(_Named(path, required)))
    assert {*_parameters(operation)} - {*OWN} <= {*parameters}
    assert {*parameters} <= {*_parameters(operation), *OWN.values(), *OWN, "case"}


def test_any_analysis_is_ordered_by_one_call() -> None:
    """Its name is a part of the path."""
    for name in orders_of_analyses():
        method, path, _ = described()[name]
        match = ORDERED.fullmatch(path)
        assert match is not None
        call = CALLS[ORDER](match[1], "content_hash", match[2].strip("{}"))
        assert (call.method, call.path) == (method, path.translate(BRACES))


def test_any_own_analysis_is_ordered_by_one_call() -> None:
    """The participant is that of the account."""
    for name in own_orders():
        method, path, _ = described()[name]
        match = OWN_ORDERED.fullmatch(path)
        assert match is not None
        call = CALLS[OWN_ORDER]("publication_id", match[1])
        assert (call.method, call.path) == (method, path.translate(BRACES))


@every_operation
def test_a_call_reads_the_answer_that_is_described(name: str) -> None:
    """The type of the result is called like the schema, but for documents."""
    _, _, operation = described()[name]
    (answer,) = get_args(get_type_hints(CALLS[name])["return"])
    schemas = {
        _called(content["schema"])
        for status in ANSWERED
        for content in operation["responses"]
        .get(status, {})
        .get("content", {})
        .values()
        if _is_object_of_the_interface(content.get("schema", {}))
    }
    if schemas:
        assert schemas == {_name_of(answer)}
    else:
        assert answer in {dict[str, Any], bytes, str, type(None)}


@every_operation
def test_what_may_order_twice_has_a_key(name: str) -> None:
    """A request with an Idempotency-Key sends one that the client makes."""
    _, _, operation = described()[name]
    headers = {
        x["name"] for x in operation.get("parameters", ()) if x["in"] == "header"
    }
    parameters = inspect.signature(CALLS[name]).parameters
    required = [
        x for x, y in parameters.items() if y.default is inspect.Parameter.empty
    ]
    first, second = CALLS[name](*required), CALLS[name](*required)
    key = first.headers.get("Idempotency-Key")
    assert (key is not None) == ("idempotency-key" in headers)
    assert key is None or key != second.headers["Idempotency-Key"]


class _Named(dict[str, str]):
    """The parts of a path, in their order, whatever their names."""

    def __init__(self, path: str, given: list[str]) -> None:
        names = [part.partition("}")[0] for part in path.split("{")[1:]]
        super().__init__(zip(names, given, strict=False))


def _parameters(operation: Mapping[str, Any]) -> list[str]:
    body = (
        operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    )
    names = [x["name"] for x in operation.get("parameters", ())]
    return [*names, *body.get("schema", {}).get("properties", {})]


def _is_object_of_the_interface(schema: Mapping[str, Any]) -> bool:
    """Whether it has a name, and is no document, which clients have as it is."""
    named = "$ref" in schema or "items" in schema
    return named and _called(schema) not in DOCUMENTS


def _called(schema: Mapping[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"list of {_called(schema['items'])}"
    return str(schema["$ref"]).rpartition("/")[2].replace("_", "")


def _name_of(answer: Any) -> str:  # noqa: ANN401 - a type
    items = get_args(answer)
    return f"list of {items[0].__name__}" if items else str(answer.__name__)
