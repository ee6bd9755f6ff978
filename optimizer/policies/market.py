"""What the operator observes, alert levels and gaps, which do not depend on the vault.

FORMULATION.md, section 1: both follow from the scenario alone, so a rule that reads
them cannot look ahead.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.alerts_before import ROUNDING_DAYS, alerts_before
from models.instance import Instance
from models.opening_buffers import buffer_days, full_buffer_days
from models.supply import Route
from optimizer.deadline import look
from optimizer.scenarios.scenario_set import Booleans, Floats, ScenarioSet

TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Market:
    """Observables of every scenario.

    pairs lists (participant, material) with a need, as positions in the instance;
    is_member says which of them are of a member; need and gap are in tonnes a period,
    buffer is what working buffers have at its end, by pair (pair, w, t); total_need,
    market_gap, members_gap, served_gap, that of those whom pools serve, and delivered,
    what participants take over their routes, are sums of a material (m, w, t); alert is
    0 .. 3 (m, w, t).
    """

    pairs: tuple[tuple[int, int], ...]
    is_member: Booleans
    need: Floats
    gap: Floats
    buffer: Floats
    total_need: Floats
    market_gap: Floats
    members_gap: Floats
    served_gap: Floats
    delivered: Floats
    alert: NDArray[np.int8]


def observe(instance: Instance, scenarios: ScenarioSet) -> Market:
    """Return what the market shows in each scenario and period."""
    pairs, need = _needs(instance, scenarios)
    number = len(instance.materials)
    total = _by_material(number, pairs, need)
    supply = normal_supply(instance, scenarios, total)
    gap, taken, buffer = _gaps_after_buffers(instance, pairs, need, supply)
    is_member = np.array([instance.index.is_member[o] for o, _ in pairs])
    market_gap = _by_material(number, pairs, gap)
    members_gap = _by_material(number, pairs, gap * is_member[:, None, None])
    return Market(
        pairs=pairs,
        is_member=is_member,
        need=need,
        gap=gap,
        buffer=buffer,
        total_need=total,
        market_gap=market_gap,
        members_gap=members_gap,
        served_gap=market_gap if serves_others(instance) else members_gap,
        delivered=_by_material(number, pairs, taken),
        alert=_alerts(instance, scenarios, supply),
    )


def serves_others(instance: Instance) -> bool:
    """Return whether pools serve others than members."""
    membership = instance.membership
    return membership is not None and membership.serves_others


def _by_material(
    number: int, pairs: tuple[tuple[int, int], ...], by_pair: Floats
) -> Floats:
    """Return the sums (m, w, t) over the pairs of each of `number` materials."""
    total = np.zeros((number, *by_pair.shape[1:]))
    np.add.at(total, np.array([m for _, m in pairs]), by_pair)
    return total


def _needs(
    instance: Instance, scenarios: ScenarioSet
) -> tuple[tuple[tuple[int, int], ...], Floats]:
    """Return the pairs that need something, and their need (pair, w, t) in tonnes."""
    index = instance.index
    needs: dict[tuple[int, int], Floats] = {}
    for p, product in enumerate(instance.final_products()):
        look()
        for m, quantity in index.tonnes_per_unit[product.id].items():
            pair = (index.owner[p], index.material[m])
            needs[pair] = needs.get(pair, 0.0) + quantity * scenarios.demand[p]
    pairs = tuple(sorted(needs))
    return pairs, np.stack([needs[pair] for pair in pairs])


def normal_supply(instance: Instance, scenarios: ScenarioSet, need: Floats) -> Floats:
    """Return what open routes can deliver as a share of the need (m, w, t)."""
    supply = np.zeros_like(need)
    for r, route in enumerate(instance.routes):
        look()
        m = instance.index.material[route.material]
        flow = route.capacity_factor * open_in_market(instance, scenarios, r)
        supply[m] += share_of_need(instance, route, flow, need[m])
    return supply


def share_of_need(
    instance: Instance, route: Route, flow: Floats, need: Floats
) -> Floats:
    """Return a flow of a route, a part of its stated one, as a share of the need."""
    if route.share is not None:
        return route.share * flow
    years = np.array(instance.horizon.period_lengths_years)
    tonnes = (route.tonnes_per_year or 0.0) * years
    return tonnes * flow / np.maximum(need, TOLERANCE)


def open_in_market(instance: Instance, scenarios: ScenarioSet, r: int) -> Floats:
    """Return how far a route is open for participants (w, t).

    It is closed while it earns too little, even if a contract or the vault pays it.
    """
    return scenarios.availability[r] * np.array(instance.index.operation[r].in_market)


def _gaps_after_buffers(
    instance: Instance,
    pairs: tuple[tuple[int, int], ...],
    need: Floats,
    supply: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Return what is missing after participants used their own buffers, and delivered.

    And what these have then. All are by pair (pair, w, t). What is delivered covers
    need and fills buffers.
    """
    named = [(instance.participants[o].id, instance.materials[m].id) for o, m in pairs]
    days = np.array([full_buffer_days(instance, o, m) for o, m in named])
    there = np.array([buffer_days(instance, o, m) for o, m in named])
    members = [m for _, m in pairs]
    first = instance.horizon.period_lengths_days[0]
    full = (days / first)[:, None] * need[:, :, 0]
    buffer = (there / first)[:, None] * need[:, :, 0]
    gap, delivered, left = (np.zeros_like(need) for _ in range(3))
    for t in range(need.shape[2]):
        look()
        balance = (supply[members, :, t] - 1) * need[:, :, t]
        balance[np.abs(balance) < TOLERANCE * need[:, :, t]] = 0.0
        missing = np.maximum(-balance, 0)
        used = np.minimum(buffer, missing)
        gap[:, :, t] = missing - used
        refilled = np.minimum(full - buffer + used, np.maximum(balance, 0))
        delivered[:, :, t] = need[:, :, t] - missing + refilled
        buffer = buffer - used + refilled
        left[:, :, t] = buffer
    return gap, delivered, left


