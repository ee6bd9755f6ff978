"""Check the query of every request: an unknown parameter is a mistake."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError


def check_query(request: Request) -> None:
    """Raise RequestValidationError if the query has a parameter unknown to its route.

    A route knows the parameters that its description in OpenAPI names.
    """
    if not request.query_params:
        return
    known = _known(request)
    expected = f"one of {', '.join(known)}" if known else "no parameter"
    mistakes = [
        {"loc": ("query", name), "input": value, "msg": expected}
        for name, value in request.query_params.multi_items()
        if name not in known
    ]
    if mistakes:
        raise RequestValidationError(mistakes)


def _known(request: Request) -> list[str]:
    app, route = request.app, request.scope["route"]
    assert isinstance(app, FastAPI)  # noqa: S101 - it is ours
    operations = app.openapi()["paths"].get(route.path, {})
    parameters = operations.get(request.method.lower(), {}).get("parameters", [])
    return sorted(each["name"] for each in parameters if each["in"] == "query")
