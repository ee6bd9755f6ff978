"""The check on one page: form, rules, limits, money, allocation, promise."""

from models.instance import Instance
from models.plan import Plan
from optimizer.feasibility.allocation import allocation_violations, place
from optimizer.feasibility.contracts import contract_violations
from optimizer.feasibility.document import document_violations
from optimizer.feasibility.financing import financing_violations
from optimizer.feasibility.form import form_violations
from optimizer.feasibility.levels import level_violations
from optimizer.feasibility.limits import limit_violations
from optimizer.feasibility.promise import promise_violations
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.recount import recount
from optimizer.feasibility.shortfalls import shortfall_violations
from optimizer.feasibility.tranches import tranche_violations
from optimizer.feasibility.violation import Violation
from optimizer.policies.market import observe
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios.scenario_set import ScenarioSet


def check(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, quantities: Quantities
) -> tuple[Violation, ...]:
    """Return everything that does not hold in a plan, nothing if all of it does.

    Parameters
    ----------
    instance
        The case that was solved, with its options.
    scenarios
        The planning scenarios.
    plan
        The document; nothing but what it prints is followed.
    quantities
        The allocation that the promised cost rests on, not recomputed but checked row
        by row: whoever finds it, it must be feasible and cost what is promised.
    """
    market = observe(instance, scenarios)
    blocks = find_blocks(instance, scenarios, market)
    if malformed := tuple(form_violations(instance, plan, blocks, quantities)):
        return malformed
    counted = recount(instance, scenarios, market, plan)
    applied = place(instance, market, blocks, quantities)
    return (
        *tranche_violations(instance, plan),
        *level_violations(counted),
        *limit_violations(counted),
        *contract_violations(counted),
        *financing_violations(counted),
        *allocation_violations(counted, applied),
        *promise_violations(counted, applied),
        *shortfall_violations(counted, applied),
        *document_violations(instance, scenarios, plan),
    )
