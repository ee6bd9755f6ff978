"""Members, and their fees: money that comes in whatever is held."""

import numpy as np

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.membership import Membership
from optimizer.debt_in_force import (
    instalments_of_before,
    interest_of_before,
    opening_cash,
)
from optimizer.scenarios.scenario_set import Floats


def value_of_need_usd(instance: Instance) -> dict[str, float]:
    """Return what each participant's need of a year is worth, US dollars.

    Need and prices are those at the start, without any disruption.
    """
    need = instance.index.need_by_participant_tonnes_per_day
    worth = dict.fromkeys(instance.index.participant, 0.0)
    for m in instance.materials:
        path = m.price_path_usd_per_tonne
        price = m.price_usd_per_tonne if path is None else path[0]
        for o, tonnes_per_day in need[m.id].items():
            worth[o] += tonnes_per_day * DAYS_PER_YEAR * price
    return worth


def members_of(instance: Instance) -> tuple[str, ...]:
    """Return the participants that pools serve first; all if the case has no list."""
    participants = tuple(x.id for x in instance.participants)
    return participants if instance.membership is None else instance.membership.members


def with_members(instance: Instance, members: tuple[str, ...]) -> Instance:
    """Return the case with other members, on the same terms."""
    if instance.membership is None:
        membership = Membership(members=members)
    else:
        membership = instance.membership.model_copy(update={"members": members})
    return instance.model_copy(update={"membership": membership})


def fees_per_year_usd(instance: Instance) -> dict[str, float]:
    """Return the fee of each member in US dollars a year, in the order of the case."""
    if instance.membership is None:
        return {}
    rate, worth = instance.membership.fee_rate_per_year, value_of_need_usd(instance)
    return {
        o.id: rate * worth[o.id]
        for o, is_member in zip(
            instance.participants, instance.index.is_member, strict=True
        )
        if is_member
    }


def membership_fees(instance: Instance) -> Floats:
    """Return the fees of all members by period (t), US dollars."""
    years = np.array(instance.horizon.period_lengths_years)
    return years * sum(fees_per_year_usd(instance).values())


def cash_before_plan(instance: Instance) -> Floats:
    """Return what is there up to each period (t) whatever a plan holds, draws or signs.

    Opening cash and the fees of members, less what is paid for debt of before.
    """
    paid = instalments_of_before(instance) + interest_of_before(instance)
    earned = membership_fees(instance) - paid.sum(axis=0)
    return opening_cash(instance) + np.cumsum(earned)
