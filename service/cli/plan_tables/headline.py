"""What the plan promises, and the proof that goes with it."""

from rich.table import Table

from models.plan import Plan
from service.cli.quantities import money, percent
from service.cli.screen import table


def headline(plan: Plan) -> Table:
    """Return the figures that the decision turns on."""
    promise = plan.promise
    avoided = promise.cost_without_vault_usd - promise.expected_shortage_cost_usd
    of_all = _share(avoided, promise.cost_without_vault_usd)
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
    figures.add_row("Avoided", money(avoided), of_all)
    figures.add_row("Mean of the worst scenarios (CVaR)", money(promise.cvar_usd), "")
    figures.add_row("Objective", money(promise.objective_usd), "")
    figures.add_row(
        "Lower bound", money(promise.lower_bound_usd), f"gap {percent(promise.gap)}"
    )
    figures.add_row("Financing drawn", money(promise.budget_used_usd), used)
    figures.add_row("Financing there is", money(promise.budget_usd), "")
    paid = sum(period.interest_and_fees_usd for period in plan.financing)
    figures.add_row("Interest and fees paid on it", money(paid), "")
    figures.add_row("The next dollar avoids", _worth(promise.budget_shadow_price), "")
    return figures


def _share(part: float, whole: float) -> str:
    return percent(part / whole) if whole > 0 else ""


def _worth(price: float | None) -> str:
    # Adding nought makes minus nought, which a solver may return, plain.
    return "-" if price is None else f"${round(price, 2) + 0.0:,.2f}"
