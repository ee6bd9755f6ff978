"""Financing and cash, counted again: rows (15) to (21) of the page, and the table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.finance import Facility
from models.instance import Instance
from models.plan import FinancingPeriod
from models.prices_today import price_level
from optimizer.feasibility.buying import premium_usd
from optimizer.feasibility.cash_rule import Ruled, follow_rule
from optimizer.feasibility.debt_in_force import OldDebt, old_debts, opening_cash_usd
from optimizer.feasibility.deliveries import signing_cost_usd
from optimizer.feasibility.members import member_fees_usd
from optimizer.feasibility.on_order import due_usd
from optimizer.feasibility.recount import Recount
from optimizer.feasibility.tolerances import LIMIT, PROMISE, ROUNDING
from optimizer.feasibility.violation import (
    Violations,
    at_least,
    at_most,
    equal,
    same,
)
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Ledger:
    """One scheduled facility by period (t): draws, instalments due, balance, fees."""

    facility: Facility
    draws: list[float]
    due: list[float]
    balance: list[float]
    fees: list[float]


@dataclass(frozen=True, slots=True)
class Cash:
    """The cash balance after all payments, and all that was moved up to then.

    Both are before the start and in each period (w, T + 1), US dollars.
    """

    balance: Floats
    moved: Floats


def financing_violations(counted: Recount) -> Violations:
    """Yield what is wrong with draws, covenants, cash, collateral and the table."""
    instance = counted.instance
    ledgers = [
        _ledger(instance, counted.plan.financing, f)
        for f in instance.financing.facilities
        if f.drawn == "by_schedule"
    ]
    for ledger in ledgers:
        yield from _draws(ledger)
    old = old_debts(instance)
    cash = _cash(counted, ledgers, old)
    ruled = follow_rule(instance, cash.balance)
    if ruled.facilities:
        moved = cash.moved + ruled.costs + ruled.drawn.sum(axis=0)
        cash = Cash(ruled.cash, moved)
    yield from _draws_by_rule(ruled)
    yield from _debt_to_equity(instance, ledgers, ruled, old)
    yield from _cash_rows(cash)
    covered = _owed(ledgers, ruled, old, _needs_collateral)
    yield from _collateral(counted, covered, cash)
    yield from _table(counted, ledgers, ruled, old, cash)
    yield from _budget(counted, ledgers, ruled)
    yield from _cost_of_holding(counted, ledgers, ruled, old, cash)


def _ledger(
    instance: Instance, table: tuple[FinancingPeriod, ...], facility: Facility
) -> Ledger:
    """Follow one facility period by period: (17) and its part of (19)."""
    draws = [x.draws_usd[facility.id] for x in table]
    start, number = facility.repayment_start_period, facility.number_of_instalments
    owed, drawn = 0.0, 0.0
    ledger = Ledger(facility, draws, [], [], [])
    for t, draw in enumerate(draws):
        due = 0.0
        years = instance.horizon.years_between(t, t + 1)
        if start is not None and number is not None and start <= t < start + number:
            due = sum(draws[:start]) / number
        drawn += draw
        owed += draw - due
        fee = facility.exposure_fee * draw
        fee += facility.rate_per_year * years * owed
        if facility.last_draw_period is None or t <= facility.last_draw_period:
            undrawn = facility.limit_usd - drawn
            fee += facility.commitment_fee_per_year * years * undrawn
        ledger.due.append(due)
        ledger.balance.append(owed)
        ledger.fees.append(fee)
    return ledger


def _draws(ledger: Ledger) -> Violations:
    """(16) draws within limit and window, never back."""
    f = ledger.facility
    total = sum(ledger.draws)
    yield from at_most("draw_limit", f.id, total, f.limit_usd, 0.0)
    for t, draw in enumerate(ledger.draws):
        where = f"{f.id}, t={t}"
        yield from at_least("draw_sign", where, draw, 0.0, 0.0)
        is_late = f.last_draw_period is not None and t > f.last_draw_period
        if t < f.first_draw_period or is_late:
            yield from at_most("draw_window", where, draw, 0.0, 0.0)


def _draws_by_rule(ruled: Ruled) -> Violations:
    """(16) what the cash rule draws is within each limit in every scenario."""
    for facility, drawn in zip(ruled.facilities, ruled.drawn, strict=True):
        w, t = np.unravel_index(int(drawn.argmax()), drawn.shape)
        where = f"{facility.id}, w={w}, t={int(t) - 1}"
        highest = float(drawn[w, t])
        yield from at_most("draw_limit", where, highest, facility.limit_usd, 0.0)


def _debt_to_equity(
    instance: Instance, ledgers: list[Ledger], ruled: Ruled, old: list[OldDebt]
) -> Violations:
    """(18) debt <= debt_to_equity_limit capital in each period."""
    limit = instance.financing.debt_to_equity_limit
    if limit is None:
        return
    equity = sum(
        x.limit_usd for x in instance.financing.facilities if x.kind == "equity"
    )
    equity += sum(max(x.balance) for x in old if x.facility.kind == "equity")
    tolerance = LIMIT * limit * equity
    debt = _owed(ledgers, ruled, old, lambda x: x.kind == "loan")
    most = limit * _owed(ledgers, ruled, old, lambda x: x.kind == "equity")
    for t, w in enumerate((debt - most).argmax(axis=0)):
        owed, allowed = float(debt[w, t]), float(most[w, t])
        yield from at_most("debt_to_equity", f"t={t}", owed, allowed, tolerance)


def _needs_collateral(facility: Facility) -> bool:
    return facility.kind == "loan" and not facility.guaranteed


def _owed(
    ledgers: list[Ledger],
    ruled: Ruled,
    old: list[OldDebt],
    counts: Callable[[Facility], bool],
) -> Floats:
    """Return the balance (w, t) of all facilities that count."""
    owed = ruled.owed(counts)
    for x in (*ledgers, *old):
        if counts(x.facility):
            owed = owed + np.array(x.balance)
    return owed


def _cash(counted: Recount, ledgers: list[Ledger], old: list[OldDebt]) -> Cash:
    """Return the cash balance without what the cash rule draws."""
    opening = opening_cash_usd(counted.instance)
    flow = np.zeros(counted.scenarios.price.shape[1:])
    moved = np.zeros_like(flow)
    for part in (*_payments(counted, ledgers), *(-np.array(x.paid) for x in old)):
        flow += part
        moved += np.abs(part)
    left, turned = _before_start(counted, ledgers)
    first = np.ones((len(flow), 1))
    balance = [left * first, opening + np.cumsum(flow, axis=1)]
    sums = [turned * first, opening + np.cumsum(moved, axis=1)]
    return Cash(np.concatenate(balance, axis=1), np.concatenate(sums, axis=1))


def _before_start(counted: Recount, ledgers: list[Ledger]) -> tuple[float, float]:
    """Return what is left once what is in place is paid for, and what was moved."""
    signed = {x.contract for x in counted.plan.contracts}
    paid = sum(x.bought_before * x.opening_unit_cost for x in counted.moved)
    paid += sum(
        signing_cost_usd(counted.instance, x)
        for x in counted.instance.contracts
        if x.id in signed
    )
    received = opening_cash_usd(counted.instance)
    received += sum(x.upfront_fee_usd for x in counted.plan.awards)
    received += sum((1 - x.facility.exposure_fee) * x.draws[0] for x in ledgers)
    return received - paid, received + paid


def _payments(counted: Recount, ledgers: list[Ledger]) -> Iterator[Floats]:
    """Yield what each part of the plan is paid less what it pays, (w, t) or (t)."""
    instance, scenarios = counted.instance, counted.scenarios
    for x in counted.moved:
        yield x.cash_flow
    for sold in counted.sales:
        yield sold.cash_flow
    for contract in counted.deliveries:
        yield contract.cash_flow
    yield member_fees_usd(instance)
    yield -due_usd(instance)
    for ledger in ledgers:
        yield np.array(ledger.draws)
        yield -np.array(ledger.due) - np.array(ledger.fees)
    for m, material in enumerate(instance.materials):
        price, planned = scenarios.base_price[m], counted.planned(material)
        yield -np.array(
            [
                premium_usd(instance, material, float(bought), float(price[t]))
                for t, bought in enumerate(planned)
            ]
        )


def _cash_rows(cash: Cash) -> Violations:
    """(20) cash >= 0 before the start and in each period."""
    slack = LIMIT * cash.moved
    for t, w in enumerate((cash.balance + slack).argmin(axis=0), start=-1):
        where = f"w={w}, t={t}" if t >= 0 else "before the start"
        lowest, tolerance = float(cash.balance[w, t + 1]), float(slack[w, t + 1])
        yield from at_least("cash_nonnegative", where, lowest, 0.0, tolerance)


def _collateral(counted: Recount, debt: Floats, cash: Cash) -> Violations:
    """(21) collateral_cover debt that needs it <= stock value + cash."""
    cover = counted.instance.financing.collateral_cover
    if cover is None or not counted.instance.financing.facilities:
        return
    held, slack = cash.balance[:, 1:].copy(), LIMIT * cash.moved[:, 1:]
    for x in counted.moved:
        held += (x.on_hand + x.late) * counted.scenarios.price[x.m]
    for sold in counted.sales:
        held += sold.on_hand * counted.scenarios.price[sold.m]
    for t, w in enumerate((held - cover * debt + slack).argmin(axis=0)):
        where, found, least = f"w={w}, t={t}", held[w, t], cover * debt[w, t]
        tolerance = float(slack[w, t])
        yield from at_least("collateral", where, float(found), float(least), tolerance)


def _table(
    counted: Recount,
    ledgers: list[Ledger],
    ruled: Ruled,
    old: list[OldDebt],
    cash: Cash,
) -> Violations:
    probability, balance = counted.scenarios.probability, cash.balance[:, 1:]
    expected, lowest = probability @ balance, balance.min(axis=0)
    moved = ROUNDING * cash.moved[:, 1:].max(axis=0)
    limits = ROUNDING * counted.instance.financing.limits_usd()
    costs = ruled.costs + ruled.accrued
    paid = np.diff(probability @ costs)
    paid[0] += float(probability @ costs[:, 0])
    before = {x.facility.id: x.balance for x in old}
    nothing = [0.0] * len(counted.plan.financing)
    limits += ROUNDING * sum(max(balance) for balance in before.values())
    for t, x in enumerate(counted.plan.financing):
        for ledger in ledgers:
            name = ledger.facility.id
            owed = ledger.balance[t] + before.get(name, nothing)[t]
            printed = x.balances_usd[name]
            yield from equal("balance", f"{name}, t={t}", printed, owed, limits)
        for facility, drawn in zip(ruled.facilities, ruled.drawn, strict=True):
            name = f"{facility.id}, t={t}"
            owed = drawn[:, t + 1] + before.get(facility.id, nothing)[t]
            for row, printed, found in (
                ("expected_balance", x.expected_balances_usd, probability @ owed),
                ("highest_balance", x.highest_balances_usd, owed.max()),
            ):
                yield from equal(
                    row, name, printed[facility.id], float(found), float(moved[t])
                )
        where, fees = f"t={t}", sum(ledger.fees[t] for ledger in ledgers)
        fees += float(paid[t]) + sum(x.interest[t] for x in old)
        mean, least, slack = float(expected[t]), float(lowest[t]), float(moved[t])
        slow = limits + (slack if ruled.facilities else 0.0)
        yield from equal("fees", where, x.interest_and_fees_usd, fees, slow)
        yield from equal("expected_cash", where, x.expected_cash_usd, mean, slack)
        yield from equal("lowest_cash", where, x.lowest_cash_usd, least, slack)


def _budget(counted: Recount, ledgers: list[Ledger], ruled: Ruled) -> Violations:
    """Yield unless scheduled draws and the most by the cash rule are what is used."""
    promise = counted.plan.promise
    budget = promise.budget_usd
    used = sum(sum(x.draws) for x in ledgers)
    highest = float(ruled.drawn.sum(axis=0).max(initial=0.0))
    used += highest
    slack = LIMIT * highest
    yield from equal("budget_used", "promise", promise.budget_used_usd, used, slack)
    yield from at_least("budget_left", "promise", budget - used, 0.0, LIMIT * budget)


def _cost_of_holding(
    counted: Recount,
    ledgers: list[Ledger],
    ruled: Ruled,
    old: list[OldDebt],
    cash: Cash,
) -> Violations:
    """Compare what owners have lost at the end with both figures of the promise."""
    instance, promise = counted.instance, counted.plan.promise
    probability, replayed = counted.scenarios.probability, promise.cost_of_holding
    if replayed is None and promise.cost_of_holding_usd is None:
        return  # a plan of before, which promises nothing of it
    if replayed is None or promise.cost_of_holding_usd is None:
        yield from same("cost_of_holding", "promise", "one figure", "both, or none")
        return
    haircut, stock = instance.financing.final_value_haircut, np.zeros(len(probability))
    for x in counted.moved:
        left = x.on_hand[:, -1] + x.late[:, -1]
        stock += left * counted.scenarios.price[x.m, :, -1]
    for sold in counted.sales:
        stock += sold.on_hand[-1] * counted.scenarios.price[sold.m, :, -1]
    known = opening_cash_usd(instance) + member_fees_usd(instance).sum()
    known -= due_usd(instance).sum()
    known -= sum(sum(x.paid) for x in old)
    earned = cash.balance[:, -1] - known
    owed = ruled.drawn[:, :, -1].sum(axis=0) + sum(x.balance[-1] for x in ledgers)
    owed += ruled.accrued[:, -1]
    today = [
        float(counted.scenarios.base_price[m, 0]) * price_level(instance, material.id)
        for m, material in enumerate(instance.materials)
    ]
    opening = sum((x.held + x.on_order) * today[x.m] for x in counted.moved)
    opening += sum(x.sale.tonnes * today[x.m] for x in counted.sales)
    lost = owed - earned - (1 - haircut) * (stock - opening)
    horizon = instance.horizon
    factor = (1 + horizon.discount_rate_per_year) ** -horizon.years
    expected = factor * float(probability @ lost)
    slack = PROMISE * (float(probability @ (cash.moved[:, -1] + stock)) + opening)
    for name, found in (
        ("cost_of_holding", promise.cost_of_holding_usd),
        ("simulated_cost_of_holding", replayed.total_usd),
    ):
        yield from equal(name, "promise", found, expected, slack)
    fees = float(sum(sum(x.fees) for x in ledgers))
    fees += float(probability @ (ruled.costs + ruled.accrued)[:, -1])
    for name, found, wanted in (
        ("haircut", replayed.final_value_haircut, haircut),
        ("discount_factor", replayed.discount_factor, factor),
        ("interest_and_fees", replayed.interest_and_fees_usd, fees),
        ("opening_stock", replayed.opening_stock_usd, opening),
        ("final_stock", replayed.final_stock_usd, float(probability @ stock)),
    ):
        tolerance = ROUNDING * (abs(wanted) + slack)
        yield from equal(name, "cost of holding", found, wanted, tolerance)
