"""Reads an observation of a case from a mapping and reports all mistakes at once."""

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from pydantic import ValidationError

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.observation_mistakes import wrong_observation
from models.reading import InvalidCaseError, mistakes_of

Place = tuple[int | str, ...]
# From an observation, and the names of facts left out as they are wrong themselves.
Further = Callable[[Observation, frozenset[str]], Iterable[Mistake]]


def no_further(_observation: Observation, _left_out: frozenset[str]) -> list[Mistake]:
    """Return no mistake: all that can be known is in the case."""
    return []


def read_observation(
    raw: object, case: Instance, further: Further = no_further
) -> Observation:
    """Return the observation of the first period of a case.

    Raises InvalidCaseError with every mistake in it; each fact that is missing is one.
    further finds those that the case does not tell.
    """
    if not isinstance(raw, Mapping):
        expected = "a mapping of facts: start, events, prices_usd_per_tonne ..."
        found = type(raw).__name__
        raise InvalidCaseError([Mistake("observation", found, expected)])
    content = cast("Mapping[str, Any]", raw)
    try:
        observation = Observation.model_validate(content)
    except ValidationError as error:
        mistakes = mistakes_of(error, content)
        mistakes += _mistakes_in_the_rest(case, content, error, further)
        raise InvalidCaseError(mistakes) from None
    mistakes = wrong_observation(case, observation)
    if mistakes := [*mistakes, *further(observation, frozenset())]:
        raise InvalidCaseError(mistakes)
    return observation


def _mistakes_in_the_rest(
    case: Instance, content: Mapping[str, Any], error: ValidationError, further: Further
) -> list[Mistake]:
    """Check what is right of an observation, without the parts that are not."""
    rest: Any = copy.deepcopy(dict(content))
    wrong = {_part_at(rest, fault["loc"]) for fault in error.errors()} - {()}
    for place in sorted(wrong, key=str, reverse=True):
        here = rest
        for step in place[:-1]:
            here = here[step]
        del here[place[-1]]
    try:
        observation = Observation.model_validate(rest)
    except ValidationError:
        return []
    left_out = frozenset(".".join(_named(place)) for place in wrong)
    mistakes = wrong_observation(case, observation, left_out)
    return [*mistakes, *further(observation, left_out)]


def _part_at(content: object, location: Sequence[int | str]) -> Place:
    """Return the place of the element, or else the field, that a fault lies in.

    Empty if there is nothing: the fault is that it is absent.
    """
    place: Place = ()
    here = content
    for step in location:
        if isinstance(here, Mapping):
            fields = cast("Mapping[str, object]", here)
            if step not in fields:
                return place if step == "[key]" else ()
            here = fields[str(step)]
        elif isinstance(here, list) and isinstance(step, int):
            return (*place, step)
        else:
            return place
        place = (*place, step)
    return place


def _named(place: Place) -> list[str]:
    """Return field and name of a fact; elements of a list have no name."""
    return [step for step in place[:2] if isinstance(step, str)]
