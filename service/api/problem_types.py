"""The types of problem documents: stable names, each with its title and status.

A type is a URI that leads to its entry on a page of this server. The part after `#`
never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.api.paths import served
from service.errors import OperatorError, ServiceError

PAGE = "/docs/problems"
# Responses of a route name their types here, until the description of the interface
# says them in full.
MARK = "x-problems"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """What went wrong, the same for every problem of the type."""

    slug: str
    title: str
    status: int

    @property
    def uri(self) -> str:
        """The URI of the type, as this server is reached."""
        return served(f"{PAGE}#{self.slug}")


INVALID_CASE = ProblemType("invalid-case", "The case has mistakes.", 422)
WRONG_PARAMETER = ProblemType(
    "wrong-parameter", "A parameter of the request is wrong.", 422
)
INTERNAL_ERROR = ProblemType("internal-error", "The server made a mistake.", 500)


def problem_type(error: type[ServiceError]) -> ProblemType:
    """Return the type of the problems that an error is answered with."""
    return ProblemType(error.slug(), error.title(), error.status)


def known_types() -> Mapping[str, ProblemType]:
    """Return the types by name, in order of status."""
    types = [INVALID_CASE, WRONG_PARAMETER, INTERNAL_ERROR]
    types += [problem_type(error) for error in _errors(ServiceError)]
    ordered = sorted(types, key=lambda x: (x.status, x.slug))
    return {each.slug: each for each in ordered}


def problems(*errors: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route that may raise the errors.

    What every route of its kind may raise is added by the description.
    """
    return marked(*(problem_type(error) for error in errors))


def marked(*types: ProblemType) -> dict[int | str, dict[str, Any]]:
    """Return responses that name the types, by status."""
    responses: dict[int | str, dict[str, Any]] = {}
    for each in types:
        response = responses.setdefault(each.status, {"description": "", MARK: []})
        response[MARK].append(each.slug)
    return responses


def _errors(root: type[ServiceError]) -> list[type[ServiceError]]:
    """Return the errors that requests are answered with."""
    found: list[type[ServiceError]] = []
    for error in root.__subclasses__():
        if not issubclass(error, OperatorError):
            found += [error, *_errors(error)]
    return found
