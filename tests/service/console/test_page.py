"""Pages and forms are declared once, each with the operations that it stands for."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from service.console.page import may
from service.console.registry import FORMS, PAGES
from service.console.routes import ROUTES
from service.identity.permissions import rule_of
from service.identity.reader import SINGLE_USER

ENTRIES = [*PAGES.values(), *FORMS.values()]
# Only what has to do with signing in and the language.
OF_ANYBODY = {"show_sign_in", "sign_in", "sign_out", "choose_language"}


def routes() -> Iterator[tuple[str, str, set[str]]]:
    """Yield the name, path and methods of each route that has a function of a page."""
    for route in ROUTES:
        if isinstance(route, APIRoute):
            yield route.name, route.path, route.methods or set()


def test_every_route_is_in_the_registry() -> None:
    """With its path; nothing in the registry lacks a route."""
    pages = {name: path for name, path, methods in routes() if "GET" in methods}
    forms = {name: path for name, path, methods in routes() if "POST" in methods}
    assert pages == {x.name: x.path for x in PAGES.values()}
    assert forms == {x.name: x.path for x in FORMS.values()}


def test_every_operation_that_is_named_exists() -> None:
    """And only what has to do with signing in names none."""
    assert all(rule_of(x) for entry in ENTRIES for x in entry.operations)
    assert {x.name for x in ENTRIES if not x.operations} == OF_ANYBODY


def test_an_operation_that_does_not_exist_is_no_permission() -> None:
    """A slip in a template is an error, not a button that nobody has."""
    with pytest.raises(KeyError):
        may(SINGLE_USER, "list_jbos")
