"""The description of the interface, made once in a process: that takes a second."""

from functools import cache
from typing import Any

from service.app import create_app


@cache
def description_of_interface() -> dict[str, Any]:
    """Return it; nobody changes what others read too."""
    return create_app().openapi()
