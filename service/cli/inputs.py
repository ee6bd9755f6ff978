"""From the arguments of a command to a case and a plan that are read and checked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from models.case_warnings import warnings_of
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

Value = TypeVar("Value")
FLAGS = {
    "number_of_scenarios": "--scenarios",
    "time_limit_s": "--time-limit",
    "menu_refinements": "--refine",
}


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A case and a plan that refers to nothing else; it may be for another case."""

    instance: Instance
    plan: Plan

    @property
    def warnings(self) -> list[str]:
        """The warnings of the case, and one if the plan was made for another."""
        return [*case_warnings(self.instance), *self.plan_warnings]

    @property
    def plan_warnings(self) -> list[str]:
        """A warning if the plan was made for another case."""
        return warnings_about(self.instance, self.plan)

    def fresh_seed(self, seed: int | None) -> int:
        """Return the seed given, else one that the plan was not made with."""
        return self.plan.provenance.seed + 1 if seed is None else seed


def read_case(
    name_or_path: str,
    assignments: Sequence[str] | None = None,
    options: Mapping[str, object] | None = None,
    *,
    is_strict: bool = False,
) -> Instance:
    """Return the case with its assignments and those options that are not None.

    Raises InvalidCaseError if the file, a path or the case is wrong, or if an option
    is given by its flag and by an assignment; if strict, also with the warnings of the
    case.
    """
    given = [
        (FLAGS.get(key, f"--{key}"), f"options.{key}", value)
        for key, value in (options or {}).items()
        if value is not None
    ]
    instance = read_instance(override(load(name_or_path), assignments or [], given))
    if is_strict and (warnings := warnings_of(instance)):
        raise InvalidCaseError(warnings)
    return instance


def case_warnings(instance: Instance) -> list[str]:
    """Return the warnings of a case as text."""
    return [str(warning) for warning in warnings_of(instance)]


def read_planned_case(
    case: str,
    path: Path,
    assignments: Sequence[str] | None,
    further_mistakes: Callable[[Instance], Iterable[Mistake]] = lambda _: (),
    *,
    is_strict: bool = False,
) -> PlannedCase:
    """Return a case and a plan that can be followed in it.

    Raises InvalidCaseError with the mistakes of the plan and `further_mistakes`, which
    are those of other arguments of the command.
    """
    instance = read_case(case, assignments, is_strict=is_strict)
    plan = read_plan_for(instance, path, further_mistakes(instance))
    return PlannedCase(instance, plan)


def read_plan_for(
    instance: Instance, path: Path, further_mistakes: Iterable[Mistake] = ()
) -> Plan:
    """Return a plan that can be followed in the case, or raise InvalidCaseError."""
    plan = read_plan(path)
    planned_options(plan)
    if mistakes := [*plan_mistakes(plan, instance), *further_mistakes]:
        raise InvalidCaseError(mistakes)
    return plan


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
    # The options of a solve are part of a case's hash, but a plan fits any of them.
    as_solved = instance.model_copy(update={"options": planned_options(plan)})
    made_for, given = plan.provenance.instance_hash, instance.content_hash
    if made_for in {given, as_solved.content_hash}:
        return []
    warning = (
        f"the plan was made for another case: {made_for[:12]} "
        f"({plan.provenance.instance_id}), given {given[:12]} ({instance.id})"
    )
    return [warning]


def attempted(read: Callable[[], Value], mistakes: list[Mistake]) -> Value | None:
    """Return what is read, or None after adding the mistakes of InvalidCaseError."""
    try:
        return read()
    except InvalidCaseError as error:
        mistakes += error.mistakes
        return None
