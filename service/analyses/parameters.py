"""The parameters of each analysis: their meaning, limits and defaults.

They are read from JSON. What depends on the case or the plan is checked by `mistakes`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from models.frontier import Against
from models.impossible_facts import impossible_facts
from models.instance import Instance
from models.known_events import lacks_for_rehearsal
from models.mistakes import Mistake
from models.observation import Observation
from models.observation_mistakes import wrong_observation
from models.orders import Orders
from models.reading import InvalidCaseError, read_stored_instance
from models.record import LARGEST_WHOLE
from models.sensitivity import Assumption
from service.analyses.budgets import Budgets
from service.analyses.planned_case import PlannedCase
from service.analyses.run import without_additions

DEFAULT_NUMBER_OF_SCENARIOS = 1_000
DEFAULT_VALUE_SCENARIOS = 20
DEFAULT_PRICE_TRIGGER = 1.5
DEFAULT_PRICE_FALL = 0.3
DEFAULT_REPLAN_EVERY = 6
DEFAULT_PATHS = 20
DEFAULT_REHEARSAL_SCENARIOS = 20
DEFAULT_REPLAN_TIME_LIMIT_S = 60.0
DEFAULT_CHANGES = (0.15, 0.2)  # of an assumption, both ways

# The file of the answer of `advance` that has the case of the next period.
NEXT_CASE = "next_case.json"
BUDGET_FACTORS = (0.9, 0.95, 1.0, 1.05, 1.1)  # of the budgets of an explanation
# What is no budget is told together with other mistakes.
AnyNumber = Annotated[float, Field(allow_inf_nan=True)]


FreshScenarios = Annotated[
    int, Field(ge=1, le=1_000_000, description="Number of fresh scenarios.")
]
FreshSeed = Annotated[
    int | None,
    Field(
        ge=0,
        le=LARGEST_WHOLE,
        description="Seed of the fresh scenarios. Default: the plan's or case's + 1.",
    ),
]

Replays = Annotated[
    tuple[str, ...] | None,
    Field(description="Replays of the case to follow. Default: all."),
]


class PictureFormat(StrEnum):
    """The format of a picture."""

    SVG = "svg"
    PNG = "png"


class ScenarioFormat(StrEnum):
    """The format of a file of scenarios."""

    PARQUET = "parquet"
    CSV = "csv"


class AnalysisParameters(BaseModel):
    """The parameters of an analysis."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False
    )

    @property
    def number_of_parts(self) -> int:
        """How many parts of its answer several workers can find; 0: one finds all."""
        return 0


class PlanParameters(AnalysisParameters):
    """The parameters of an analysis of a plan with its case."""

    def mistakes(self, planned: PlannedCase) -> Iterable[Mistake]:
        """Return what the case or the plan does not have."""
        del planned
        return ()

    def completed(self, planned: PlannedCase) -> Self:
        """Return the parameters with the defaults that depend on the plan."""
        del planned
        return self


class CaseParameters(AnalysisParameters):
    """The parameters of an analysis of a case."""

    def mistakes(self, case: Instance) -> Iterable[Mistake]:
        """Return what does not go with the case."""
        del case
        return ()

    def completed(self, case: Instance) -> Self:
        """Return the parameters with the defaults that depend on the case."""
        del case
        return self


class DrawnParameters(AnalysisParameters):
    """Parameters of an analysis whose result can be drawn."""

    picture: PictureFormat | None = Field(
        default=None, description="Also draw the result."
    )


class FreshParameters(PlanParameters):
    """Parameters of an analysis that follows a plan through fresh scenarios."""

    number_of_scenarios: FreshScenarios = DEFAULT_NUMBER_OF_SCENARIOS
    seed: FreshSeed = None

    def completed(self, planned: PlannedCase) -> Self:
        """Return the parameters with a seed."""
        return self.model_copy(update={"seed": planned.fresh_seed(self.seed)})


class ExplainParameters(PlanParameters):
    """How to explain a plan."""

    with_frontier: bool = Field(
        default=True, description="Also solve the case for budgets up to 10 % away."
    )


class RuleParameters(FreshParameters):
    """The rules that a plan is compared with."""

    price_trigger: float = Field(
        default=DEFAULT_PRICE_TRIGGER,
        ge=1.0,
        le=100.0,
        description="Price at which the price-trigger rule releases, as a multiple of "
        "the undisrupted price.",
    )
    value_scenarios: int = Field(
        default=DEFAULT_VALUE_SCENARIOS,
        ge=0,
        le=1_000,
        description="Planning scenarios for the value of information; 0 skips it.",
    )


class CompareRulesParameters(RuleParameters, DrawnParameters):
    """How to compare the rules of a plan with others."""


class ComparePlansParameters(FreshParameters):
    """The plan to compare a plan with."""

    against: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="Hash of the plan to compare it with, such as the one in force; "
        "its case is needed too.",
    )


