"""Evaluate a plan in the process of a job: statistics, and tables by scenario.

It loads the simulator, so only the processes of jobs import it.
"""

import base64

from models.evaluation import Fresh
from models.instance import Instance
from models.plan import Plan
from service.analyses.scenario_results import result_tables
from service.jobs.messages import Evaluated, EvaluatedTable
from service.optimization import evaluate_by_scenario
from service.tabular.flat_tables import tables_of
from service.tabular.table_files import arrays_as_file, as_parquet


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
        **{
            name: arrays_as_file(columns, ".parquet")
            for name, columns in result_tables(results).items()
        },
        **{x.name: as_parquet(x) for x in tables_of("evaluation", evaluation)},
    }
    return Evaluated(
        evaluation=evaluation,
        tables=tuple(
            EvaluatedTable(name=name, content=base64.b64encode(content).decode())
            for name, content in files.items()
        ),
    )
