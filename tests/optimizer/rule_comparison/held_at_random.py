"""Decisions drawn from a seed: some tranches of the menu in every pool and right."""

from dataclasses import replace

import numpy as np

from models.instance import Instance
from models.plan import Tranche
from optimizer.evaluation.decisions import Decisions, nothing_held
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from optimizer.policies.tranche import to_tranche
from optimizer.scenarios.scenario_set import ScenarioSet

MOST_TRANCHES = 3


def held_at_random(instance: Instance, scenarios: ScenarioSet, seed: int) -> Decisions:
    """Return pools of one to three tranches, half of the rights, every contract."""
    draw = np.random.default_rng(seed)
    tranches: list[Tranche] = []
    for holding in holdings(instance, scenarios, observe(instance, scenarios)):
        if holding.sale is not None:
            continue
        menu = menu_of(instance, holding)
        number = len(menu.candidates)
        is_pool = holding.offer is None
        few = int(draw.integers(1, MOST_TRANCHES + 1)) if is_pool else 1
        chosen = draw.permutation(np.arange(number))[:few]
        if not is_pool and draw.random() < 1 / 2:
            continue
        share = draw.dirichlet(np.ones(len(chosen) + 1))[:-1] if is_pool else np.ones(1)
        scaled = menu.policies.select(chosen).scaled(share)
        tranches += [
            to_tranche(
                instance, holding, menu.candidates[c], scaled.select(np.array([i]))
            )
            for i, c in enumerate(map(int, chosen))
            if scaled.target[i] >= holding.material.lot_tonnes
        ]
    signed = frozenset(contract.id for contract in instance.contracts)
    return replace(nothing_held(instance), tranches=tuple(tranches), signed=signed)