class RehearsalParameters(PlanParameters):
    """How a plan is planned again in a rehearsal."""

    replan_every: int = Field(
        default=DEFAULT_REPLAN_EVERY,
        ge=1,
        le=600,
        description="Periods from one plan to the next.",
    )
    number_of_scenarios: int = Field(
        default=DEFAULT_REHEARSAL_SCENARIOS,
        ge=1,
        le=10_000,
        description="Planning scenarios of each new solve.",
    )
    time_limit_s: float = Field(
        default=DEFAULT_REPLAN_TIME_LIMIT_S,
        gt=0,
        le=1e6,
        description="Time limit of each new solve in seconds; that of the case if it "
        "is less.",
    )
    seed: FreshSeed = None

    def completed(self, planned: PlannedCase) -> Self:
        """Return the parameters with a seed."""
        return self.model_copy(update={"seed": planned.fresh_seed(self.seed)})


class RehearseParameters(RehearsalParameters):
    """How to rehearse a plan on fresh paths."""

    number_of_paths: int = Field(
        default=DEFAULT_PATHS, ge=1, le=10_000, description="Number of fresh paths."
    )

    @property
    def number_of_parts(self) -> int:
        """Each path is one."""
        return self.number_of_paths


class RehearseHistoryParameters(RehearsalParameters):
    """How to rehearse a plan in historic replays."""

    replays: Replays = None

    def mistakes(self, planned: PlannedCase) -> Iterator[Mistake]:
        """Yield each replay that the case does not have, and what others lack in it."""
        yield from unknown_replays(self.replays, planned.instance)
        for replay in planned.instance.replays:
            if self.replays is None or replay.id in self.replays:
                lacking = lacks_for_rehearsal(planned.instance, replay)
                yield from under("case", lacking)


class ReplayParameters(PlanParameters):
    """The historic replays to follow a plan through."""

    replays: Replays = None

    def mistakes(self, planned: PlannedCase) -> Iterator[Mistake]:
        """Yield each replay that the case does not have."""
        return unknown_replays(self.replays, planned.instance)


def unknown_replays(names: Replays, case: Instance) -> Iterator[Mistake]:
    """Yield each name of a replay that the case does not have."""
    known = [replay.id for replay in case.replays]
    listed = ", ".join(known) or "none is defined"
    expected = f"one of the replays of case {case.id}: {listed}"
    for name in names or ():
        if name not in known:
            yield Mistake("replays", name, expected)


def unknown_participant(name: str, case: Instance) -> Iterator[Mistake]:
    """Yield a participant that the case does not have."""
    if name not in case.index.participant:
        # The participants are not listed: the caller may be one of them.
        yield Mistake("participant", name, "a participant of the case")


class AdvanceParameters(PlanParameters):
    """The facts of the period that comes next."""

    observed: Observation = Field(
        description="Facts of the period, and what was done in it otherwise than "
        "ordered."
    )
    previous: Annotated[Orders | None, BeforeValidator(without_additions)] = Field(
        default=None,
        description="Orders of the period before, whose costs so far are added to.",
    )
    moved_case: dict[str, JsonValue] | None = Field(
        default=None,
        description="The case as the period before left it (its file next_case.json). "
        "Default: the plan's.",
    )

    def mistakes(self, planned: PlannedCase) -> Iterator[Mistake]:
        """Yield what is wrong with the later case, or with the facts of its period."""
        try:
            case = self.case_of(planned)
        except InvalidCaseError as error:
            yield from under("moved_case", error.mistakes)
            return
        yield from under("observed", wrong_observation(case, self.observed))
        found = impossible_facts(case, planned.plan, self.observed)
        yield from under("observed", found)

    def case_of(self, planned: PlannedCase) -> Instance:
        """Return the case whose first period is observed, or raise InvalidCaseError."""
        if self.moved_case is None:
            return planned.instance
        return read_stored_instance(self.moved_case)


