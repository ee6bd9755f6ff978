"""The best single rule of each material's pool, chosen on separate scenarios.

The best has the least expected shortage cost, which is what the comparison is of: what
a rule costs to hold has no part in it, whatever its weight in the objective.

Chosen on the scenarios that it is then compared on, the best of many rules would look
better than it is: the least of several noisy means is too low. The plan's tranches were
chosen before these scenarios were drawn, so the rules are, too.

The search starts from the best rule for all pools alike. Then one pool after the other
changes to its best rule while the others keep theirs, because products need several
materials.
"""

from collections.abc import Sequence

import numpy as np

from models.instance import Instance
from optimizer.evaluation.decisions import Decisions
from optimizer.rule_comparison.following import Behaviour, Followed, follow
from optimizer.scenarios.scenario_set import ScenarioSet


def best_single_rules(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> tuple[int, ...]:
    """Return the position of the best rule of the menu for each pool of the plan."""
    followed = follow(instance, scenarios, decisions)
    costs = followed.costs(followed.by_rule)
    best = int(np.argmin([scenarios.probability @ cost for cost in costs]))
    chosen = [best] * len(followed.pools)
    for i, pool in enumerate(followed.pools):
        short = followed.happened.recourse.short_m == pool.holding.m
        there = np.unique(followed.happened.recourse.short_w[short])
        if len(there):
            part = scenarios.select(there)
            chosen[i] = _best_for(follow(instance, part, decisions), part, chosen, i)
    return tuple(chosen)


def mixed(followed: Followed, chosen: Sequence[int]) -> tuple[Behaviour, ...]:
    """Return what pools do if each has its own rule, by position in the menu."""
    return tuple(followed.by_rule[j][i] for i, j in enumerate(chosen))


def _best_for(
    followed: Followed, scenarios: ScenarioSet, chosen: Sequence[int], i: int
) -> int:
    """Return the best rule for pool i; of equal ones the present one, or the first."""
    candidates = _distinct(followed, i, chosen[i])
    before, after = list(chosen[:i]), list(chosen[i + 1 :])
    variants = [mixed(followed, [*before, j, *after]) for j in candidates]
    costs = [float(scenarios.probability @ x) for x in followed.costs(variants)]
    return candidates[int(np.argmin(costs))]


def _distinct(followed: Followed, i: int, present: int) -> list[int]:
    """Return rules under which pool i releases differently, the present one first."""
    order = [present, *(j for j in range(len(followed.by_rule)) if j != present)]
    seen: dict[bytes, int] = {}
    for j in order:
        seen.setdefault(followed.by_rule[j][i].released.tobytes(), j)
    return list(seen.values())
