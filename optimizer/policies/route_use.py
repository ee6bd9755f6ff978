"""What candidates buy over each route, against what the route has for the vault.

Rows of routes of one material are often the same but for their scale, and so are those
of many periods: only rows that no other implies are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.material import Material
from optimizer.policies.candidates import Menu
from optimizer.policies.holding import Holding
from optimizer.policies.route_supply import vault_tonnes
from optimizer.scenarios.scenario_set import Floats

ROUNDING = 15  # digits: rows of two routes may differ by the last ones


@dataclass(frozen=True, slots=True)
class RouteUse:
    """Use of a route in a period t, or before the start if t is None.

    parts is by name of the holding and candidate (c): the part of what the route has
    that the whole candidate buys.
    """

    route: str
    t: int | None
    parts: dict[str, Floats]


def route_uses(
    instance: Instance, holdings: Sequence[Holding], menus: Sequence[Menu]
) -> list[RouteUse]:
    """Return the uses of routes that can bind, in the order of materials and routes."""
    return [
        use
        for material in instance.materials
        for use in _of_material(instance, material, holdings, menus)
    ]


def _of_material(
    instance: Instance,
    material: Material,
    holdings: Sequence[Holding],
    menus: Sequence[Menu],
) -> Iterator[RouteUse]:
    mine = [
        (holding, menu)
        for holding, menu in zip(holdings, menus, strict=True)
        if holding.material.id == material.id
        and holding.sale is None
        and menu.candidates
    ]
    most = {r: x for r, x in vault_tonnes(instance, material).items() if x < np.inf}
    if not mine or not most:
        return
    periods = instance.horizon.number_of_periods
    years = instance.horizon.average_period_years
    policies = [menu.policies for _, menu in mine]
    opening = np.concatenate([h.bought_before(x.policies) for h, x in mine])
    bought = np.concatenate([x.most_acquired_in(periods) for x in policies])
    names = [holding.name for holding, _ in mine]
    ends = np.cumsum([x.number_of_policies for x in policies])[:-1]
    seen: set[tuple[bool, bytes]] = set()
    for r, tonnes in most.items():
        weight = np.concatenate(
            [_weights(holding, r)[menu.policies.sourcing] for holding, menu in mine]
        )
        if tonnes == 0 or not weight.any():
            continue
        before, used = weight * opening / tonnes, (weight / tonnes)[:, None] * bought
        columns = [(None, before), *((t, used[:, t] / years) for t in _binding(used))]
        for t, column in columns:
            parts = np.round(column, ROUNDING)
            key = (t is None, parts.tobytes())
            if parts.any() and key not in seen:
                seen.add(key)
                split = dict(zip(names, np.split(parts, ends), strict=True))
                yield RouteUse(instance.routes[r].id, t, split)


def _weights(holding: Holding, r: int) -> Floats:
    """Return the share of a route in each sourcing option of a holding."""
    return np.array([purchase.routes.get(r, 0.0) for purchase in holding.purchases])


def _binding(used: Floats) -> list[int]:
    """Return the columns (c, t) above 0 that no other column is at least as high as."""
    columns: list[int] = []
    for t in _by_size(used):
        if used[:, t].any() and not any(
            np.all(used[:, other] >= used[:, t]) for other in columns
        ):
            columns.append(t)
    return sorted(columns)


def _by_size(used: Floats) -> list[int]:
    """Return the columns, those with the largest sum first."""
    order: NDArray[np.int64] = np.argsort(-used.sum(axis=0), kind="stable")
    return order.tolist()
