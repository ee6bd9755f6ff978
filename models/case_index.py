"""Positions, needs and tonnes per unit of a case, computed once.

Materials m, participants o, routes r and final products p are numbered as in the case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.bill_of_materials import explode
from models.entitlement import EntitlementOffer
from models.horizon import DAYS_PER_YEAR
from models.material import StorageClass
from models.rights_in_force import terms_in_force
from models.route_operation import (
    RouteOperation,
    operation_of,
    runs_under_contract,
)
from models.sections import Sections
from models.supply import Route


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CaseIndex:
    """What is looked up in a case again and again.

    material, participant and route are positions by identifier; owner is the position
    of the participant of each final product (p), weight the priority weight by
    participant (o); is_member says who draws from the pools first (o). storage is by
    material, offer (with the terms of a right in force) and participant_name by
    identifier. tonnes_per_unit is by product
    and material. Needs are those at the start in tonnes a day, by material, or by
    material and participant; the served one is that of those whom pools serve.
    operation says by route (r) when it runs, contract_runs by contract how far its
    route runs for it in each period (t).
    """

    material: Mapping[str, int]
    participant: Mapping[str, int]
    route: Mapping[str, int]
    owner: tuple[int, ...]
    weight: tuple[float, ...]
    is_member: tuple[bool, ...]
    participant_name: Mapping[str, str]
    storage: Mapping[str, StorageClass]
    offer: Mapping[str, EntitlementOffer]
    tonnes_per_unit: Mapping[str, Mapping[str, float]]
    need_by_participant_tonnes_per_day: Mapping[str, Mapping[str, float]]
    need_tonnes_per_day: Mapping[str, float]
    served_need_tonnes_per_day: Mapping[str, float]
    operation: tuple[RouteOperation, ...]
    contract_runs: Mapping[str, tuple[float, ...]]

    def stated_share(self, route: Route) -> float:
        """Return what a route delivers while it runs, as a share of the first need."""
        if route.share is not None:
            return route.share
        need = self.need_tonnes_per_day[route.material] * DAYS_PER_YEAR
        return (route.tonnes_per_year or 0.0) / need

    def normal_share(self, route: Route) -> float:
        """Return what a route normally delivers, as a share of the need at the start.

        It is a mean over the horizon: nothing comes while the route is closed.
        """
        runs = self.operation[self.route[route.id]].in_market
        return self.stated_share(route) * (sum(runs) / len(runs))

    def days_of_cover(self, material: str, tonnes: float) -> float:
        """Return tonnes in days of the served need, 0 where there is none."""
        need = self.served_need_tonnes_per_day[material]
        return tonnes / need if need else 0.0


def index_of(case: Sections) -> CaseIndex:
    """Return the index of a consistent case."""
    participant = _positions(case.participants)
    weight = {k.id: k.weight for k in case.priority_classes}
    storage = {s.id: s for s in case.storage_classes}
    final = [p for p in case.products if p.participant is not None]
    tonnes = explode(case.products)
    need = _need_by_participant(case, tonnes)
    materials = {m.id: m for m in case.materials}
    routes = {r.id: r for r in case.routes}
    everyone = {o.id for o in case.participants}
    members = served = everyone
    if case.membership is not None:
        members = everyone & {*case.membership.members}
        served = everyone if case.membership.serves_others else members
    return CaseIndex(
        material=_positions(case.materials),
        participant=participant,
        route=_positions(case.routes),
        owner=tuple(participant[p.participant or ""] for p in final),
        weight=tuple(weight[o.priority_class] for o in case.participants),
        is_member=tuple(o.id in members for o in case.participants),
        participant_name={o.id: o.name for o in case.participants},
        storage={m.id: storage[m.storage_class] for m in case.materials},
        offer={x.id: terms_in_force(case, x) for x in case.entitlement_offers},
        tonnes_per_unit=tonnes,
        need_by_participant_tonnes_per_day=need,
        need_tonnes_per_day={m: sum(of.values()) for m, of in need.items()},
        operation=tuple(
            operation_of(case, r, materials[r.material]) for r in case.routes
        ),
        contract_runs={
            k.id: runs_under_contract(case, k, routes[k.route], materials[k.material])
            for k in case.contracts
        },
        served_need_tonnes_per_day={
            m: sum(tonnes for o, tonnes in of.items() if o in served)
            for m, of in need.items()
        },
    )


def _positions(parts: Sequence[_Identified]) -> dict[str, int]:
    return {part.id: i for i, part in enumerate(parts)}


def _need_by_participant(
    case: Sections, tonnes: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    need: dict[str, dict[str, float]] = {m.id: {} for m in case.materials}
    for product in case.products:
        if product.participant is None:
            continue
        units_per_day = product.units_per_year(0) / DAYS_PER_YEAR
        for m, quantity in tonnes[product.id].items():
            o = product.participant
            need[m][o] = need[m].get(o, 0.0) + quantity * units_per_day
    return need