def _alerts(
    instance: Instance, scenarios: ScenarioSet, supply: Floats
) -> NDArray[np.int8]:
    """Return the alert level (m, w, t): thresholds reached, 1 at least after notice."""
    loss = np.maximum(0.0, 1 - supply)
    thresholds = np.array([m.alert_thresholds for m in instance.materials])
    reached = loss[:, None] >= thresholds[:, :, None, None] - TOLERANCE
    alert = reached.sum(axis=1).astype(np.int8)
    return np.maximum(alert, scenarios.announced.astype(np.int8))


def alert_with_notice(
    instance: Instance, material: int, alert: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return the alert (w, t) that already lasted as long as the store's notice time.

    A store that is closed for n whole periods of its notice releases by the lowest
    alert of the current and the n periods before; at 0 it is shut (see
    `gap_after_notice`). Alerts before the start count as the position has them.
    """
    before = _alerts_before(instance, material)
    seen = np.concatenate([np.tile(before, (len(alert), 1)), alert], axis=1)
    return _opened_by(instance, material, seen)[:, len(before) :]


def gap_after_notice(
    instance: Instance, material: int, gap: Floats, release_alert: NDArray[np.int8]
) -> Floats:
    """Return the part of the gap (w, t) that falls while the store is open.

    A store that needs whole periods of notice is shut until an alert has lasted so
    long. Of the first period in which it opens, the days of notice that fill no whole
    period are lost.
    """
    seen = _alerts_before(instance, material)
    notice = _notice(instance, material, len(seen))[len(seen) :]
    needs_earlier_alert = [x.first < t for t, x in enumerate(notice, len(seen))]
    gap = np.where(np.array(needs_earlier_alert) & (release_alert == 0), 0.0, gap)
    lost = np.array([x.lost for x in notice])
    before = np.zeros_like(release_alert)
    before[:, 1:] = release_alert[:, :-1]
    if len(seen):
        before[:, 0] = _opened_by(instance, material, seen[None])[0, -1]
    is_opening = (release_alert > 0) & (before == 0)
    return np.where(is_opening, (1 - lost) * gap, gap)


def _alerts_before(instance: Instance, material: int) -> NDArray[np.int8]:
    """Return the alerts of the last periods before the start, the latest last."""
    levels = alerts_before(instance, instance.materials[material].id)
    return np.array(levels, dtype=np.int8)


def _opened_by(
    instance: Instance, material: int, alert: NDArray[np.int8]
) -> NDArray[np.int8]:
    """Return by what alert a store releases, given those before the start as well.

    Both are by scenario and period (w, t), from the first alert that is known.
    """
    before = len(_alerts_before(instance, material))
    effective = np.zeros_like(alert)
    notice = _notice(instance, material, before)[: alert.shape[1]]
    for t, opening in enumerate(notice):
        if opening.first >= 0:
            effective[:, t] = alert[:, opening.first : t + 1].min(axis=1)
    return effective


@dataclass(frozen=True, slots=True)
class _Opening:
    """When a store opens, of one period.

    first is the latest period whose alert opens the store in this one or before, -1 if
    none does; lost is the part of this one before it opens after an alert that began
    in first.
    """

    first: int
    lost: float


def _notice(instance: Instance, material: int, before: int) -> list[_Opening]:
    """Return when a store opens by period, so many of them before the start."""
    storage = instance.index.storage[instance.materials[material].id]
    horizon = instance.horizon
    periods = range(-before, horizon.number_of_periods)
    offsets = [horizon.days_between(0, t) for t in (*periods, periods.stop)]
    found: list[_Opening] = []
    for t in range(len(periods)):
        latest = offsets[t + 1] - storage.notice_days - ROUNDING_DAYS
        s = min(bisect_left(offsets, latest) - 1, t)
        waiting = storage.notice_days - (offsets[t] - offsets[max(s, 0)])
        length = horizon.days_between(periods[t], periods[t] + 1)
        found.append(_Opening(s, max(waiting, 0.0) / length))
    return found
