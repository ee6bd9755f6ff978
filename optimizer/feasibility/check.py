"""The check in one module: form, rules, limits, money, allocation, promise."""

from collections.abc import Mapping
from types import MappingProxyType

from models.instance import Instance
from models.plan import Plan
from optimizer.deadline import look
from optimizer.feasibility.allocation import allocation_violations, place
from optimizer.feasibility.contracts import contract_violations
from optimizer.feasibility.document import document_violations
from optimizer.feasibility.financing import financing_violations
from optimizer.feasibility.form import form_violations
from optimizer.feasibility.held import held_violations
from optimizer.feasibility.levels import level_violations
from optimizer.feasibility.limits import limit_violations
from optimizer.feasibility.members import members_only
from optimizer.feasibility.promise import promise_violations
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.recount import recount
from optimizer.feasibility.rights_in_force import right_violations
from optimizer.feasibility.sale import sale_violations
from optimizer.feasibility.shortfalls import shortfall_violations
from optimizer.feasibility.tranches import tranche_violations
from optimizer.feasibility.violation import Violation
from optimizer.policies.market import observe
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios.scenario_set import ScenarioSet

# What is to hold, by the part of the check that looks at it.
STATEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "form": "The plan is complete and names parts of the case.",
        "tranches": (
            "The numbers of each tranche are those of its candidate's share, and "
            "rights in force are held."
        ),
        "levels": "Levels, costs and rights are the sums of their tranches.",
        "limits": (
            "Cover, storage, outload, market, origins, free stock and its sale are "
            "within limits."
        ),
        "contracts": "Signed contracts cost what the plan says.",
        "financing": "Draws, balances, fees, cash and covenants hold in all scenarios.",
        "allocation": (
            "No more is handed out than there is, to members alone, and all needs are "
            "met."
        ),
        "promise": "Cost, tail, objective, gap and budget are what the plan promises.",
        "shortfalls": "The list of shortfalls is complete and right.",
        "provenance": "Case, options, seed and what is left out are those of the case.",
    }
)


def check(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, quantities: Quantities
) -> tuple[Violation, ...]:
    """Return everything that does not hold in a plan, nothing if all of it does."""
    found = check_by_part(instance, scenarios, plan, quantities)
    return tuple(violation for part in found.values() for violation in part)


def check_by_part(
    instance: Instance, scenarios: ScenarioSet, plan: Plan, quantities: Quantities
) -> dict[str, tuple[Violation, ...]]:
    """Return what does not hold, by the name of its part in STATEMENTS.

    A plan of the wrong form cannot be followed; then only the form is checked.

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
        by row: it must be feasible and cost what is promised.
    """
    market = observe(instance, scenarios)
    blocks = find_blocks(instance, scenarios, market)
    if malformed := tuple(form_violations(instance, plan, blocks, quantities)):
        return {"form": malformed}
    look()
    counted = recount(instance, scenarios, market, plan)
    look()
    applied = place(instance, market, blocks, quantities)
    look()
    return {
        "form": (),
        "tranches": (
            *tranche_violations(instance, plan),
            *right_violations(instance, plan),
        ),
        "levels": tuple(level_violations(counted)),
        "limits": (
            *limit_violations(counted),
            *held_violations(counted),
            *sale_violations(instance, counted.sales),
        ),
        "contracts": tuple(contract_violations(counted)),
        "financing": tuple(financing_violations(counted)),
        "allocation": (
            *allocation_violations(counted, applied),
            *members_only(counted, applied),
        ),
        "promise": tuple(promise_violations(counted, applied)),
        "shortfalls": tuple(shortfall_violations(counted, applied)),
        "provenance": tuple(document_violations(instance, scenarios, plan)),
    }
