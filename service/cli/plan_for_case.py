"""A plan and the case that it is to be followed in."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from models.instance import Instance
from models.mistakes import Mistake
from models.options import SolveOptions
from models.plan import Plan
from models.plan_references import plan_mistakes
from models.reading import InvalidCaseError
from models.record import LARGEST_WHOLE
from service.files.plans import read_plan
from service.files.validation import mistakes_in

DEFAULT_NUMBER_OF_SCENARIOS = 1_000

FreshOption = Annotated[
    int, typer.Option("--scenarios", min=1, max=1_000_000, help="Fresh scenarios.")
]
FreshSeedOption = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        max=LARGEST_WHOLE,
        help="Seed of the scenarios; if absent, the plan's seed + 1.",
        show_default=False,
    ),
]


def read_plan_for(instance: Instance, path: Path) -> Plan:
    """Return a plan that can be followed in the case, or raise InvalidCaseError."""
    plan = read_plan(path)
    planned_options(plan)
    if mistakes := plan_mistakes(plan, instance):
        raise InvalidCaseError(mistakes)
    return plan


def fresh_seed(plan: Plan, seed: int | None) -> int:
    """Return the seed that was asked for, else one the plan was not made with."""
    return plan.provenance.seed + 1 if seed is None else seed


def planned_options(plan: Plan) -> SolveOptions:
    """Return the options that a plan was made with, or raise InvalidCaseError."""
    try:
        return SolveOptions.model_validate(plan.provenance.options)
    except ValidationError as error:
        found = mistakes_in(error, "")
        raise InvalidCaseError(
            [
                Mistake(f"provenance.options.{x.path}", x.value, x.expected)
                for x in found
            ]
        ) from None


def warnings_about(instance: Instance, plan: Plan) -> list[str]:
    """Return a warning if the plan was made for another case."""
    # How a case was solved is part of its hash, but not of what a plan is made for.
    as_solved = instance.model_copy(update={"options": planned_options(plan)})
    made_for, given = plan.provenance.instance_hash, instance.content_hash
    if made_for in {given, as_solved.content_hash}:
        return []
    warning = (
        f"the plan was made for another case: {made_for[:12]} "
        f"({plan.provenance.instance_id}), given {given[:12]} ({instance.id})"
    )
    return [warning]
