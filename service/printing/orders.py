"""The orders of a period and its books, as tables."""

from collections import defaultdict
from collections.abc import Iterator

from rich.table import Table

from models.instance import Instance
from models.orders import Orders, PurchaseOrder, ReleaseOrder
from models.reconciliation import CostAccount
from service.printing.quantities import money, tonnes
from service.printing.table import figures_table, table

LIMITS = {
    "draw_limit": "draw limit",
    "coverage": "coverage",
    "floor": "floor",
    "outload": "outload",
    "stock": "stock",
}
PURPOSES = {
    "opening": "before the start",
    "build_up": "build-up",
    "replenishment": "refill",
    "rotation": "rotation",
}


def order_tables(orders: Orders, case: Instance) -> Iterator[Table | str | None]:
    """Yield what to do in the period, then its books."""
    names = {material.id: material.name for material in case.materials}
    yield _alerts(orders, names)
    if orders.releases:
        yield _releases(orders, names)
        yield _reasons(orders.releases, names)
    elif not orders.alerts:
        yield "There is no alert, and nothing is released."
    yield _purchases(orders.purchases, names)
    yield _other(orders, names)
    yield _facilities(orders)
    yield _stock(orders, names)
    yield _free_stock(orders, names)
    yield _differences(orders, names)
    yield _money(orders)
    yield from orders.endings


def _alerts(orders: Orders, names: dict[str, str]) -> Table | None:
    if not orders.alerts:
        return None
    found = table("Alerts", "material", "alert", "since", "market gap")
    for x in orders.alerts:
        since = "" if x.since is None else str(x.since)
        found.add_row(names[x.material], str(x.alert), since, tonnes(x.gap_tonnes))
    return found


def _releases(orders: Orders, names: dict[str, str]) -> Table:
    title = f"Release from {orders.start} until {orders.end}"
    found = table(
        title,
        *("material", "tranche", "to", "tonnes", "of", "limit"),
        left=3,
    )
    for x in orders.releases:
        for owner, amount in _shares(x):
            found.add_row(
                names[x.material],
                x.label or x.tranche,
                owner,
                tonnes(amount),
                tonnes(x.on_hand_tonnes),
                LIMITS[x.bound_by],
            )
    return found


def _shares(order: ReleaseOrder) -> Iterator[tuple[str, float]]:
    for x in order.beneficiaries:
        yield x.participant, x.tonnes
    if order.unallotted_tonnes > 0:
        yield "market", order.unallotted_tonnes
    if order.tonnes == 0:
        yield "", 0.0


def _reasons(releases: tuple[ReleaseOrder, ...], names: dict[str, str]) -> Table:
    found = table("Why", "tranche", "reason", "printed rule", left=3)
    for x in releases:
        found.add_row(x.label or names[x.material], x.reason, x.rule)
    return found


def _purchases(
    purchases: tuple[PurchaseOrder, ...], names: dict[str, str]
) -> Table | None:
    """Return what is bought over each route, of all tranches together."""
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    price: dict[tuple[str, str, str], float] = {}
    for x in purchases:
        if x.route is not None:
            key = x.material, x.route, x.purpose
            total[key] += x.tonnes
            price[key] = x.price_usd_per_tonne
    if not total:
        return None
    found = table(
        "Buy", "material", "route", "purpose", "tonnes", "price a tonne", left=3
    )
    for key, amount in total.items():
        material, route, purpose = key
        found.add_row(
            names[material], route, PURPOSES[purpose], tonnes(amount), money(price[key])
        )
    return found


def _other(orders: Orders, names: dict[str, str]) -> Table | None:
    found = table("Also", "what", "material", "tonnes", left=2)
    for x in orders.purchases:
        if x.route is None:
            found.add_row("take free stock", names[x.material], tonnes(x.tonnes))
    for x in orders.rotations:
        found.add_row("sell the oldest", names[x.material], tonnes(x.tonnes))
    for x in orders.sales:
        found.add_row("sell free stock", names[x.material], tonnes(x.tonnes))
    for x in orders.hand_overs:
        to = f"hand over to {x.participant}"
        found.add_row(to, names[x.material], tonnes(x.tonnes))
    for x in orders.deliveries:
        contract = f"receive under contract {x.contract}"
        found.add_row(contract, names[x.material], tonnes(x.tonnes))
    return found if found.row_count else None


