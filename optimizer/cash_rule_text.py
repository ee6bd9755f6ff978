"""The cash rule as a sentence that an operator can follow."""

from models.draw_order import Segment, most_by_rule_usd, segments_of
from models.finance import REVOLVING, Financing


def cash_rule_text(financing: Financing, room_usd: float) -> str:
    """Return when and from whom money is drawn, "" if all draws are scheduled.

    room_usd is the debt that capital called before the start leaves.
    """
    segments = segments_of(financing)
    if not segments:
        return ""
    drawn = "; then ".join(_drawn(segment) for segment in segments)
    most = most_by_rule_usd(financing, room_usd)
    limit = ""
    if most < sum(x.width_usd for x in segments):
        limit = f", in all at most ${most:,.2f}, as far as debt to equity allows"
    is_revolving = segments[0].facilities[0].drawn == REVOLVING
    after = (
        "Pay back with all cash above 0, what was drawn last first"
        if is_revolving
        else "What is drawn stays until after the end"
    )
    return (
        "Whenever cash would fall below 0, before the start or after all payments of a "
        f"period, draw what is missing, with fees and interest, from {drawn}{limit}. "
        f"{after}."
    )


def _drawn(segment: Segment) -> str:
    """Return who lends, in which proportion and up to what."""
    most = f"up to ${segment.width_usd:,.2f}"
    names = " and ".join(x.name for x in segment.facilities)
    if len(segment.facilities) == 1:
        return f"{names}, {most}"
    least = min(x.limit_usd for x in segment.facilities)
    if least == 0:
        return f"{names} in proportion to their limits, {most}"
    parts = " : ".join(f"{x.limit_usd / least:.3g}" for x in segment.facilities)
    return f"{names} {parts}, {most}"
