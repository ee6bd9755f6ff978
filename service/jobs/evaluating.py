"""Evaluate a plan in the process of a job: statistics, and tables by scenario.

It loads the simulator, so only the processes of jobs import it.
"""

import base64

import numpy as np

from models.evaluation import Fresh
from models.instance import Instance
from models.plan import Plan
from service.jobs.messages import Evaluated, EvaluatedTable
from service.optimization import ScenarioResults, evaluate_by_scenario
from service.tabular.flat_tables import Column, tables_of
from service.tabular.table_files import arrays_as_parquet, as_parquet

SCENARIO = Column("scenario", int, "Number of the scenario, from 0.")


def evaluate(
    instance: Instance,
    plan: Plan,
    fresh: Fresh,
    *,
    executor: str,
    number_of_threads: int | None = None,
) -> Evaluated:
    """Simulate a plan on fresh scenarios; return statistics and tables to store."""
    evaluation, results = evaluate_by_scenario(
        instance,
        plan,
        fresh=fresh,
        executor=executor,
        number_of_threads=number_of_threads,
    )
    files = {
        "scenarios": _scenarios(results),
        "periods": _periods(results),
        **{x.name: as_parquet(x) for x in tables_of("evaluation", evaluation)},
    }
    return Evaluated(
        evaluation=evaluation,
        tables=tuple(
            EvaluatedTable(name=name, content=base64.b64encode(content).decode())
            for name, content in files.items()
        ),
    )


def _scenarios(results: ScenarioResults) -> bytes:
    number = np.arange(len(results.probability))
    return arrays_as_parquet(
        {
            SCENARIO: number,
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
    )


def _periods(results: ScenarioResults) -> bytes:
    w, t = results.cash_usd.shape
    scenarios, periods = np.indices((w, t))
    return arrays_as_parquet(
        {
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
    )
