"""Which limit of a rule sets what a tranche releases."""

from models.orders import Limit
from optimizer.advance.tranche_month import TrancheMonth

ROUNDING = 1e-9


def binding_limit(month: TrancheMonth) -> Limit:
    """Return the limit that sets the release.

    Of several, that the gap is covered comes first, then that all is released.
    """
    policy, alert = month.policy, month.alert
    seen = month.part.holding.observables
    floor = float(policy.floor[0, alert])
    limits: dict[Limit, float] = {
        "coverage": float(policy.coverage[0, alert]) * month.gap,
        "floor" if floor > 0 else "stock": month.at_start - floor,
        "draw_limit": float(policy.draw[0, alert]),
        "outload": float(policy.outload[0]) * float(seen.relative_length[0]),
    }
    least = min(limits.values())
    slack = ROUNDING * max(month.at_start, abs(least))
    return next(name for name, tonnes in limits.items() if tonnes <= least + slack)
