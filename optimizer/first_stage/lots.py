"""Shares rounded to whole lots, with repairs where a limit needs a lot more or less.

A right is rounded to a whole candidate. Rounding alone can break six rows: shares
may sum to more than 1, a minimum cover or the least level be missed, and the most
level, an origin cap or the free stock exceeded by part of a lot.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from models.allowed_levels import allowed_tonnes
from models.held_stock import PILES, Pile, free_tonnes, pile_tonnes
from optimizer.point import Point
from optimizer.policies.candidates import Menu
from optimizer.policies.holding import Holding
from optimizer.policies.route_use import route_uses
from optimizer.problem import FirstStageProblem

Floats = NDArray[np.float64]
Rounding = Callable[[Floats], Floats]
SLACK_LOTS = 1e-6
ROUNDING = 1e-9


def to_nearest(lots: Floats) -> Floats:
    """Round to the nearest whole number."""
    return np.round(lots)


def up_from(part: float) -> Rounding:
    """Return a rounding up from a part of a lot on, and down below it."""

    def rounding(lots: Floats) -> Floats:
        return np.floor(lots + 1 - part + SLACK_LOTS)

    return rounding


def downwards(lots: Floats) -> Floats:
    """Round down, except numbers that are whole up to the solver's tolerance."""
    return np.floor(lots + SLACK_LOTS)


def rounded_shares(
    problem: FirstStageProblem, point: Point, rounding: Rounding
) -> list[Floats]:
    """Return shares by holding with all tonnes in whole lots."""
    lots = [
        _rounded(holding, menu, share, rounding)
        for holding, menu, share in zip(
            problem.holdings, problem.menus, point.shares, strict=True
        )
    ]
    for m in range(len(problem.instance.materials)):
        for pile in PILES:
            _mend_held(problem, lots, m, pile)
        _mend_rise(problem, lots, m)
        _mend_cover(problem, lots, m)
        _mend_origins(problem, lots, m)
    _mend_routes(problem, lots)
    shares = [
        _shares(holding, menu, whole)
        for holding, menu, whole in zip(
            problem.holdings, problem.menus, lots, strict=True
        )
    ]
    for h, holding in enumerate(problem.holdings):
        if holding.sale is not None:
            shares[h] = _left_for_sale(problem, shares, h, point.shares[h])
    return shares


def _left_for_sale(
    problem: FirstStageProblem, shares: list[Floats], h: int, sold: Floats
) -> Floats:
    """Return the share of a sale, at most what tranches leave of free stock."""
    material = problem.holdings[h].material
    taken = sum(
        float(
            problem.menus[i].policies.target @ (shares[i] * _takes(problem, i, "stock"))
        )
        for i in _holdings_of(problem, problem.holdings[h].m)
    )
    left = max(free_tonnes(problem.instance, material) - taken, 0.0)
    return np.minimum(sold, left / problem.menus[h].policies.target)


def _rounded(holding: Holding, menu: Menu, share: Floats, rounding: Rounding) -> Floats:
    """Return whole lots of one holding, its shares summing to 1 at most."""
    lot = holding.material.lot_tonnes
    target = menu.policies.target
    if holding.sale is not None:
        return np.zeros_like(share)
    if holding.offer is not None:
        return whole_award(menu, share, rounding) * np.round(target / lot)
    lots = rounding(share * target / lot)
    excess = float((lots * lot / target).sum()) - 1
    if excess > SLACK_LOTS:
        largest = int((lots / target).argmax())
        fewer = np.ceil(excess * target[largest] / lot - SLACK_LOTS)
        lots[largest] = max(lots[largest] - fewer, 0.0)
    return lots


def whole_award(menu: Menu, share: Floats, rounding: Rounding) -> Floats:
    """Return 1 for the candidate of a right that is closest to all its tonnes.

    Only candidates with the sourcing of the largest share count; holding nothing may be
    closer still.
    """
    target, sourcing = menu.policies.target, menu.policies.sourcing
    award = np.zeros_like(share)
    if share.sum() == 0:
        return award
    tonnes = float(share @ target)
    same = np.flatnonzero(sourcing == sourcing[share.argmax()])
    distance = np.abs(target[same] - tonnes)
    if rounding is downwards:
        distance[target[same] > tonnes * (1 + SLACK_LOTS)] = np.inf
    if distance.min() < tonnes:
        award[same[distance.argmin()]] = 1.0
    return award


