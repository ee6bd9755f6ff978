"""Where options buy in other proportions after a case has moved on, in sentences.

They follow need at the start and the routes that still open, so a plan in force buys
otherwise than it did.
"""

from collections.abc import Iterator, Mapping

from models.instance import Instance
from optimizer.policies.sourcing import orders

# Of all that an option buys: less is not told.
SMALLEST_CHANGE = 1e-6


def changed_orders(before: Instance, after: Instance) -> Iterator[str]:
    """Yield a sentence on each option that buys what is held in other proportions."""
    held = {lot.material for lot in after.position.stock}
    for material in before.materials:
        if material.id not in held:
            continue
        now = _parts(after, material.id)
        for option, parts in _parts(before, material.id).items():
            if parts and _differ(parts, now[option]):
                yield (
                    f"From {after.horizon.start} on sourcing option {option} buys "
                    f"{material.id} {_over(now[option])}, not {_over(parts)}."
                )


def _parts(case: Instance, material: str) -> dict[str, Mapping[str, float]]:
    """Return by sourcing option the part of planned buying by route."""
    found = orders(case, case.materials[case.index.material[material]])
    return {
        order.option.id: {case.routes[r].id: part for r, part in order.routes.items()}
        for order in found
    }


def _differ(parts: Mapping[str, float], others: Mapping[str, float]) -> bool:
    return any(
        abs(parts.get(route, 0.0) - others.get(route, 0.0)) > SMALLEST_CHANGE
        for route in {*parts, *others}
    )


def _over(parts: Mapping[str, float]) -> str:
    """Return over which routes something is bought."""
    if not parts:
        return "over no route"
    return "over " + ", ".join(f"{route} ({x:.3g})" for route, x in parts.items())
