"""Why each right is awarded as it is, and what the next larger award would change."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.entitlement import EntitlementOffer
from optimizer.explanation.viewpoint import Viewpoint
from optimizer.point import TrialPoint

ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class LargerAward:
    """The next larger award of a right: what it avoids, and the plan with it."""

    lots: int
    avoided_usd: float
    trial: TrialPoint


@dataclass(frozen=True, slots=True)
class AwardedRight:
    """A right of a plan, if it is awarded: 0 lots if not.

    avoided_usd is the rise of the objective without it; larger is None if the menu has
    nothing larger, as of a right in force, which was awarded before the start.
    """

    offer: EntitlementOffer
    is_in_force: bool
    lots: int
    avoided_usd: float
    larger: LargerAward | None


def awarded_rights(view: Viewpoint) -> Iterator[AwardedRight]:
    """Yield each offer of the case with its award, in the order of the case."""
    for h, holding in enumerate(view.problem.holdings):
        if holding.offer is None:
            continue
        share = view.trial.shares[h]
        targets = np.array([x.target_tonnes for x in view.problem.menus[h].candidates])
        held = np.flatnonzero(share > ROUNDING)
        taken = {int(c): -float(share[c]) for c in held}
        tonnes = float(targets[held] @ share[held])
        yield AwardedRight(
            offer=holding.offer,
            is_in_force=holding.in_force is not None,
            lots=round(tonnes / holding.material.lot_tonnes),
            avoided_usd=view.worth(view.with_share(h, taken)) if taken else 0.0,
            larger=_larger(view, h, taken, tonnes),
        )


def _larger(
    view: Viewpoint, h: int, taken: dict[int, float], tonnes: float
) -> LargerAward | None:
    """Return the smallest larger award, by the sourcing that should avoid most."""
    candidates = view.problem.menus[h].candidates
    targets = np.array([x.target_tonnes for x in candidates])
    larger = np.flatnonzero(targets > tonnes * (1 + ROUNDING) + ROUNDING)
    if len(larger) == 0:
        return None
    size = targets[larger].min()
    of_size = larger[targets[larger] <= size * (1 + ROUNDING)]
    c = int(of_size[view.slopes[h][of_size].argmin()])
    trial = view.with_share(h, {**taken, c: 1.0 - float(view.trial.shares[h][c])})
    lot = view.problem.holdings[h].material.lot_tonnes
    return LargerAward(round(size / lot), -view.worth(trial), trial)