def _shares(holding: Holding, menu: Menu, lots: Floats) -> Floats:
    """Return shares; all lots of a candidate are a share of exactly 1."""
    shares = lots * holding.material.lot_tonnes / menu.policies.target
    return np.where(shares <= 1 + ROUNDING, np.minimum(shares, 1.0), shares)


def _mend_cover(problem: FirstStageProblem, lots: list[Floats], m: int) -> None:
    """Add the lots that the least level still needs to the pool's largest tranche.

    Where free stock or what is on the way has not so many left, tranches of it do not
    grow.
    """
    material = problem.instance.materials[m]
    least, held = problem.least_tonnes(material), _held_lots(problem, lots, m)
    missing = np.ceil(least / material.lot_tonnes - held - SLACK_LOTS)
    if missing <= 0 or lots[m].sum() == 0:
        return
    menu = problem.menus[m]
    grows = np.ones(len(lots[m]), dtype=np.bool_)
    for pile in PILES:
        if missing > _free_lots(problem, lots, m, pile):
            grows &= ~_takes(problem, m, pile)
    if not grows.any():
        return
    largest = int(np.where(grows, lots[m], -1.0).argmax())
    wanted = lots[m][largest] + missing
    lots[m][largest] = wanted
    if _shares(problem.holdings[m], menu, lots[m]).sum() > 1 + SLACK_LOTS:
        lots[m][largest] = 0.0
        lots[m][_next_level(menu, largest)] += wanted


def _mend_rise(problem: FirstStageProblem, lots: list[Floats], m: int) -> None:
    """Take lots from the largest tranche until no more is held than may be.

    Pools first: a right goes as a whole, and one in force does not.
    """
    material = problem.instance.materials[m]
    _, most = allowed_tonnes(problem.instance, material)
    if not np.isfinite(most):
        return
    mine = _holdings_of(problem, m)
    free = [h for h in mine if problem.holdings[h].in_force is None]
    given = _given(problem, lots, {h: np.ones_like(lots[h]) for h in mine})
    allowed = float(np.floor(most / material.lot_tonnes + SLACK_LOTS))
    excess = _held_lots(problem, lots, m) - max(allowed, given)
    while excess > 0 and any(lots[h].any() for h in free):
        _, most_lots, h, c = max(
            (h == m, float(lots[h][c]), h, int(c))
            for h in free
            for c in np.flatnonzero(lots[h])
        )
        taken = min(excess, most_lots) if h == m else most_lots
        lots[h][c] -= taken
        excess -= taken


def _held_lots(problem: FirstStageProblem, lots: list[Floats], m: int) -> float:
    return sum(float(lots[h].sum()) for h in _holdings_of(problem, m))


def _next_level(menu: Menu, c: int) -> int:
    """Return the candidate of the next level up under the same rule and sourcing."""
    chosen = menu.candidates[c]
    higher = [
        (other.target_tonnes, i)
        for i, other in enumerate(menu.candidates)
        if (other.rule, other.sourcing) == (chosen.rule, chosen.sourcing)
        and other.target_tonnes > chosen.target_tonnes
    ]
    return min(higher)[1] if higher else c


def _mend_held(
    problem: FirstStageProblem, lots: list[Floats], m: int, pile: Pile
) -> None:
    """Take lots from tranches of a pile, the largest first, until there is enough.

    Pools first: a right goes as a whole, and one in force takes none.
    """
    left = _free_lots(problem, lots, m, pile)
    while left < 0:
        _, most, h, c = max(
            (h == m, float(lots[h][c]), h, int(c))
            for h in _holdings_of(problem, m)
            for c in np.flatnonzero(_takes(problem, h, pile) & (lots[h] > 0))
        )
        taken = 1.0 if h == m else most
        lots[h][c] -= taken
        left += taken


def _free_lots(
    problem: FirstStageProblem, lots: list[Floats], m: int, pile: Pile
) -> float:
    """Return how many lots of a pile are left; below 0 if too many are taken."""
    material = problem.instance.materials[m]
    there = pile_tonnes(problem.instance, material, pile) / material.lot_tonnes
    taken = sum(
        float(lots[h][_takes(problem, h, pile)].sum()) for h in _holdings_of(problem, m)
    )
    return float(np.floor(there + SLACK_LOTS)) - taken


