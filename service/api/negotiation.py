"""The media type of an answer: the offered one that a client prefers (RFC 9110)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request

from service.errors import NotAcceptableError

WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
RANGE = re.compile(rf"({NAME})/({NAME})")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """A part of an Accept header: a type, `type/*` or `*/*`, and its weight q."""

    kind: str
    subkind: str
    weight: float

    def specificity(self, media_type: str) -> int | None:
        """Return how closely it names the media type; None if it does not match."""
        kind, _, subkind = media_type.partition("/")
        if self.kind == "*" and self.subkind == "*":
            return 0
        if self.kind != kind:
            return None
        if self.subkind == "*":
            return 1
        return 2 if self.subkind == subkind else None


def accepted(request: Request) -> str:
    """Return the Accept headers of a request as one, empty if there is none."""
    return ",".join(request.headers.getlist("accept")).strip()


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the offered media type with the highest weight.

    Of equal ones that which the client names most closely, then the one offered first.
    Without an Accept header it is the one offered first. Parameters of media types
    other than q do not count. Raises NotAcceptableError if none has a weight above 0.
    """
    header = accepted(request)
    if not header:
        return offered[0]
    ranges = list(_ranges(header))
    ranked = [(_ranked(media_type, ranges), media_type) for media_type in offered]
    (weight, _), best = max(ranked, key=lambda found: found[0])
    if weight <= 0:
        raise NotAcceptableError(header, offered)
    return best


def is_preferred(request: Request, media_type: str, *, to: str) -> bool:
    """Whether a request names a media type that it likes better than another one."""
    try:
        return preferred(request, (to, media_type)) == media_type
    except NotAcceptableError:
        return False


def _ranked(media_type: str, ranges: Sequence[MediaRange]) -> tuple[float, int]:
    """Return the weight by the closest range, and how close that is."""
    matches = [
        (specificity, each.weight)
        for each in ranges
        if (specificity := each.specificity(media_type)) is not None
    ]
    specificity, weight = max(matches, default=(-1, 0.0))
    return weight, specificity


def _ranges(header: str) -> Iterator[MediaRange]:
    """Yield the parts of a header that are well formed; others count for nothing."""
    for part in header.split(","):
        named, *parameters = (each.strip() for each in part.split(";"))
        found = RANGE.fullmatch(named)
        weights = [x[2:] for x in parameters if x[:2].lower() == "q="]
        if found and all(WEIGHT.fullmatch(weight) for weight in weights):
            kind, subkind = found.groups()
            weight = float(weights[0]) if weights else 1.0
            yield MediaRange(kind.lower(), subkind.lower(), weight)
