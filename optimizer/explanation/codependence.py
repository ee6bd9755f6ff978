"""Materials that need each other: the stock of one with and without that of another."""

from itertools import combinations

from models.explanation import Codependence
from models.instance import Instance
from optimizer.explanation.viewpoint import Viewpoint

LEAST_WORTH = 1e-4  # of the plan's cost and what it avoids; less is rounding


def codependences(view: Viewpoint, worth: dict[int, float]) -> tuple[Codependence, ...]:
    """Return both sides of each pair of held materials that share a product.

    worth, by position of the material, is what the objective rises by without all that
    is held of it.
    """
    instance = view.problem.instance
    least = LEAST_WORTH * max([abs(view.objective_usd), *worth.values()])
    held = [m for m, value in worth.items() if value > least]
    found: list[Codependence] = []
    for one, other in combinations(held, 2):
        products = _shared(instance, one, other)
        if not products:
            continue
        both = view.worth(view.without((one, other)))
        found += [
            Codependence(
                material=instance.materials[x].id,
                other=instance.materials[y].id,
                products=products,
                worth_usd=worth[x],
                worth_without_other_usd=both - worth[y],
            )
            for x, y in ((one, other), (other, one))
        ]
    return tuple(sorted(found, key=lambda x: x.share_kept or 0.0))


def _shared(instance: Instance, one: int, other: int) -> tuple[str, ...]:
    """Return the final products that contain both materials."""
    pair = {instance.materials[one].id, instance.materials[other].id}
    exploded = instance.index.tonnes_per_unit
    return tuple(
        product.id
        for product in instance.final_products()
        if pair <= exploded[product.id].keys()
    )
