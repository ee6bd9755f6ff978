"""Rights that a plan awarded, some periods later: what is drawn and owed of them."""

from collections.abc import Iterator

from models.instance import Instance
from models.opening_position import RightInForce
from models.plan import Tranche
from models.rights_in_force import right_in_force
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.in_force.lots import DUST
from optimizer.policies.simulator import Trajectories, simulate


def rights_after(
    instance: Instance, happened: PlanReplay, w: int, periods: int
) -> Iterator[RightInForce]:
    """Yield the rights that have not ended after some periods of scenario w.

    Those of the position first if no tranche of the plan serves them.
    """
    served = {x.offer for part in happened.held for x in part.tranches}
    for right in instance.position.rights:
        if right.offer not in served and not _has_ended(instance, right.offer, periods):
            yield right
    for part in happened.held:
        offer = part.holding.offer
        if offer is None or _has_ended(instance, offer.id, periods):
            continue
        done = simulate(part.policies, part.holding.observables)
        for c, tranche in enumerate(part.tranches):
            yield _right(instance, part, tranche, done, (c, w, periods))


def _has_ended(instance: Instance, offer: str, periods: int) -> bool:
    end = instance.index.offer[offer].repurchase_period
    return end is not None and end < periods


def _right(
    instance: Instance,
    part: HoldingReplay,
    tranche: Tranche,
    done: Trajectories,
    at: tuple[int, int, int],
) -> RightInForce:
    """Return the right of a tranche; what is bought back pays off what was drawn."""
    (c, w, periods), offer = at, tranche.offer or ""
    before = right_in_force(instance, offer)
    owed = 0.0 if before is None else before.drawn_tonnes
    for t in range(periods):
        is_refill = t >= part.policies.build_end[c]
        bought = float(done.acquired[c, w, t]) if is_refill else 0.0
        owed = max(owed + float(done.released[c, w, t]) - bought, 0.0)
    if owed < DUST * tranche.tonnes:
        owed = 0.0
    there = float(done.on_hand[c, w, periods - 1])
    coming = part.policies.coming()[c] - done.delivered[c, w, :periods].sum()
    paid = None if before is None else before.fees_paid_until
    later = instance.horizon.start_of(periods)
    return RightInForce(
        offer=offer,
        lots=tranche.lots,
        drawn_tonnes=min(owed, max(tranche.tonnes - there - float(coming), 0.0)),
        sourcing=tranche.sourcing,
        build_up_periods=max(int(part.policies.build_end[c]) - periods, 0),
        fees_paid_until=paid if paid is not None and paid > later else None,
    )
