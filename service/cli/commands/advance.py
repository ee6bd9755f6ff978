"""strongroom advance: the orders of an observed period, and the case after it."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.observation_reading import no_further
from models.orders import Orders, of_another_chain
from models.plan import Plan
from models.reading import InvalidCaseError
from service.analyses.parameters import AdvanceParameters
from service.analyses.planned_case import PlannedCase
from service.analyses.run import AnalysisResult
from service.casefiles import path_of
from service.cli.analyses import analysed, local, run_of
from service.cli.inputs import attempted, read_case
from service.cli.options import (
    CaseArgument,
    JsonOption,
    PlanArgument,
    SetOption,
    StrictOption,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.files.observations import read_observation_file, read_orders
from service.files.plans import read_plan
from service.files.writing import check_output, write_whole
from service.printing.orders import order_tables

ObservedOption = Annotated[
    Path,
    typer.Option(
        "--observed",
        metavar="FILE",
        help="Facts of the period, in YAML or JSON: events or availability, prices, "
        "demand, and what was done otherwise than ordered.",
        show_default=False,
    ),
]
PreviousOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Orders of the period before (written by --orders), whose costs so far "
        "are added to.",
        show_default=False,
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Write the case as it stands after the period, as JSON.",
        show_default=False,
    ),
]
OrdersOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the orders, as JSON.", show_default=False),
]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    path: PlanArgument,
    *,
    observed: ObservedOption,
    previous: PreviousOption = None,
    output: OutputOption = None,
    orders: OrdersOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what to do in the period that comes next, by the printed rules of a plan.

    The facts are those of the first period of the case. What is not known of them is
    asked for by its name.
    """
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        reads = {"case": path_of(case), "plan": path, "facts": observed}
        others = {f"the file of the {name}": file for name, file in reads.items()}
        others["the file of --previous"] = previous
        mistakes = _unwritable(others, output, orders)
        plan, parameters = _given(instance, path, observed, previous, mistakes)
        given = PlannedCase(instance, plan)
        result = analysed("advance", given, parameters, run_of(None, as_json=as_json))
        _write(result, output, orders)
        if as_json:
            print_json(
                {**result.answer, "output": local(output), "orders": local(orders)}
            )
            return
        found = result.found
        assert isinstance(found, Orders)  # noqa: S101 - what it finds
        warnings = result.answer["warnings"]
        print_tables(*order_tables(found, instance), warnings=warnings)


def _unwritable(
    others: dict[str, Path | None], output: Path | None, orders: Path | None
) -> list[Mistake]:
    """Return what is wrong with the files to write; others are those that are read."""
    mistakes: list[Mistake] = []
    if output is not None:
        attempted(lambda: check_output(output, others), mistakes)
    if orders is not None:
        outputs = {"the file of --output": output}
        attempted(lambda: check_output(orders, others | outputs), mistakes)
    return mistakes


def _given(
    instance: Instance,
    path: Path,
    observed: Path,
    previous: Path | None,
    mistakes: list[Mistake],
) -> tuple[Plan, AdvanceParameters]:
    """Return plan, facts and earlier orders; the mistakes of all are told at once.

    mistakes are those found before.
    """
    from service.optimization import wrong_by_plan  # noqa: PLC0415 - slow to load

    plan = attempted(lambda: read_plan(path), mistakes)
    further = no_further if plan is None else partial(wrong_by_plan, instance, plan)
    facts: Observation | None = attempted(
        lambda: read_observation_file(observed, instance, further), mistakes
    )
    before = None
    if previous is not None:
        before = attempted(lambda: read_orders(previous), mistakes)
    if before is not None:
        mistakes += of_another_chain(instance.content_hash, before)
    if mistakes or plan is None or facts is None:
        raise InvalidCaseError(mistakes)
    return plan, AdvanceParameters(observed=facts, previous=before)


def _write(result: AnalysisResult, output: Path | None, orders: Path | None) -> None:
    """Write what is asked for; raise InvalidCaseError if no case comes next."""
    if output is not None:
        if not result.files:
            reason = " ".join(result.answer["endings"])
            expected = f"not to be asked for: {reason}"
            raise InvalidCaseError([Mistake("--output", str(output), expected)])
        for file in result.files:
            write_whole(file.content, output)
    if orders is not None:
        content = f"{result.found.model_dump_json(indent=2)}\n"
        write_whole(content.encode(), orders)