def under(field: str, mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """Yield mistakes of a document as those of a parameter that has it."""
    for x in mistakes:
        yield replace(x, path=f"{field}.{x.path}")


class ParticipantParameters(FreshParameters):
    """The participant whose view of a plan is shown."""

    participant: str = Field(description="Id of the participant in the case.")

    def mistakes(self, planned: PlannedCase) -> Iterator[Mistake]:
        """Return a participant that the case does not have."""
        return unknown_participant(self.participant, planned.instance)


class FinancingParameters(FreshParameters, DrawnParameters):
    """How a lender looks at a plan."""

    price_fall: float = Field(
        default=DEFAULT_PRICE_FALL,
        ge=0,
        le=0.99,
        description="Stress: fall of all prices; 0.3 is 30 %.",
    )
    default: str | None = Field(
        default=None,
        description="Stress: participant in default. If absent, the one with the "
        "largest rights.",
    )

    def mistakes(self, planned: PlannedCase) -> Iterator[Mistake]:
        """Yield a participant in default that has no right in the plan."""
        tranches = planned.plan.tranches()
        holders = {x.participant for x in tranches if x.participant is not None}
        if self.default is None or self.default in holders:
            return
        known = {participant.id for participant in planned.instance.participants}
        listed = ", ".join(sorted(holders)) or "none has one"
        unknown = "" if self.default in known else ", which the case does not know"
        value = f"{self.default}{unknown}"
        expected = f"a participant with a right in the plan: {listed}"
        yield Mistake("default", value, expected)


class PicturesParameters(FreshParameters):
    """How a plan is drawn over time."""

    picture_format: PictureFormat = Field(
        default=PictureFormat.SVG, description="File format."
    )


class DossierParameters(RuleParameters):
    """What the dossier of a plan has."""

    sensitivity: bool = Field(
        default=False,
        description="Also solve the case under other assumptions, which takes long.",
    )


class SensitivityParameters(DrawnParameters, CaseParameters):
    """The assumptions to change, and by how much."""

    assumptions: tuple[Assumption, ...] | None = Field(
        default=None, description="Assumptions to change. Default: all of them."
    )
    changes: tuple[Annotated[float, Field(gt=0, lt=1)], ...] | None = Field(
        default=None,
        description="Relative changes, applied both ways; 0.15 is 15 %. Default: 0.15 "
        "and 0.2.",
    )


class FrontierParameters(DrawnParameters, CaseParameters):
    """The budgets to solve a case for."""

    smallest_factor: float | None = Field(
        default=None,
        allow_inf_nan=True,
        description="Smallest budget, as a factor on the limits of all facilities. "
        "Default: 0.5.",
    )
    largest_factor: float | None = Field(
        default=None,
        allow_inf_nan=True,
        description="Largest budget, as such a factor. Default: 2.",
    )
    number_of_points: int | None = Field(
        default=None, description="Number of budgets, in equal ratios. Default: 11."
    )
    budgets_usd: tuple[AnyNumber, ...] | None = Field(
        default=None,
        description="Budgets instead of the range: limits of all facilities plus "
        "opening cash.",
    )
    against: Against = Field(
        default=Against.BUDGET,
        description="What the picture shows the shortage cost against.",
    )
    plans: bool = Field(default=False, description="Also keep the plan of each budget.")

    @property
    def budgets(self) -> Budgets:
        """The budgets requested."""
        return Budgets(
            self.smallest_factor,
            self.largest_factor,
            self.number_of_points,
            self.budgets_usd,
        )

    def mistakes(self, case: Instance) -> Iterable[Mistake]:
        """Return what is wrong with the budgets."""
        return self.budgets.mistakes(case.financing)


class CalibrationParameters(CaseParameters):
    """Nothing is to be chosen."""


class ValueRightsParameters(CaseParameters):
    """The rights to value, and the quantities."""

    participant: str = Field(description="Id of the participant in the case.")
    lots: tuple[Annotated[int, Field(ge=1, le=LARGEST_WHOLE)], ...] | None = Field(
        default=None,
        description="Quantities in lots. Default: eight between the least and the "
        "largest award of each offer.",
    )
    number_of_scenarios: FreshScenarios = DEFAULT_NUMBER_OF_SCENARIOS
    seed: FreshSeed = None

    def mistakes(self, case: Instance) -> Iterator[Mistake]:
        """Yield a participant that the case does not have."""
        return unknown_participant(self.participant, case)

    def fresh_seed(self, case: Instance) -> int:
        """Return the seed given, else one that the case is not planned with."""
        return case.options.seed + 1 if self.seed is None else self.seed

    def completed(self, case: Instance) -> Self:
        """Return the parameters with a seed."""
        return self.model_copy(update={"seed": self.fresh_seed(case)})


class PlanningParameters(CaseParameters):
    """The planning scenarios of a case."""

    number_of_scenarios: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Number of planning scenarios. Default: the case's.",
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        le=LARGEST_WHOLE,
        description="Seed of the sampling. Default: the case's.",
    )

    def in_case(self, case: Instance) -> Instance:
        """Return the case with these options."""
        given = self.model_dump(
            include={"number_of_scenarios", "seed"}, exclude_none=True
        )
        options = case.options.model_copy(update=given)
        return case.model_copy(update={"options": options})


class ScenariosParameters(PlanningParameters):
    """Which scenarios of a case to write, and how."""

    replays: bool = Field(
        default=False,
        description="The historic replays of the case instead, equally likely.",
    )
    file_format: ScenarioFormat = Field(
        default=ScenarioFormat.PARQUET, strict=False, description="Format of the file."
    )

    def mistakes(self, case: Instance) -> Iterable[Mistake]:
        """Return a mistake if there is no replay to write."""
        if self.replays and not case.replays:
            yield Mistake("replays", "none in the case", "a case with replays")


class ExchangeParameters(PlanningParameters):
    """The planning scenarios of an exported case, and what it keeps."""

    is_relaxed: bool = Field(
        default=False,
        description="Omit integrality: no tranches, lots or other integers.",
    )


class SmpsParameters(ExchangeParameters):
    """How to write a case in SMPS."""


class MpsParameters(ExchangeParameters):
    """How to write a case in MPS."""

    is_compressed: bool = Field(default=False, description="Compress the file (gzip).")
