"""Orders of one period as sentences: the numbers of the rule that lead to them."""

import datetime as dt

from models.finance import REVOLVING, Facility
from models.orders import Limit
from optimizer.policies.policy_text import tonnes

LIMITS: dict[Limit, str] = {
    "draw_limit": "the most of a period",
    "coverage": "the covered part of the gap",
    "floor": "all that is above the floor",
    "outload": "the most that the store loads out",
    "stock": "all that is there",
}
# Of a target: rounding is not told.
DUST = 1e-12
ALERT_NAMES = ("calm", "watch", "high", "severe")


def alert_text(alert: int, since: dt.date | None) -> str:
    """Return an alert level and since when there has been an alert."""
    level = f"Alert {alert} ({ALERT_NAMES[alert]})"
    return level if since is None else f"{level}, an alert since {since}"


def release_text(
    alert: str, on_hand: float, released: float, bound_by: Limit, gap: str
) -> str:
    """Return why a tranche releases so much of what it holds."""
    if released == 0:
        return f"{alert}: of {tonnes(on_hand)} release nothing; {LIMITS[bound_by]} is 0"
    return (
        f"{alert}: of {tonnes(on_hand)} release {tonnes(released)}, "
        f"{LIMITS[bound_by]} ({gap})"
    )


def gap_text(gap: float, coverage: float, participant: str | None) -> str:
    """Return the gap that a rule sees and the part of it that it may cover."""
    whose = "the gap" if participant is None else f"the gap of {participant}"
    part = "all of it" if coverage >= 1 else f"{100 * coverage:.3g} % of it"
    return f"{whose} is {tonnes(gap)}, and {part} may be covered"


def coming_text(coming: float, target: float) -> str:
    """Return what is on the way beside what is there; nothing if that is rounding."""
    return f" (and {tonnes(coming)} on the way)" if coming > DUST * target else ""


def build_up_text(pace: float, target: float, there: str, open_share: float) -> str:
    """Return why a build-up buys so much in a period; there says what it has."""
    return (
        f"Planned buying of {tonnes(pace)} a period up to {tonnes(target)}, of which "
        f"{there} are there{_open(open_share)}"
    )


def replenishment_text(
    alert: str, pace: float, target: float, there: str, open_share: float
) -> str:
    """Return why a refill buys so much in a period; there says what it has."""
    return (
        f"{alert}: buy back up to {tonnes(pace)} a period until {tonnes(target)} are "
        f"there again, of which {there} are left{_open(open_share)}"
    )


def rotation_text(pace: float, open_share: float) -> str:
    """Return why old stock is swapped for fresh."""
    return f"{tonnes(pace)} a period of the oldest are swapped{_open(open_share)}"


def _open(share: float) -> str:
    return "" if share >= 1 else f"; of a purchase {100 * share:.3g} % is delivered"


def facility_text(facility: Facility, draw_usd: float, repayment_usd: float) -> str:
    """Return why a facility is drawn or paid back."""
    parts: list[str] = []
    if draw_usd > 0:
        parts.append(
            "cash would fall below 0 without it"
            if facility.is_drawn_by_rule
            else "the plan draws so much in this period"
        )
    if repayment_usd > 0:
        parts.append(
            "all cash above 0 pays it back"
            if facility.drawn == REVOLVING
            else "an instalment is due"
        )
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
