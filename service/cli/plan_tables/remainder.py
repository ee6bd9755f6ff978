"""What the plan does not cover, what it does not model, and what it rests on."""

from collections.abc import Mapping

from rich.table import Table

from models.plan import Plan
from service.cli.quantities import days, percent, tonnes
from service.cli.screen import table


def shortfalls(plan: Plan) -> Table | None:
    """Return expected unmet need of every material: the complete list."""
    if not plan.shortfalls:
        return None
    missing = table(
        "Shortfalls, complete",
        "material",
        "days of cover",
        "chance of a gap",
        "expected gap",
        "released",
        "not taken up",
        "contracts",
        "uncovered",
    )
    for shortfall in plan.shortfalls:
        missing.add_row(
            shortfall.name,
            days(shortfall.days_of_cover),
            percent(shortfall.probability_of_gap),
            tonnes(shortfall.gap_tonnes),
            tonnes(shortfall.released_tonnes),
            tonnes(shortfall.unused_tonnes),
            tonnes(shortfall.contract_tonnes),
            tonnes(shortfall.uncovered_tonnes),
        )
    return missing


def unmodelled(plan: Plan) -> Table | None:
    """Return the critical minerals that the case leaves out."""
    if not plan.unmodelled:
        return None
    left_out = table("Not modelled", "mineral", "why not", "known risk", left=3)
    for note in plan.unmodelled:
        left_out.add_row(note.name, note.reason, note.known_risk)
    return left_out


def provenance(plan: Plan) -> Table:
    """Return what is needed to compute the plan again."""
    rests_on = plan.provenance
    facts = table("Provenance", "", "", left=2)
    facts.add_row("plan", plan.content_hash)
    facts.add_row("case", f"{rests_on.instance_id}, {rests_on.instance_hash}")
    facts.add_row("method", rests_on.method)
    scenarios = f"{rests_on.number_of_scenarios:,}, seed {rests_on.seed}"
    facts.add_row("scenarios", scenarios)
    facts.add_row("options", _pairs(rests_on.options))
    facts.add_row("versions", _pairs(rests_on.versions))
    return facts


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
