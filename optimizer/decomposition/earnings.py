"""The problem of a case in which there is more or less, from that of another case."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.instance import Instance
from optimizer.cost_of_holding import carried
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import holdings
from optimizer.problem import FirstStageProblem, first_stage_problem


def turned_to(
    before: FirstStageProblem, instance: Instance
) -> tuple[FirstStageProblem, Sequence[int]]:
    """Return the problem of another case, and which holdings earn what they did.

    Both cases have the same cuts, so what holds of free stock and of rights in force is
    the same for each candidate. Where they differ in what is there and in cash alone,
    only sales of a surplus are made anew.
    """
    if _without_stock(before.instance) != _without_stock(instance):
        return first_stage_problem(instance, before.scenarios), ()
    kept = [h for h, holding in enumerate(before.holdings) if holding.sale is None]
    names = {holding.name for holding in before.holdings if holding.sale is not None}
    sales = holdings(instance, before.scenarios, before.market, names) if names else ()
    problem = replace(
        before,
        instance=instance,
        holdings=(*(before.holdings[h] for h in kept), *sales),
        menus=(
            *(before.menus[h] for h in kept),
            *(menu_of(instance, sale) for sale in sales),
        ),
    )
    is_carried = np.array_equal(carried(before.instance), carried(instance))
    return problem, kept if is_carried else ()


def _without_stock(case: Instance) -> Instance:
    position = case.position.model_copy(
        update={"stock": (), "sales": (), "levels": (), "fees": ()}
    )
    financing = case.financing.model_copy(update={"opening_cash_usd": 0.0})
    return case.model_copy(update={"position": position, "financing": financing})