def _facilities(orders: Orders) -> Table | None:
    if not orders.facilities:
        return None
    found = table(
        "Facilities", "facility", "reason", "draw", "pay back", "owed", left=2
    )
    for x in orders.facilities:
        found.add_row(
            x.facility,
            x.reason,
            money(x.draw_usd),
            money(x.repayment_usd),
            money(x.balance_usd),
        )
    return found


def _stock(orders: Orders, names: dict[str, str]) -> Table | None:
    accounts = orders.reconciliation.stock
    if not accounts:
        return None
    found = table(
        "Stock, pool and rights together",
        *("material", "at start", "released", "expired", "arrived"),
        *("expected", "counted", "missing"),
    )
    for x in accounts:
        counted = x.counted_tonnes
        found.add_row(
            names[x.material],
            tonnes(x.at_start_tonnes),
            tonnes(x.released_tonnes + x.handed_over_tonnes),
            tonnes(x.expired_tonnes),
            tonnes(x.arrived_tonnes),
            tonnes(x.expected_tonnes),
            "-" if counted is None else tonnes(counted),
            "-" if counted is None else tonnes(x.missing_tonnes),
        )
    return found


def _free_stock(orders: Orders, names: dict[str, str]) -> Table | None:
    accounts = orders.reconciliation.free_stock
    if not accounts:
        return None
    has_arrivals = any(x.arrived_tonnes > 0 for x in accounts)
    found = table(
        "Free stock that no tranche takes",
        *("material", "at start", "sold", "expired"),
        *(("arrived",) if has_arrivals else ()),
        *("expected", "counted", "missing"),
    )
    for x in accounts:
        is_counted = x.counted_tonnes is not None
        found.add_row(
            names[x.material],
            tonnes(x.at_start_tonnes),
            tonnes(x.sold_tonnes),
            tonnes(x.expired_tonnes),
            *([tonnes(x.arrived_tonnes)] if has_arrivals else []),
            tonnes(x.expected_tonnes),
            tonnes(x.counted_tonnes or 0.0) if is_counted else "-",
            tonnes(x.missing_tonnes) if is_counted else "-",
        )
    return found


def _differences(orders: Orders, names: dict[str, str]) -> Table | None:
    books = orders.reconciliation
    found = table("Otherwise than ordered", "what", "ordered", "happened", "late")
    for x in books.releases:
        what = f"release of {names[x.material]}"
        if x.offer is not None:
            what = f"draw of {names[x.material]} under {x.offer}"
        found.add_row(what, tonnes(x.ordered_tonnes), tonnes(x.released_tonnes), "")
    for x in books.arrivals:
        found.add_row(
            f"arrival of {names[x.material]} over {x.route}",
            tonnes(x.ordered_tonnes),
            tonnes(x.arrived_tonnes),
            tonnes(x.late_tonnes),
        )
    for x in books.sales:
        found.add_row(
            f"sale of {names[x.material]}",
            f"{tonnes(x.ordered_tonnes)} at {money(x.ordered_usd_per_tonne)}",
            f"{tonnes(x.sold_tonnes)} at {money(x.sold_usd_per_tonne)}",
            "",
        )
    return found if found.row_count else None


def _money(orders: Orders) -> Table:
    books = orders.reconciliation
    figures = [
        ("Cash at the start", money(books.cash.at_start_usd)),
        ("Cash that should be there at the end", money(books.cash.expected_usd)),
    ]
    if books.cash.counted_usd is not None:
        figures.append(("Cash counted", money(books.cash.counted_usd)))
    figures += _cost("in the period", books.cost)
    if books.cost_so_far.periods > 1:
        figures += _cost(f"in {books.cost_so_far.periods} periods", books.cost_so_far)
    return figures_table("Money", figures)


def _cost(when: str, cost: CostAccount) -> Iterator[tuple[str, str]]:
    yield f"Shortage cost expected {when}", money(cost.expected_usd)
    yield f"Shortage cost {when}", money(cost.incurred_usd)
    yield f"Without vault {when}", money(cost.without_vault_usd)
