"""What members pay a year: by need and price at the start, or as agreed before it."""

from collections.abc import Iterator

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.mistakes import Mistake
from models.route_operation import undisrupted_price


def value_of_need_usd(case: Instance) -> dict[str, float]:
    """Return what each participant's need of a year is worth, US dollars.

    Need and prices are those at the start, without any disruption.
    """
    need = case.index.need_by_participant_tonnes_per_day
    worth = dict.fromkeys(case.index.participant, 0.0)
    for m in case.materials:
        price = undisrupted_price(m, 0)
        for o, tonnes_per_day in need[m.id].items():
            worth[o] += tonnes_per_day * DAYS_PER_YEAR * price
    return worth


def fee_if_member_usd(case: Instance) -> dict[str, float]:
    """Return what each participant pays a year as a member, US dollars."""
    if case.membership is None:
        return {}
    rate = case.membership.fee_rate_per_year
    by_need = {o: rate * worth for o, worth in value_of_need_usd(case).items()}
    return by_need | {x.participant: x.usd_per_year for x in case.position.fees}


def fees_per_year_usd(case: Instance) -> dict[str, float]:
    """Return the fee of each member in US dollars a year, in the order of the case."""
    if case.membership is None:
        return {}
    fee = fee_if_member_usd(case)
    return {
        o.id: fee[o.id]
        for o, is_member in zip(case.participants, case.index.is_member, strict=True)
        if is_member
    }


def idle_fees(case: Instance) -> Iterator[Mistake]:
    """Find agreed fees that are those by need and price as at the start anyway."""
    if case.membership is None or not case.position.fees:
        return
    worth = value_of_need_usd(case)
    for x in case.position.fees:
        if x.usd_per_year == case.membership.fee_rate_per_year * worth[x.participant]:
            path = f"position.fees[{x.participant}].usd_per_year"
            expected = "another fee than that by need and price at the start; no effect"
            yield Mistake(path, x.usd_per_year, expected)
