"""Purchases on the way after some periods: for whom, what has arrived, what is left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from models.instance import Instance
from models.on_order import free_purchases, left_of_purchase, lot_of, purchases_for
from models.opening_position import OpeningPurchase, StockLot
from models.tranche_in_force import TrancheInForce
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.in_force.left_free import left_of_piles
from optimizer.in_force.lots import DUST, held_by, is_held_by, with_own_names
from optimizer.policies.on_order import OnOrder, on_order_of
from optimizer.scenarios.scenario_set import ScenarioSet


@dataclass(frozen=True, slots=True)
class Coming:
    """What is on the way for a tranche or nobody.

    until is the period from which on it is for nobody, as a right has ended; None if it
    never is.
    """

    on_order: OnOrder
    purchases: tuple[OpeningPurchase, ...]
    until: int | None

    def arrived(
        self, instance: Instance, w: int, periods: Iterable[int]
    ) -> Iterator[StockLot]:
        """Yield what arrives in periods of a scenario, as lots."""
        for t, x in product(periods, self.purchases):
            i = self.on_order.position(instance, x)
            part = float(self.on_order.arriving[i, w, t])
            if part > DUST:
                route = instance.routes[instance.index.route[x.route]]
                day = instance.horizon.start_of(t + 1)
                lot = lot_of(x, route, day, x.tonnes * part)
                yield held_by(None, lot) if self._is_free(t + 1) else lot

    def left(
        self, instance: Instance, w: int, periods: int
    ) -> Iterator[OpeningPurchase]:
        """Yield what is still on the way after some periods of a scenario."""
        for x in self.purchases:
            i = self.on_order.position(instance, x)
            part = 1 - float(self.on_order.arriving[i, w, :periods].sum())
            if part > DUST:
                left = left_of_purchase(x, x.tonnes * part, periods)
                yield held_by(None, left) if self._is_free(periods) else left

    def _is_free(self, periods: int) -> bool:
        """Say whether it is for nobody after so many periods."""
        return self.until is not None and self.until < periods


def coming_for(instance: Instance, part: HoldingReplay, c: int) -> Iterator[Coming]:
    """Yield what is on the way for a tranche at the start, if anything is."""
    seen, offer = part.holding.observables.on_order, part.holding.offer
    if seen is not None:
        end = None if offer is None else offer.repurchase_period
        yield Coming(seen, _for_tranche(instance, part, c), end)


def coming_free(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
) -> Iterator[Coming]:
    """Yield what is on the way and no tranche takes."""
    for left in left_of_piles(instance, decisions, happened):
        seen, part = (
            on_order_of(instance, scenarios, left.material),
            left.part_of_purchases,
        )
        if seen is not None and part > 0:
            mine = (_part_of(x, part) for x in left.purchases)
            yield Coming(seen, tuple(mine), 0)


def free_arrivals(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    w: int,
    periods: int,
) -> Iterator[StockLot]:
    """Yield what arrives in some periods of scenario w and is for nobody, as lots."""
    for part in happened.held:
        for c, tranche in enumerate(part.tranches):
            for coming in coming_for(instance, part, c):
                for lot in coming.arrived(instance, w, range(periods)):
                    if not is_held_by(tranche, lot):
                        yield lot
    for coming in coming_free(instance, scenarios, decisions, happened):
        yield from coming.arrived(instance, w, range(periods))


def on_order_after(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    w: int,
    periods: int,
) -> tuple[OpeningPurchase, ...]:
    """Return all that is still on the way after some periods of scenario w."""
    found: list[OpeningPurchase] = []
    for part in happened.held:
        for c in range(len(part.tranches)):
            for coming in coming_for(instance, part, c):
                found += coming.left(instance, w, periods)
    for coming in coming_free(instance, scenarios, decisions, happened):
        found += coming.left(instance, w, periods)
    return tuple(with_own_names(found))


def _for_tranche(
    instance: Instance, part: HoldingReplay, c: int
) -> tuple[OpeningPurchase, ...]:
    tranche, holding = part.tranches[c], part.holding
    if isinstance(tranche, TrancheInForce):
        return tranche.on_the_way
    if holding.in_force is not None:
        return purchases_for(instance, holding.in_force.offer)
    share = _taken_part(part, c)
    return tuple(
        held_by(tranche, _part_of(x, share))
        for x in free_purchases(instance, holding.material)
        if share > 0
    )


def _taken_part(part: HoldingReplay, c: int) -> float:
    """Return the part of all free purchases that a tranche takes."""
    pile, taken = part.holding.on_order, part.policies.on_order
    if pile is None or taken is None:
        return 0.0
    return float(taken[c].sum() / pile.sum())


def _part_of(purchase: OpeningPurchase, part: float) -> OpeningPurchase:
    """Return a part of a purchase, for whom the purchase is."""
    return purchase.model_copy(update={"tonnes": purchase.tonnes * part})
