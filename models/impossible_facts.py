"""Facts of a period that cannot be by the plan that is followed.

More that was released, drawn or counted than can have been there, and what goes untold
with it. Nothing is simulated: stock and rights at the start set these limits.
"""

from collections.abc import Iterator, Sequence

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.on_order import free_purchases
from models.plan import Plan, Tranche
from models.plan_at_start import (
    for_sale_at_start,
    free_at_start,
    tonnes_at_start,
    tranches_at_start,
)

ROUNDING = 1e-9
# A count may find what no book has. Twice all that can be there is a slip of the pen.
MOST_COUNTED = 2.0


def impossible_facts(
    case: Instance,
    plan: Plan,
    observation: Observation,
    left_out: frozenset[str] = frozenset(),
) -> Iterator[Mistake]:
    """Yield what cannot have happened with a plan, and cash that has to be counted.

    `left_out` names facts that are wrong themselves, as field or field.name.
    """
    yield from _beyond_stock(case, plan, observation)
    yield from _unheld(case, plan, observation)
    yield from _counted(case, plan, observation)
    yield from _beyond_free_stock(case, plan, observation)
    if left_out.isdisjoint({"otherwise", "happened", "happened.cash_usd"}):
        yield from _uncounted_cash(observation)


def _beyond_stock(
    case: Instance, plan: Plan, observation: Observation
) -> Iterator[Mistake]:
    """Find more released from a pool or drawn under a right than can be."""
    left = tranches_at_start(case, plan)
    for material, tonnes in observation.happened.released_tonnes.items():
        pool = [x for x in left.get(material, []) if x.offer is None]
        there = sum(tonnes_at_start(case, plan, x) for x in pool)
        path = f"happened.released_tonnes.{material}"
        if material in case.index.material:
            what = "what the pool held before the period"
            yield from _at_most(path, tonnes, there, what)
    for offer, tonnes in observation.happened.drawn_tonnes.items():
        right = [x for x in left.get(offer, []) if x.offer == offer]
        if offer in case.index.offer:
            yield from _beyond_right(case, plan, right, offer, tonnes)


def _beyond_right(
    case: Instance, plan: Plan, right: Sequence[Tranche], offer: str, tonnes: float
) -> Iterator[Mistake]:
    path = f"happened.drawn_tonnes.{offer}"
    if not right:
        yield Mistake(path, tonnes, "a right that the plan awards")
        return
    there = sum(tonnes_at_start(case, plan, x) for x in right)
    most = sum(max(s.release_tonnes_per_period for s in x.steps) for x in right)
    if most < there:
        yield from _at_most(path, tonnes, most, "the draw limit of a period")
    else:
        yield from _at_most(path, tonnes, there, "what was held for the right")


def _at_most(path: str, tonnes: float, most: float, what: str) -> Iterator[Mistake]:
    if tonnes > most * (1 + ROUNDING):
        yield Mistake(path, tonnes, f"at most {most:g} t, {what}")


def _unheld(case: Instance, plan: Plan, observation: Observation) -> Iterator[Mistake]:
    """Find arrivals of what the plan does not hold."""
    held = {x.material for x in _left(case, plan)}
    for route, tonnes in observation.happened.arrived_tonnes.items():
        if route in case.index.route and tonnes > 0:
            material = case.routes[case.index.route[route]].material
            if material not in held:
                expected = f"0: the plan holds no {material}"
                yield Mistake(f"happened.arrived_tonnes.{route}", tonnes, expected)


def _counted(case: Instance, plan: Plan, observation: Observation) -> Iterator[Mistake]:
    """Find counts of what no tranche holds, and of far more than can be there."""
    for material, counted in observation.happened.stock_tonnes.items():
        if material not in case.index.material or counted == 0:
            continue
        path = f"happened.stock_tonnes.{material}"
        if all(x.material != material for x in _left(case, plan)):
            expected = (
                f"0: no tranche of the plan holds {material}; free stock that none "
                "takes is counted in free_stock_tonnes"
            )
            yield Mistake(path, counted, expected)
            continue
        most = most_there(case, plan, observation, material)
        if counted > MOST_COUNTED * most * (1 + ROUNDING):
            expected = (
                f"at most {MOST_COUNTED * most:g} t, twice all that can be there; "
                "what is found beyond that is no stock of the plan"
            )
            yield Mistake(path, counted, expected)


def _beyond_free_stock(
    case: Instance, plan: Plan, observation: Observation
) -> Iterator[Mistake]:
    """Find more of free stock sold or counted than there can be."""
    happened, on_sale = observation.happened, {x.material for x in plan.sales()}
    for material, tonnes in happened.sold_tonnes.items():
        if material in case.index.material:
            there = for_sale_at_start(case, plan, material)
            path, what = f"happened.sold_tonnes.{material}", "what was there for sale"
            yield from _at_most(path, tonnes, there, what)
    for material, price in happened.sold_at_usd_per_tonne.items():
        if material in case.index.material and material not in on_sale:
            path = f"happened.sold_at_usd_per_tonne.{material}"
            yield Mistake(path, price, f"absent: the plan sells no {material}")
    for material, counted in happened.free_stock_tonnes.items():
        if material not in case.index.material:
            continue
        coming = free_purchases(case, case.materials[case.index.material[material]])
        due = sum(x.tonnes for x in coming if x.arrival_period == 0)
        most = MOST_COUNTED * (free_at_start(case, plan, material) + due)
        if counted > most * (1 + ROUNDING):
            expected = (
                f"at most {most:g} t, twice what was there{' or due' if due else ''}; "
                "what comes to it is a lot of position.stock of the next case, with "
                "its countries"
            )
            yield Mistake(f"happened.free_stock_tonnes.{material}", counted, expected)


def most_there(
    case: Instance, plan: Plan, observation: Observation, material: str
) -> float:
    """Return the most of a material that tranches can have at the end, tonnes.

    That is what was there and what arrived, or else all that they are to hold.
    """
    held = [x for x in _left(case, plan) if x.material == material]
    routes = {x.id for x in case.routes if x.material == material}
    arrived = observation.happened.arrived_tonnes
    at_start = sum(tonnes_at_start(case, plan, x) for x in held)
    there = at_start + sum(x for route, x in arrived.items() if route in routes)
    return max(there, sum(x.tonnes for x in held))


def _left(case: Instance, plan: Plan) -> list[Tranche]:
    return [x for some in tranches_at_start(case, plan).values() for x in some]


def _uncounted_cash(observation: Observation) -> Iterator[Mistake]:
    """Ask for cash where other tonnes than ordered were sold or bought."""
    happened = observation.happened
    moved = (
        *(happened.released_tonnes, happened.drawn_tonnes),
        *(happened.arrived_tonnes, happened.sold_tonnes),
    )
    if any(moved) and happened.cash_usd is None and observation.otherwise is None:
        expected = (
            "cash counted at the end, as other tonnes than ordered were sold or "
            "bought; or otherwise: as_planned"
        )
        yield Mistake("happened.cash_usd", "absent", expected)
