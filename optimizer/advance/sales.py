"""Orders to sell free stock that no tranche takes."""

from collections.abc import Iterator

from models.orders import SaleOrder
from models.plan import Sale
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.policies.policy_text import tonnes
from optimizer.policies.simulator import simulate

FIRST = 0, 0, 0


def sale_orders(decisions: Decisions, happened: PlanReplay) -> Iterator[SaleOrder]:
    """Yield what is sold in the observed period, of each sale that is not over."""
    by_material = {sale.material: sale for sale in decisions.sales}
    for part in happened.sold:
        yield _order(by_material[part.holding.material.id], part)


def _order(sale: Sale, part: HoldingReplay) -> SaleOrder:
    done, terms = simulate(part.policies, part.holding.observables), part.holding.sale
    sold, left = float(done.released[FIRST]), float(done.on_hand[FIRST])
    price = float(part.holding.price[0, 0])
    there = tonnes(float(part.policies.initial[0]))
    return SaleOrder(
        material=sale.material,
        tonnes=sold,
        price_usd_per_tonne=price * (1 - (terms.discount if terms else 0.0)),
        left_tonnes=left,
        reason=f"Of {there} for sale, sell {tonnes(sold)}",
        rule=sale.text,
    )
