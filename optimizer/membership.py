"""Members, and their fees: money that comes in whatever is held."""

import numpy as np

from models.instance import Instance
from models.member_fees import fees_per_year_usd
from models.membership import Membership
from models.on_order import due_usd
from optimizer.debt_in_force import (
    instalments_of_before,
    interest_of_before,
    opening_cash,
)
from optimizer.scenarios.scenario_set import Floats


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


def membership_fees(instance: Instance) -> Floats:
    """Return the fees of all members by period (t), US dollars."""
    years = np.array(instance.horizon.period_lengths_years)
    return years * sum(fees_per_year_usd(instance).values())


def cash_before_plan(instance: Instance) -> Floats:
    """Return what is there up to each period (t) whatever a plan holds, draws or signs.

    Opening cash and the fees of members, less what is paid for debt of before and for
    purchases on the way.
    """
    paid = instalments_of_before(instance) + interest_of_before(instance)
    due = paid.sum(axis=0) + np.array(due_usd(instance))
    earned = membership_fees(instance) - due
    return opening_cash(instance) + np.cumsum(earned)
