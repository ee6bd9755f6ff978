"""From the words of a command line to a case and a plan that were read and checked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from models.instance import Instance
from models.mistakes import Mistake
from models.options import SolveOptions
from models.plan import Plan
from models.plan_references import plan_mistakes
from models.reading import InvalidCaseError, read_instance
from service.casefiles import load
from service.files.plans import read_plan
from service.files.validation import mistakes_in
from service.overrides import override


def read_case(
    name_or_path: str,
    assignments: Sequence[str] | None = None,
    options: Mapping[str, object] | None = None,
) -> Instance:
    """Return the case with its assignments and those options that are not None.

    Raises InvalidCaseError if anything is wrong with the file, a path or the case.
    """
    case = override(load(name_or_path), assignments or [])
    given = {key: value for key, value in (options or {}).items() if value is not None}
    if given:
        case = override(
            case, [f"options.{key}={value}" for key, value in given.items()]
        )
    return read_instance(case)


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