def _takes(problem: FirstStageProblem, h: int, pile: Pile) -> NDArray[np.bool_]:
    """Return which candidates of a holding take of a pile."""
    return problem.holdings[h].taken(problem.menus[h].policies, pile) > 0


def _holdings_of(problem: FirstStageProblem, m: int) -> list[int]:
    """Return the pool and the rights of a material."""
    return [
        h
        for h, holding in enumerate(problem.holdings)
        if holding.m == m and holding.sale is None
    ]


def _mend_origins(problem: FirstStageProblem, lots: list[Floats], m: int) -> None:
    """Take lots from tranches that buy most from a country until its cap holds.

    Pools first: a right goes as a whole, and one in force does not.
    """
    material = problem.instance.materials[m]
    mine = _holdings_of(problem, m)
    countries = {
        c for h in mine for x in problem.holdings[h].purchases for c in x.origins
    }
    for country in sorted(countries) if problem.origin_cap(m) < 1 else ():
        excess = {h: _excess_a_lot(problem, h, country) for h in mine}
        total = sum(float(excess[h] @ lots[h]) for h in mine)
        most = max(_given(problem, lots, excess), 0.0)
        while total > most + SLACK_LOTS * material.lot_tonnes:
            held = [
                (h == m, float(excess[h][c]), h, int(c))
                for h in mine
                if problem.holdings[h].in_force is None
                for c in np.flatnonzero(lots[h] * (excess[h] > 0))
            ]
            if not held:
                break
            _, a_lot, h, c = max(held)
            taken = 1.0 if h == m else float(lots[h][c])
            lots[h][c] -= taken
            total -= taken * a_lot


def _mend_routes(problem: FirstStageProblem, lots: list[Floats]) -> None:
    """Take lots from the tranches that buy most over a route, until it can carry them.

    Pools first: a right goes as a whole, and one in force does not.
    """
    position = {holding.name: h for h, holding in enumerate(problem.holdings)}
    for use in route_uses(problem.instance, problem.holdings, problem.menus):
        a_lot = {
            position[name]: part * _share_of_lot(problem, position[name])
            for name, part in use.parts.items()
        }
        used = sum(float(part @ lots[h]) for h, part in a_lot.items())
        allowed = max(_given(problem, lots, a_lot), 1.0)
        while used > allowed + SLACK_LOTS:
            buying = _pools_first(problem, a_lot, lots)
            if not buying:
                break
            most, h, c = max(
                (float(part[c]), h, int(c))
                for h, part in buying
                for c in np.flatnonzero(lots[h] * part)
            )
            taken = 1.0 if problem.holdings[h].offer is None else float(lots[h][c])
            lots[h][c] -= taken
            used -= taken * most


def _given(
    problem: FirstStageProblem, lots: list[Floats], a_lot: Mapping[int, Floats]
) -> float:
    """Return what rights in force take of a limit; a_lot is by holding and candidate.

    Where it is more than the limit, that much is allowed.
    """
    return sum(
        float(part @ lots[h])
        for h, part in a_lot.items()
        if problem.holdings[h].in_force is not None
    )


def _pools_first(
    problem: FirstStageProblem, a_lot: dict[int, Floats], lots: list[Floats]
) -> list[tuple[int, Floats]]:
    """Return the pool if it buys over the route, else the rights not in force."""
    buying = [
        (h, part)
        for h, part in a_lot.items()
        if problem.holdings[h].in_force is None and (part * lots[h]).any()
    ]
    pools = [(h, part) for h, part in buying if problem.holdings[h].offer is None]
    return pools or buying


def _share_of_lot(problem: FirstStageProblem, h: int) -> Floats:
    """Return by candidate the share that a lot is."""
    lot = problem.holdings[h].material.lot_tonnes
    return lot / problem.menus[h].policies.target


def _excess_a_lot(problem: FirstStageProblem, h: int, country: str) -> Floats:
    """Return by candidate the tonnes a lot adds beyond the cap of a country."""
    holding, policies = problem.holdings[h], problem.menus[h].policies
    share = np.array([x.origins.get(country, 0.0) for x in holding.purchases])
    periods = problem.instance.horizon.number_of_periods
    bought = holding.bought(policies, periods)
    beyond = share[policies.sourcing] - problem.origin_cap(holding.m)
    return bought / policies.target * holding.material.lot_tonnes * beyond
