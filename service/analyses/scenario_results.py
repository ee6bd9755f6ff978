"""What a plan did in each scenario of an evaluation, as tables: costs, cash, stock."""

from collections.abc import Mapping

import numpy as np

from service.optimization import ScenarioResults
from service.tabular.flat_tables import Column

SCENARIO = Column("scenario", int, "Number of the scenario, from 0.")


def result_tables(
    results: ScenarioResults,
) -> dict[str, Mapping[Column, object]]:
    """Return the columns of both tables: by scenario, and by scenario and period."""
    return {"scenarios": _scenarios(results), "periods": _periods(results)}


def _scenarios(results: ScenarioResults) -> Mapping[Column, object]:
    return {
        SCENARIO: np.arange(len(results.probability)),
        Column("name", str, "Its name, as in a file of scenarios."): results.names,
        Column("probability", float, "Of the scenario."): results.probability,
        Column(
            "batch", int, "Batches are drawn independently; for intervals."
        ): results.batch,
        Column(
            "shortage_cost_usd", float, "Shortage cost with the plan."
        ): results.shortage_cost_usd,
        Column(
            "cost_without_vault_usd", float, "The same if nothing is held."
        ): results.cost_without_vault_usd,
        Column(
            "cost_of_holding_usd", float, "What owners lose beside shortages."
        ): results.cost_of_holding_usd,
    }


def _periods(results: ScenarioResults) -> Mapping[Column, object]:
    w, t = results.cash_usd.shape
    scenarios, periods = np.indices((w, t))
    return {
        SCENARIO: scenarios.ravel(),
        Column("period", int, "From 0."): periods.ravel(),
        Column("cash_usd", float, "At the end of the period."): (
            results.cash_usd.ravel()
        ),
        Column("stock_value_usd", float, "Stock at market price, then."): (
            results.stock_value_usd.ravel()
        ),
        Column("debt_usd", float, "Balance of all loans, then."): (
            results.debt_usd.ravel()
        ),
    }
