"""Check the query of every request: what is unknown or given twice is a mistake."""

from collections import Counter
from collections.abc import Iterator
from typing import get_origin

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


async def check_query(request: Request) -> None:
    """Raise RequestValidationError for a parameter that is unknown or given twice."""
    if not request.query_params:
        return
    known = _known(request)
    names = ", ".join(sorted(known))
    expected = f"one of {names}" if known else "no parameter"
    mistakes = [
        {"loc": ("query", name), "input": value, "msg": expected}
        for name, value in request.query_params.multi_items()
        if name not in known
    ]
    values = request.query_params.multi_items()
    given = Counter(name for name, _ in values)
    mistakes += [
        {"loc": ("query", name), "input": value, "msg": "one value, not several"}
        for name, value in dict(values).items()
        if name in known and not known[name] and given[name] > 1
    ]
    if mistakes:
        raise RequestValidationError(mistakes)


def _known(request: Request) -> dict[str, bool]:
    """Return the parameters of the route, and whether each may have several values."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)  # noqa: S101 - it is ours
    return {
        field.alias: get_origin(field.field_info.annotation) is list
        for dependant in _whole(route.dependant)
        for field in dependant.query_params
    }


def _whole(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _whole(each)
