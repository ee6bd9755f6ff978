"""A plan for one participant, as tables and sentences."""

from rich.table import Table

from models.participant_view import MembershipView, ParticipantView, RightView
from service.printing.evaluation import running
from service.printing.quantities import days, interval, money, percent, tonnes
from service.printing.right_menu import IN_FORCE
from service.printing.table import table


def headline(view: ParticipantView) -> Table:
    """Return the participant's shortage cost and tail, with the vault and without."""
    title = f"{view.name}: on {view.scenarios:,} fresh scenarios, seed {view.seed}"
    tail = f"Mean of the worst {percent(1 - view.cvar_level)}"
    figures = table(title, "", "with vault", "without vault")
    figures.add_row(
        "Own shortage cost",
        money(view.shortage_cost_usd),
        money(view.cost_without_vault_usd),
    )
    figures.add_row("95 % interval", interval(view.shortage_cost_interval_usd), "")
    figures.add_row(tail, money(view.cvar_usd), money(view.cvar_without_vault_usd))
    if view.membership is not None:
        _add_membership(figures, view.membership)
    if not view.rights:
        figures.add_row("Rights", "none", "")
    if view.offers_not_awarded:
        figures.add_row("Offers not awarded", ", ".join(view.offers_not_awarded), "")
    return figures


def _add_membership(figures: Table, found: MembershipView) -> None:
    figures.add_row("Member", "yes" if found.is_member else "no", "")
    would = "" if found.is_member else "would "
    fee = "Membership fee a year" if found.is_member else "Fee a year of a member"
    figures.add_row(fee, money(found.fee_usd_per_year), "")
    costs = "would cost" if would else "costs"
    figures.add_row(f"Membership {costs}", money(found.fees_usd), "")
    avoid = "would avoid" if would else "avoids"
    figures.add_row(f"Membership {avoid}", money(found.avoided_cost_usd), "")
    cells = interval(found.avoided_cost_interval_usd)
    figures.add_row("95 % interval", cells, "")


def rights(view: ParticipantView) -> Table | None:
    """Return cost and value of each right, one column per right."""
    if not view.rights:
        return None
    title = "Rights, the rest of the plan unchanged"
    compared = table(title, "", *(right.offer for right in view.rights))
    columns = [_figures(right) for right in view.rights]
    for name in columns[0]:
        compared.add_row(name, *(column[name] for column in columns))
    return compared


def _figures(right: RightView) -> dict[str, str]:
    lots = "lot" if right.lots == 1 else "lots"
    return {
        "Material": right.material_name,
        "Quantity": f"{tonnes(right.tonnes)}, {right.lots:,} {lots}",
        "Days of own need": days(right.days_of_own_cover),
        "Price of a tonne": money(right.inventory_price_usd_per_tonne),
        "Upfront fee": money(right.upfront_fee_usd),
        "Carrying fee a year, all held": money(right.carrying_fee_usd_per_year),
        "All-in cost a kg and year": money(right.all_in_cost_usd_per_kg_year),
        "Expected fees, on what is held": money(right.expected_fees_usd),
        "Avoided own shortage cost": money(right.avoided_cost_usd),
        "95 % interval": interval(right.avoided_cost_interval_usd),
        "Avoided if nothing else is held": money(right.avoided_cost_alone_usd),
        "Avoided if there is a gap": money(right.avoided_cost_given_gap_usd),
        "Probability of a gap": percent(right.gap_probability),
        "Pays from a probability of": _break_even(right.break_even_probability),
    }


def _break_even(probability: float | None) -> str:
    if probability is None:
        return "never: avoids nothing"
    return "never: costs more" if probability > 1 else percent(probability)


def terms(view: ParticipantView) -> Table | None:
    """Return the terms of each right as sentences."""
    if not view.rights:
        return None
    sentences = table("Terms", "right", "", left=2)
    for right in view.rights:
        said = [IN_FORCE, *right.terms] if right.is_in_force else right.terms
        sentences.add_row(right.offer, "\n".join(said))
    return sentences


def repurchases(view: ParticipantView) -> Table | None:
    """Return the value of the repurchase duty at low and high prices."""
    marked = [(x.offer, x.repurchase) for x in view.rights if x.repurchase is not None]
    if not marked:
        return None
    marks = table(
        "Repurchase of all of it at the agreed price, marked to market",
        *("right", "in the period from", "agreed", "price P5", "worth", "price P95"),
        "worth",
        left=2,
    )
    for offer, mark in marked:
        marks.add_row(
            offer,
            str(mark.date),
            money(mark.inventory_price_usd_per_tonne),
            money(mark.price_p5_usd_per_tonne),
            money(mark.value_at_p5_usd),
            money(mark.price_p95_usd_per_tonne),
            money(mark.value_at_p95_usd),
        )
    return marks


def lines(view: ParticipantView) -> Table | None:
    """Return how the participant's lines run in history."""
    if not view.lines:
        return None
    runs = table(
        "Days full / reduced / stopped in history",
        *("replay", "product", "with vault", "without vault"),
        left=2,
    )
    for line in view.lines:
        runs.add_row(
            line.replay_name,
            line.name,
            running(line.with_vault),
            running(line.without_vault),
        )
    return runs
