"""From the arguments of a command to a case and a plan that are read and checked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from models.case_warnings import warnings_of
from models.instance import Instance
from models.mistakes import Mistake
from models.plan import Plan
from models.plan_references import plan_mistakes
from models.reading import InvalidCaseError, read_instance
from service.analyses.planned_case import PlannedCase, planned_options
from service.casefiles import load, tables_of
from service.files.plans import read_plan
from service.overrides import override

Value = TypeVar("Value")
FLAGS = {
    "number_of_scenarios": "--scenarios",
    "time_limit_s": "--time-limit",
    "menu_refinements": "--refine",
}


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
    change = partial(override, assignments=assignments or [], options=given)
    tables = tables_of(name_or_path) if assignments else None
    if tables is None:
        instance = read_instance(change(load(name_or_path)))
    else:
        instance = read_instance(tables.checked(change))
    if is_strict and (warnings := warnings_of(instance)):
        raise InvalidCaseError(warnings)
    return instance


def read_planned_case(
    case: str,
    path: Path,
    assignments: Sequence[str] | None,
    further_mistakes: Callable[[PlannedCase], Iterable[Mistake]] = lambda _: (),
    *,
    is_strict: bool = False,
) -> PlannedCase:
    """Return a case and a plan that can be followed in it.

    Raises InvalidCaseError with the mistakes of the plan and `further_mistakes`, which
    are those of other arguments of the command.
    """
    instance = read_case(case, assignments, is_strict=is_strict)
    plan = read_plan(path)
    planned_options(plan)
    planned = PlannedCase(instance, plan)
    if mistakes := [*plan_mistakes(plan, instance), *further_mistakes(planned)]:
        raise InvalidCaseError(mistakes)
    return planned


def read_plan_for(instance: Instance, path: Path) -> Plan:
    """Return a plan that can be followed in the case, or raise InvalidCaseError."""
    plan = read_plan(path)
    planned_options(plan)
    if mistakes := plan_mistakes(plan, instance):
        raise InvalidCaseError(mistakes)
    return plan


def attempted(read: Callable[[], Value], mistakes: list[Mistake]) -> Value | None:
    """Return what is read, or None after adding the mistakes of InvalidCaseError."""
    try:
        return read()
    except InvalidCaseError as error:
        mistakes += error.mistakes
        return None
