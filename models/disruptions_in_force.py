"""Mistakes in the disruptions that are in force at the start."""

from collections import Counter
from collections.abc import Iterator

from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections


def wrong_disruptions(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find unknown events and phases, later beginnings, and phases that are over."""
    events = {x.id: x for x in case.events}
    found = case.position.disruptions
    for name, count in Counter(x.event for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.disruptions", name, expected)
    for x in found:
        path = f"position.disruptions[{x.event}]"
        yield from known.missing("events", f"{path}.event", x.event)
        lasted = (case.horizon.start - x.since).days
        if lasted < 0:
            expected = f"a day up to the start, {case.horizon.start}"
            yield Mistake(f"{path}.since", str(x.since), expected)
        phases = events[x.event].phases if x.event in events else ()
        if phases and x.phase >= len(phases):
            expected = f"one of the {len(phases)} phases of the event, from 0"
            yield Mistake(f"{path}.phase", x.phase, expected)
        elif phases and lasted >= 0 and not phases[x.phase].law.outlasts(lasted):
            law = phases[x.phase].law
            expected = (
                f"a later day: the phase lasts {law}, so it is over after the "
                f"{lasted} days until {case.horizon.start}"
            )
            yield Mistake(f"{path}.since", str(x.since), expected)
