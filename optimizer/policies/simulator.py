"""The vectorised simulator: what policies do, period by period, from observables only.

Rule dynamics are simulated and never optimized; no solver is imported. The order within
a period is that of FORMULATION.md, section 1.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from optimizer.deadline import look
from optimizer.policies.on_order import OnOrder
from optimizer.policies.policy import Integers, Policies
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Observables:
    """What the operator of a holding sees.

    release_alert and alert are 0 .. 3 (w, t), the first after the store's notice time;
    gap is in tonnes (w, t); price_ratio is price over undisrupted price (w, t);
    open_share is the delivered part of a purchase by sourcing option (s, w, t).
    relative_length is that of each period over an average one (t); shelf_periods the
    shelf life in periods at the end of each (t), if any; repurchase_period the period
    in which the beneficiary takes what is left, if any. members_gap is that of members
    (w, t), if a pool serves others after them; on_order is what is on the way of the
    material, if anything is.
    """

    release_alert: NDArray[np.int8]
    alert: NDArray[np.int8]
    gap: Floats
    price_ratio: Floats
    open_share: Floats
    relative_length: Floats
    shelf_periods: Integers | None
    repurchase_period: int | None
    members_gap: Floats | None = None
    on_order: OnOrder | None = None


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Tonnes by policy, scenario and period (c, w, t); on_hand at the period's end.

    rotated is sold before it expires and bought anew in the same period. delivered is
    what arrives of purchases of before the start, and late what is due of these and has
    not arrived; what is on the way when a right ends is neither any more.
    """

    released: Floats
    acquired: Floats
    rotated: Floats
    on_hand: Floats
    repurchased: Floats
    delivered: Floats
    late: Floats

    def select(self, chosen: Integers | int) -> "Trajectories":
        """Return what some of the policies do, or what one does (w, t)."""
        return Trajectories(
            *(getattr(self, field.name)[chosen] for field in fields(self))
        )


def simulate(policies: Policies, seen: Observables) -> Trajectories:
    """Run every policy through every scenario."""
    shape = (policies.number_of_policies, *seen.gap.shape)
    released, acquired, rotated, on_hand, repurchased = (
        np.zeros(shape) for _ in range(5)
    )
    stock = np.repeat(policies.initial[:, None], shape[1], axis=1)
    delivered, late = _earlier_purchases(policies, seen)
    coming = np.repeat(policies.coming()[:, None], shape[1], axis=1)
    cohorts = _Cohorts(stock, seen.shelf_periods, policies.initial_expired)
    for t in range(shape[2]):
        look()
        released[:, :, t] = _release(policies, seen, stock, t)
        stock = stock - released[:, :, t]
        rotated[:, :, t] = _rotate(policies, seen, stock, t)
        stock = stock - cohorts.expire(t, stock, released[:, :, t] + rotated[:, :, t])
        if t == seen.repurchase_period:
            repurchased[:, :, t] = stock
            stock = np.zeros_like(stock)
        if seen.repurchase_period is None or t < seen.repurchase_period:
            acquired[:, :, t] = _acquire(policies, seen, stock + coming, t)
            stock = stock + acquired[:, :, t] + delivered[:, :, t]
            coming = np.maximum(coming - delivered[:, :, t], 0.0)
        cohorts.arrive(acquired[:, :, t] + rotated[:, :, t] + delivered[:, :, t])
        on_hand[:, :, t] = stock
    return Trajectories(
        released, acquired, rotated, on_hand, repurchased, delivered, late
    )


def _earlier_purchases(policies: Policies, seen: Observables) -> tuple[Floats, Floats]:
    """Return what arrives of purchases of before the start, and what is late (c, w, t).

    Up to the end of a right: what is late then is no part of it any more.
    """
    shape = (policies.number_of_policies, *seen.gap.shape)
    if policies.on_order is None or seen.on_order is None:
        return np.zeros(shape), np.zeros(shape)
    delivered = np.tensordot(policies.on_order, seen.on_order.arriving, axes=1)
    late = np.tensordot(policies.on_order, seen.on_order.late, axes=1)
    if seen.repurchase_period is not None:
        delivered[:, :, seen.repurchase_period :] = 0.0
        late[:, :, seen.repurchase_period :] = 0.0
    return delivered, late


