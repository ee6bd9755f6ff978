"""Alerts before the start, from which the notice of a store counts; their mistakes."""

from collections import Counter
from collections.abc import Iterator

from models.horizon import Horizon
from models.identifiers import KnownIdentifiers
from models.mistakes import Mistake
from models.sections import Sections

ROUNDING_DAYS = 1e-9


def alerts_before(case: Sections, material: str) -> tuple[int, ...]:
    """Return the alert levels of the last periods before the start, the latest last.

    Of all periods before these the level is 0.
    """
    for x in case.position.alerts:
        if x.material == material:
            return x.levels
    return ()


def periods_of_notice(horizon: Horizon, notice_days: float) -> int:
    """Return how many periods before the start can matter to a store."""
    if notice_days == 0:
        return 0
    periods = 1
    while horizon.days_between(-periods, 0) <= notice_days + ROUNDING_DAYS:
        periods += 1
    return periods


def wrong_alerts(case: Sections, known: KnownIdentifiers) -> Iterator[Mistake]:
    """Find alerts of unknown materials, and materials that are listed twice."""
    found = case.position.alerts
    for name, count in Counter(x.material for x in found).items():
        if count > 1:
            expected = f"to be listed once, found {count} times"
            yield Mistake("position.alerts", name, expected)
    for x in found:
        path = f"position.alerts[{x.material}].material"
        yield from known.missing("materials", path, x.material)


def idle_alerts(case: Sections) -> Iterator[Mistake]:
    """Find alerts that open no store: calm ones, and those of long before."""
    classes = {m.id: m.storage_class for m in case.materials}
    days = {s.id: s.notice_days for s in case.storage_classes}
    for x in case.position.alerts:
        path = f"position.alerts[{x.material}].levels"
        notice = days[classes[x.material]]
        most = periods_of_notice(case.horizon, notice)
        if not any(x.levels):
            expected = "an alert above 0 among them; it is 0 if nothing is said"
            yield Mistake(path, list(x.levels), expected)
        elif len(x.levels) > most:
            expected = (
                f"at most {most} periods, within the notice of {notice:g} days; those "
                "before have no effect"
            )
            yield Mistake(path, list(x.levels), expected)
