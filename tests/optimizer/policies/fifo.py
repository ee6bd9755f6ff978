"""The rule of one policy in one scenario, lot by lot: slow, scalar, for comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """The numbers of one policy; lists are by alert level."""

    target: float
    draw: list[float]
    coverage: list[float]
    floor: list[float]
    replenish: list[float]
    price_cap: list[float]
    outload: float
    build_up: float
    rotation: float
    build_start: int
    build_end: int
    build_cap: float
    initial: float
    sourcing: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class World:
    """What one scenario shows, by period; open_share by sourcing option and period."""

    release_alert: list[int]
    alert: list[int]
    gap: list[float]
    price_ratio: list[float]
    open_share: list[list[float]]
    shelf_periods: int | None
    repurchase_period: int | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Tonnes by period."""

    released: list[float] = field(default_factory=list[float])
    acquired: list[float] = field(default_factory=list[float])
    rotated: list[float] = field(default_factory=list[float])
    expired: list[float] = field(default_factory=list[float])
    repurchased: list[float] = field(default_factory=list[float])
    on_hand: list[float] = field(default_factory=list[float])


class Store:
    """Lots as [periods since arrival, tonnes], oldest first."""

    def __init__(self, tonnes: float, ages: Mapping[float, float]) -> None:
        self.lots = [[age, tonnes * ages[age]] for age in sorted(ages, reverse=True)]

    @property
    def on_hand(self) -> float:
        """Tonnes of all lots."""
        return sum(tonnes for _, tonnes in self.lots)

    def take(self, tonnes: float) -> float:
        """Take tonnes from the oldest lots and return them."""
        left = tonnes
        for lot in self.lots:
            part = min(lot[1], left)
            lot[1] -= part
            left -= part
        return tonnes

    def grow_old(self, shelf_periods: int | None) -> float:
        """Let a period pass and return what is too old."""
        for lot in self.lots:
            lot[0] += 1
        if shelf_periods is None:
            return 0.0
        expired = sum(tonnes for age, tonnes in self.lots if age >= shelf_periods)
        self.lots = [lot for lot in self.lots if lot[0] < shelf_periods]
        return expired

    def add(self, tonnes: float) -> None:
        """Put a new lot behind the others."""
        self.lots.append([0.0, tonnes])


NEW: Mapping[float, float] = {0.0: 1.0}


def follow(rule: Rule, world: World, ages: Mapping[float, float] = NEW) -> Ledger:
    """Follow the rule, period by period.

    Of what is in place the parts in sum 1 are so many periods old at the start.
    """
    store = Store(rule.initial, ages)
    ledger = Ledger()
    for t in range(len(world.gap)):
        ledger.released.append(store.take(_release(rule, world, store.on_hand, t)))
        is_over = world.repurchase_period is not None and t >= world.repurchase_period
        swapped = 0.0 if is_over else _rotate(rule, world, store.on_hand, t)
        ledger.rotated.append(store.take(swapped))
        ledger.expired.append(store.grow_old(world.shelf_periods))
        is_taken_over = t == world.repurchase_period
        ledger.repurchased.append(store.take(store.on_hand) if is_taken_over else 0.0)
        fresh = store.on_hand + swapped
        acquired = 0.0 if is_over else _acquire(rule, world, fresh, t)
        store.add(acquired + swapped)
        ledger.acquired.append(acquired)
        ledger.on_hand.append(store.on_hand)
    return ledger


def _release(rule: Rule, world: World, on_hand: float, t: int) -> float:
    alert = world.release_alert[t]
    most = min(
        rule.draw[alert],
        rule.coverage[alert] * world.gap[t],
        on_hand - rule.floor[alert],
        rule.outload,
    )
    return max(most, 0.0)


def _rotate(rule: Rule, world: World, on_hand: float, t: int) -> float:
    return min(rule.rotation * world.open_share[rule.sourcing][t], on_hand)


def _acquire(rule: Rule, world: World, on_hand: float, t: int) -> float:
    alert = world.alert[t]
    if t < rule.build_start:
        return 0.0
    if t < rule.build_end:
        pace = rule.build_up if world.price_ratio[t] <= rule.build_cap else 0.0
    elif world.price_ratio[t] > rule.price_cap[alert]:
        return 0.0
    else:
        pace = rule.replenish[alert]
    room = max(rule.target - on_hand, 0.0)
    return min(pace, room) * world.open_share[rule.sourcing][t]
