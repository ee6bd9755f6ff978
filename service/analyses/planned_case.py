"""A case with a plan that can be followed in it, and what is to be warned of."""

from dataclasses import dataclass

from pydantic import ValidationError

from models.case_warnings import warnings_of
from models.instance import Instance
from models.mistakes import Mistake
from models.options import SolveOptions
from models.plan import Plan
from models.reading import InvalidCaseError
from service.files.validation import mistakes_in


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

    @property
    def plan_warnings_of_the_start(self) -> list[str]:
        """The same, but none if periods have passed since the plan was made."""
        periods = self.instance.horizon.number_of_periods
        is_at_start = len(self.plan.financing) == periods
        return self.plan_warnings if is_at_start else []

    def fresh_seed(self, seed: int | None) -> int:
        """Return the seed given, else one that the plan was not made with."""
        return self.plan.provenance.seed + 1 if seed is None else seed


@dataclass(frozen=True, slots=True)
class ComparedCase(PlannedCase):
    """A case with its plan, and another plan with its case to compare it with."""

    against: PlannedCase


def case_warnings(instance: Instance) -> list[str]:
    """Return the warnings of a case as text."""
    return [str(warning) for warning in warnings_of(instance)]


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