def for_others(
    policies: Policies, seen: Observables, released: Floats
) -> Floats | None:
    """Return what is released beyond a policy's coverage of members' gap (c, w, t).

    None if none is for others than members.
    """
    if seen.members_gap is None:
        return None
    for_members = policies.coverage[:, seen.release_alert] * seen.members_gap
    return np.maximum(released - for_members, 0.0)


def _release(policies: Policies, seen: Observables, stock: Floats, t: int) -> Floats:
    """Return min(draw, coverage x gap, on hand - floor, outload), never below 0."""
    alert = seen.release_alert[:, t]
    wanted = np.minimum(
        policies.draw[:, alert], policies.coverage[:, alert] * seen.gap[:, t]
    )
    free = stock - policies.floor[:, alert]
    outload = policies.outload[:, None] * seen.relative_length[t]
    return np.maximum(np.minimum(np.minimum(wanted, free), outload), 0.0)


def _rotate(policies: Policies, seen: Observables, stock: Floats, t: int) -> Floats:
    """Return what is swapped for fresh, as far as routes are open to replace it."""
    if seen.repurchase_period is not None and t >= seen.repurchase_period:
        return np.zeros_like(stock)
    share = seen.open_share[policies.sourcing, :, t]
    return np.minimum(policies.rotation[:, None] * share, stock)


def _acquire(policies: Policies, seen: Observables, stock: Floats, t: int) -> Floats:
    """Return what is bought: the build-up, afterwards replenishment by the rule.

    stock is what is there and what is on the way.
    """
    alert = seen.alert[:, t]
    is_cheap = seen.price_ratio[:, t] <= policies.price_cap[:, alert]
    replenish = np.where(is_cheap, policies.replenish[:, alert], 0.0)
    is_building = (t >= policies.build_start) & (t < policies.build_end)
    is_after = t >= policies.build_end
    may_build = seen.price_ratio[:, t] <= policies.build_cap[:, None]
    pace = np.where(
        is_building[:, None],
        np.where(may_build, policies.build_up[:, None], 0.0),
        np.where(is_after[:, None], replenish, 0.0),
    )
    wanted = np.minimum(pace, np.maximum(policies.target[:, None] - stock, 0.0))
    return wanted * seen.open_share[policies.sourcing, :, t]


class _Cohorts:
    """First in, first out: stock expires shelf_periods after it has arrived.

    Departures take the oldest stock first. So what expires in a period is what had
    arrived shelf_periods before, less all departures since the start.
    """

    def __init__(
        self,
        stock: Floats,
        shelf_periods: Integers | None,
        initial_expired: Floats | None,
    ) -> None:
        self._shelf_periods = shelf_periods
        self._initial_expired = initial_expired
        self._arrived = [stock.copy()]
        self._departed = np.zeros_like(stock)

    def arrive(self, tonnes: Floats) -> None:
        if self._shelf_periods is not None:
            self._arrived.append(self._arrived[-1] + tonnes)

    def expire(self, t: int, stock: Floats, released: Floats) -> Floats | float:
        if self._shelf_periods is None:
            return 0.0
        self._departed = self._departed + released
        latest = t + 1 - int(self._shelf_periods[t])
        if latest >= 0:
            old = self._arrived[latest]
        elif self._initial_expired is None:
            return 0.0
        else:
            old = self._arrived[0] * self._initial_expired[:, t, None]
        early = np.maximum(old - self._departed, 0.0)
        expired = np.minimum(early, stock)
        self._departed = self._departed + expired
        return expired
