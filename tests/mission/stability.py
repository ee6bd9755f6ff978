"""How far levels move under small unrelated changes, with and without ties by money.

Twelve what-ifs change one figure by a hundredth, up and down. Without ties by money,
plans of nearly the same cost differ in levels for no reason.

python -m tests.mission.stability --scenarios 20 --case project_vault
"""

import argparse
import sys
from typing import Any

import numpy as np

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.solve import solve
from service.casefiles import load
from tests.cases import changed

FIGURES = (
    "storage_classes.0.cost_usd_per_tonne_year",
    "storage_classes.0.insurance_rate_per_year",
    "financing.facilities.0.rate_per_year",
    "financing.facilities.0.exposure_fee",
    "entitlement_offers.0.inventory_price_usd_per_tonne",
    "storage_classes.1.cost_usd_per_tonne_year",
)
STEP = 0.01
MOST_PRINTED = 10  # materials that move most


def main() -> int:
    """Print the mean absolute change of levels in days, of both ways."""
    parser = argparse.ArgumentParser(prog="python -m tests.mission.stability")
    parser.add_argument("--case", default="project_vault")
    parser.add_argument("--scenarios", type=int, default=20)
    wanted = parser.parse_args()
    case = dict(load(wanted.case))
    options = {"options.number_of_scenarios": wanted.scenarios}
    for name, weight in (("by money", None), ("as they fall", 0.0)):
        base = changed(case, options | {"options.cost_of_holding_weight": weight})
        plans = [_plan(x) for x in (base, *_what_ifs(base))]
        days = np.array([_days(plan) for plan in plans])
        moved = np.abs(days[1:] - days[0])
        sys.stdout.write(
            f"ties {name}: levels move by {moved.mean():.3f} days on average, "
            f"{moved.max():.0f} at most; mean level {days[0].mean():.1f} days\n"
        )
        means = list(zip(moved.mean(axis=0).tolist(), plans[0].levels, strict=True))
        for mean, level in sorted(means, key=lambda x: -x[0])[:MOST_PRINTED]:
            if mean > 0:
                held = f"{level.days_of_cover:.0f} days"
                sys.stdout.write(f"  {level.name}: {mean:.1f} of {held}\n")
        sys.stdout.flush()
    return 0


def _what_ifs(base: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        changed(base, {path: _value_at(base, path) * (1 + sign * STEP)})
        for path in FIGURES
        for sign in (1, -1)
    ]


def _value_at(case: dict[str, Any], path: str) -> float:
    here: Any = case
    for step in path.split("."):
        here = here[int(step)] if step.isdigit() else here[step]
    return float(here)


def _plan(case: dict[str, Any]) -> Plan:
    instance: Instance = read_instance(case)
    plan = solve(instance).plan
    if plan is None:
        msg = f"{instance.id} has no plan, expected one"
        raise ValueError(msg)
    return plan


def _days(plan: Plan) -> list[float]:
    return [level.days_of_cover for level in plan.levels]


if __name__ == "__main__":
    sys.exit(main())
