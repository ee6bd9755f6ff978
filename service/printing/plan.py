"""A plan as tables."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from models.outcome import SimplicityRow
from models.plan import HeldLot, Plan, Tranche, TrancheStep
from service.printing.financing import by_row
from service.printing.quantities import (
    days,
    interval,
    money,
    percent,
    ratio,
    tonnes,
)
from service.printing.table import add_note, table

ALERTS = ("0 calm", "1 watch", "2 high", "3 severe")


def headline(plan: Plan) -> Table:
    """Return promise, bound, gap and budget."""
    promise = plan.promise
    of_all = _share(promise.avoided_usd, promise.cost_without_vault_usd)
    used = _share(promise.budget_used_usd, promise.budget_usd)
    provenance = plan.provenance
    figures = table(f"Plan for {provenance.instance_id}", "expected", "", "")
    figures.add_row(
        "Shortage cost without vault", money(promise.cost_without_vault_usd), ""
    )
    figures.add_row(
        "Shortage cost with vault (promise)",
        money(promise.expected_shortage_cost_usd),
        "",
    )
    figures.add_row(
        "Replay of the printed rules", money(promise.simulated_shortage_cost_usd), ""
    )
    if fresh := plan.fresh:
        figures.add_row(
            f"On {fresh.number_of_scenarios:,} fresh scenarios",
            money(fresh.expected_shortage_cost_usd),
            interval(fresh.confidence_interval_usd),
        )
    figures.add_row("Avoided", money(promise.avoided_usd), of_all)
    figures.add_row("Cost of holding", money(promise.cost_of_holding_usd), "")
    figures.add_row("Net benefit", money(promise.net_benefit_usd), "")
    figures.add_row("Benefit / cost", ratio(promise.benefit_cost_ratio), "")
    if plan.fresh and (benefit := plan.fresh.benefit):
        for name, found in (
            ("Cost of holding", benefit.cost_of_holding_usd),
            ("Net benefit", benefit.net_benefit_usd),
        ):
            low_high = interval(found.confidence_interval)
            figures.add_row(f"{name} on fresh scenarios", money(found.mean), low_high)
    figures.add_row("Mean of the worst scenarios (CVaR)", money(promise.cvar_usd), "")
    figures.add_row("Objective", money(promise.objective_usd), "")
    figures.add_row(
        "Lower bound", money(promise.lower_bound_usd), f"gap {percent(promise.gap)}"
    )
    drawn = "Financing drawn" if not plan.cash_rule else "Financing drawn at most"
    figures.add_row(drawn, money(promise.budget_used_usd), used)
    figures.add_row("Financing available", money(promise.budget_usd), "")
    paid = sum(period.interest_and_fees_usd for period in plan.financing)
    figures.add_row("Interest and fees", money(paid), "")
    figures.add_row("The next dollar avoids", _worth(promise.budget_shadow_price), "")
    return figures


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole > 0 else ""


def _worth(price: float | None) -> str:
    # A solver may return -0.0; adding 0.0 drops the sign.
    return "-" if price is None else f"${round(price, 2) + 0.0:,.2f}"


def cost_of_holding(plan: Plan) -> Table | None:
    """Return what the cost of holding is made of; None for a plan of before it."""
    found = plan.promise.cost_of_holding
    if found is None:
        return None
    parts = table("Cost of holding", "over the horizon", "paid", "received")
    for name, paid in (
        ("Purchases", found.purchases_usd),
        ("Premia of own buying", found.premia_usd),
        ("Storage and insurance", found.storage_usd),
        ("Interest and fees of facilities", found.interest_and_fees_usd),
        ("Contracts, net", found.contracts_usd),
    ):
        parts.add_row(name, money(paid), "")
    less = f", less {percent(found.final_value_haircut)}"
    if found.opening_stock_usd > 0:
        parts.add_row(f"Held before the start{less}", money(found.given_stock_usd), "")
    for name, received in (
        ("Sales", found.sales_usd),
        ("Fees of rights", found.right_fees_usd),
        (f"Stock at the end{less}", found.kept_stock_usd),
    ):
        parts.add_row(name, "", money(received))
    parts.add_section()
    parts.add_row("Cost of holding, discounted", money(found.total_usd), "")
    return parts


def levels(plan: Plan) -> Table:
    """Return tonnes, lots, cover and cost of every material, held or not."""
    held = table(
        "Levels",
        "material",
        "held",
        "of it pool",
        "lots",
        "days of cover",
        "cost",
        "tranches",
    )
    for level in plan.levels:
        held.add_row(
            level.name,
            tonnes(level.tonnes),
            tonnes(level.pool_tonnes),
            f"{level.lots:,}",
            days(level.days_of_cover),
            money(level.cost_usd),
            str(len(level.tranches)),
        )
    total = sum(level.cost_usd for level in plan.levels)
    held.add_section()
    held.add_row("all", "", "", "", "", money(total), str(len(plan.tranches())))
    return held


def purchases(plan: Plan) -> Table | None:
    """Return planned buying by material and route."""
    if not any(level.purchases for level in plan.levels):
        return None
    bought = table("Planned buying", "material", "route", "bought", left=2)
    for level in plan.levels:
        for number, purchase in enumerate(level.purchases):
            name = "" if number else level.name
            bought.add_row(name, purchase.route, tonnes(purchase.tonnes))
    return bought


def free_stock(plan: Plan) -> Table | None:
    """Return what tranches and sales take of each lot of free stock, and what is left.

    Purchases on the way are lots that are due. Sales have a column if there are any.
    """
    if not any(level.held for level in plan.levels):
        return None
    sold = ("sold",) if plan.sales() else ()
    taken = table(
        "Free stock", "material", "lot", "taken", *sold, "left", "book value", left=2
    )
    for level in plan.levels:
        for number, lot in enumerate(level.held):
            taken.add_row(
                "" if number else level.name,
                _lot(lot),
                tonnes(lot.tonnes),
                *(tonnes(lot.sold_tonnes) for _ in sold),
                tonnes(lot.left_tonnes),
                money(lot.book_value_usd),
            )
    return taken


def _lot(lot: HeldLot) -> str:
    due = lot.arrival_period
    return lot.lot if due is None else f"{lot.lot}, due in period {due}"


def rule_sentences(plan: Plan) -> Table | None:
    """Return the sentence that the operator of each tranche or sale follows."""
    if not plan.tranches() and not plan.sales():
        return None
    sentences = table("Rules in words", "tranche", "rule, for the operator", left=2)
    for name, tranche in plan.labelled_tranches():
        sentences.add_row(f"{name} ({_owner(tranche)})", tranche.text)
    for level in plan.levels:
        if level.sale is not None:
            sentences.add_row(f"{level.name} (sale of free stock)", level.sale.text)
    return sentences


def rule_table(plan: Plan) -> Table | None:
    """Return the numbers of each rule by alert level, in tonnes a period."""
    if not plan.tranches():
        return None
    steps = table(
        "Rules in numbers, by period",
        "tranche",
        "alert",
        "release at most",
        "of the gap",
        "hold back",
        "buy back",
        "up to price",
        left=2,
    )
    for name, tranche in plan.labelled_tranches():
        for number, step in enumerate(tranche.steps):
            steps.add_row("" if number else name, *_cells(step))
        steps.add_section()
    return steps


def _cells(step: TrancheStep) -> tuple[str, ...]:
    cap = "any" if step.price_cap is None else f"{step.price_cap:g} x usual"
    return (
        ALERTS[step.alert],
        tonnes(step.release_tonnes_per_period),
        percent(step.coverage),
        tonnes(step.floor_tonnes),
        tonnes(step.replenishment_tonnes_per_period),
        cap if step.replenishment_tonnes_per_period > 0 else "",
    )


def _owner(tranche: Tranche) -> str:
    holder = (
        "pool" if tranche.participant is None else f"right of {tranche.participant}"
    )
    return f"{holder}, {tonnes(tranche.tonnes)}, {tranche.rule}"


def entitlements(plan: Plan) -> Table | None:
    """Return the pre-purchase rights that are awarded."""
    if not plan.awards:
        return None
    awarded = table(
        "Rights awarded",
        "participant",
        "material",
        "offer",
        "quantity",
        "lots",
        "days of own cover",
        "price a tonne",
        "upfront fee",
        "carrying fee a year",
        left=3,
    )
    for award in plan.awards:
        awarded.add_row(
            award.participant,
            award.material,
            award.offer if award.in_force is None else f"{award.offer} (in force)",
            tonnes(award.tonnes),
            f"{award.lots:,}",
            days(award.days_of_own_cover),
            money(award.inventory_price_usd_per_tonne),
            money(award.upfront_fee_usd),
            money(award.carrying_fee_usd_per_year),
        )
    return awarded


def contracts(plan: Plan) -> Table | None:
    """Return the offtake contracts that are signed, or in force already."""
    if not plan.contracts:
        return None
    signed = table(
        "Contracts signed", "contract", "material", "a year", "expected cost", left=2
    )
    for contract in plan.contracts:
        signed.add_row(
            f"{contract.contract}{', in force' if contract.is_in_force else ''}",
            contract.material,
            tonnes(contract.volume_tonnes_per_year),
            money(contract.expected_cost_usd),
        )
    return signed


def financing(plan: Plan) -> Table | None:
    """Return draws, balances and cash, by period or by three periods."""
    periods = plan.financing
    if not periods:
        return None
    facilities = sorted({f for period in periods for f in period.balances_usd})
    by_rule = sorted({f for period in periods for f in period.expected_balances_usd})
    schedule = table(
        "Financing",
        "periods",
        *(f"{f} drawn" for f in facilities),
        *(f"{f} balance" for f in facilities),
        *(f"{f} expected" for f in by_rule),
        *(f"{f} highest" for f in by_rule),
        "interest and fees",
        "expected cash",
        "lowest cash",
    )
    for name, group in by_row(periods):
        last = group[-1]
        schedule.add_row(
            name,
            *(money(sum(x.draws_usd.get(f, 0.0) for x in group)) for f in facilities),
            *(money(last.balances_usd.get(f, 0.0)) for f in facilities),
            *(money(last.expected_balances_usd.get(f, 0.0)) for f in by_rule),
            *(
                money(max(x.highest_balances_usd.get(f, 0.0) for x in group))
                for f in by_rule
            ),
            money(sum(x.interest_and_fees_usd for x in group)),
            money(last.expected_cash_usd),
            money(min(x.lowest_cash_usd for x in group)),
        )
    if plan.cash_rule:
        add_note(schedule, plan.cash_rule)
    return schedule


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
            tonnes(shortfall.unused_tonnes, shortfall.released_tonnes),
            tonnes(shortfall.contract_tonnes, shortfall.gap_tonnes),
            tonnes(shortfall.uncovered_tonnes, shortfall.gap_tonnes),
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
    if rests_on.scenarios_hash is not None:
        scenarios += f"; those of a file, {rests_on.scenarios_hash}"
    facts.add_row("scenarios", scenarios)
    facts.add_row("options", _pairs(rests_on.options))
    facts.add_row("versions", _pairs(rests_on.versions))
    return facts


def _pairs(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def simplicity_table(rows: Sequence[SimplicityRow]) -> Table:
    """Return cost, bound and distance by most tranches of a material's pool."""
    found = table(
        "What fewer tranches cost",
        "most tranches",
        "objective",
        "lower bound",
        "gap",
        "tranches in all",
    )
    for row in rows:
        found.add_row(
            str(row.max_tranches),
            money(row.objective_usd),
            money(row.lower_bound_usd),
            percent(row.gap),
            str(row.tranches),
        )
    return found
