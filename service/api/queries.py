"""Check the query of every request: what is unknown or given twice is a mistake."""

from collections import Counter

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError


def check_query(request: Request) -> None:
    """Raise RequestValidationError for a parameter that is unknown or given twice.

    A route knows the parameters that its description in OpenAPI names.
    """
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
    app, route = request.app, request.scope["route"]
    assert isinstance(app, FastAPI)  # noqa: S101 - it is ours
    operations = app.openapi()["paths"].get(route.path, {})
    parameters = operations.get(request.method.lower(), {}).get("parameters", [])
    return {
        each["name"]: each["schema"].get("type") == "array"
        for each in parameters
        if each["in"] == "query"
    }
