"""The sections of the report that tell the plan itself."""

from collections.abc import Mapping

from models.instance import Instance
from models.plan import Plan
from service.cli.auditing.printing import printed
from service.cli.plan_tables.headline import headline
from service.cli.plan_tables.holdings import levels, rule_sentences, rule_table
from service.cli.plan_tables.remainder import provenance, shortfalls, unmodelled
from service.cli.plan_tables.terms import contracts, entitlements, financing
from service.cli.screen import table
from service.dossier.section import Section


def headline_section(plan: Plan) -> Section:
    """Return promise, replay, bound, gap and budget."""
    return Section(
        title="Headline",
        text=(
            "Costs are expected, discounted and weighted by priority, over the "
            "planning scenarios. The lower bound says that no plan from the menu of "
            "the case costs less; the gap is how much better a plan might still be."
        ),
        tables=printed(headline(plan)),
    )


def making_section(plan: Plan, now: Mapping[str, str]) -> Section:
    """Return what is needed to compute the plan again."""
    then = plan.provenance.versions
    versions = table("Versions", "", "made with", "audited with", left=3)
    for name in sorted({*then, *now}):
        versions.add_row(name, then.get(name, "-"), now.get(name, "-"))
    return Section(
        title="How the plan was made",
        text=(
            "The hash of the case is the SHA-256 of case.json, the hash of the plan "
            "that of its canonical JSON: sorted keys, no white space.\n\n"
            "strongroom solve case.json makes the plan again: the options are in the "
            "file. A solve that a time limit ended may come to another plan."
        ),
        tables=printed(provenance(plan), versions),
    )


def holdings_sections(plan: Plan) -> tuple[Section, ...]:
    """Return what is held under which rules, and what was agreed with others."""
    agreed = printed(entitlements(plan), contracts(plan))
    held = printed(rule_sentences(plan), rule_table(plan))
    return (
        Section(
            title="Levels",
            text="Every material of the case, held or not.",
            tables=printed(levels(plan)),
        ),
        Section(
            title="Release rules",
            text="The numbers are the whole rule." if held else "Nothing is held.",
            tables=held,
        ),
        Section(
            title="Rights and contracts",
            text="" if agreed else "No right is awarded and no contract signed.",
            tables=agreed,
        ),
        Section(
            title="Financing as planned",
            text="Draws, balances and cash over the planning scenarios.",
            tables=printed(financing(plan)),
        ),
    )


def shortfall_section(plan: Plan) -> Section:
    """Return the complete list of shortfalls, with what was not chosen named."""
    left_out = [level.name for level in plan.levels if level.tonnes == 0]
    named = ", ".join(left_out) or "none"
    return Section(
        title="Shortfalls, materials not chosen included",
        text=(
            "Expected unmet need over the planning scenarios.\n\n"
            f"Not held at all: {named}."
        ),
        tables=printed(shortfalls(plan)),
    )


def unmodelled_section(plan: Plan, case: Instance) -> Section:
    """Return the minerals that the case leaves out, with what is known of them."""
    number = len(case.materials)
    text = f"The case models {number} materials. It leaves out what is listed here."
    if not plan.unmodelled:
        text = f"The case models {number} materials and names none that it leaves out."
    return Section(
        title="Minerals not modelled",
        text=text,
        tables=printed(unmodelled(plan)),
    )
