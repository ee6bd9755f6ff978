"""All analyses: the one list that command line, interface and workers read.

To add one: its parameters, a function that runs it, and its entry here. The interface
then has it; a command presents it in `service/cli/commands/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from models.calibration import Calibration
from models.explanation import Explanation
from models.financing_view import FinancingView
from models.frontier import Frontier
from models.historic_rehearsal import HistoricRehearsal
from models.history import History
from models.manifest import Manifest
from models.orders import Orders
from models.participant_view import ParticipantView
from models.plan_comparison import PlanComparison
from models.record import Record
from models.rehearsal import Rehearsal
from models.right_menu import RightMenus
from models.rule_comparison import RuleComparison
from models.scenario_table import ScenarioHead
from models.sensitivity import Sensitivity
from models.trajectories import PlanTrajectories
from service.analyses.parameters import (
    AdvanceParameters,
    AnalysisParameters,
    CalibrationParameters,
    ComparePlansParameters,
    CompareRulesParameters,
    DossierParameters,
    ExplainParameters,
    FinancingParameters,
    FrontierParameters,
    MpsParameters,
    ParticipantParameters,
    PicturesParameters,
    PlanParameters,
    RehearseHistoryParameters,
    RehearseParameters,
    ReplayParameters,
    ScenariosParameters,
    SensitivityParameters,
    SmpsParameters,
    ValueRightsParameters,
)

IMAGES = ("image/svg+xml", "image/png")
JSON, TEXT = "application/json", "text/plain"


class Subject(StrEnum):
    """What an analysis is of."""

    CASE = "case"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis. run names the function that computes it, module:function.

    document is the kind of record that its answer has all fields of, for tables; files
    are the media types of the files that its answer may have. Without has_report its
    answer has no tables that print: pictures, or a report of its own. is_own: it tells
    its parameter `participant` nothing of others, so planners of it may order it.
    """

    name: str
    title: str
    parameters: type[AnalysisParameters]
    run: str
    document: type[Record] | None = None
    files: tuple[str, ...] = ()
    has_report: bool = True
    is_own: bool = False

    @property
    def subject(self) -> Subject:
        """What it is of: a case, or a plan with its case."""
        is_of_plan = issubclass(self.parameters, PlanParameters)
        return Subject.PLAN if is_of_plan else Subject.CASE

    def read(self, answer: str) -> Record | None:
        """Return the record in an answer, which is JSON.

        None if its answers have none, or this one: a case without a plan has not.
        """
        if self.document is None:
            return None
        try:
            # An answer also has warnings and the list of its files.
            return self.document.model_validate_json(answer, extra="ignore")
        except ValidationError:
            return None

    def loaded(self) -> Any:  # noqa: ANN401 - a function by its name
        """Return the function that runs it, with all that it needs loaded."""
        module, _, function = self.run.partition(":")
        return getattr(import_module(module), function)


def operation_of(analysis: Analysis) -> str:
    """Return the name of the operation that orders an analysis over HTTP."""
    return f"submit_{analysis.name.replace('-', '_')}"


def own_operation_of(analysis: Analysis) -> str:
    """Return the name of the operation by which a planner orders its own analysis."""
    return f"order_own_{analysis.name.replace('-', '_')}"


PLANS, CASES = "service.analyses.of_plans", "service.analyses.of_cases"
DOSSIER = "service.analyses.dossier.running"

ANALYSES: Mapping[str, Analysis] = {
    analysis.name: analysis
    for analysis in (
        Analysis(
            "explain",
            "Why a plan is as it is: the worth of each part, its limits, its drivers.",
            ExplainParameters,
            f"{PLANS}:explain",
            Explanation,
        ),
        Analysis(
            "compare-rules",
            "Other release rules and a clairvoyant with the levels of a plan.",
            CompareRulesParameters,
            f"{PLANS}:compare_rules",
            RuleComparison,
            IMAGES,
        ),
        Analysis(
            "compare-plans",
            "What changes from another plan to this one, why, and what keeping it "
            "would cost.",
            ComparePlansParameters,
            f"{PLANS}:compare_plans",
            PlanComparison,
        ),
        Analysis(
            "rehearse",
            "Planning again in the middle of fresh paths, beside the plan as printed.",
            RehearseParameters,
            f"{PLANS}:rehearse",
            Rehearsal,
        ),
        Analysis(
            "rehearse-history",
            "Planning again in historic replays, from what was known at each date.",
            RehearseHistoryParameters,
            f"{PLANS}:rehearse_history",
            HistoricRehearsal,
        ),
        Analysis(
            "replay",
            "A plan in the historic replays of its case.",
            ReplayParameters,
            f"{PLANS}:replay",
            History,
        ),
        Analysis(
            "advance",
            "The orders of an observed period by the printed rules, and its books.",
            AdvanceParameters,
            f"{PLANS}:advance",
            Orders,
            (JSON,),
        ),
        Analysis(
            "participant",
            "What a plan means for one participant, without figures of the others.",
            ParticipantParameters,
            f"{PLANS}:participant",
            ParticipantView,
            is_own=True,
        ),
        Analysis(
            "financing",
            "What a lender asks for: schedule, covenants, collateral, stress.",
            FinancingParameters,
            f"{PLANS}:financing",
            FinancingView,
            IMAGES,
        ),
        Analysis(
            "pictures",
            "Stock, cost and shortages of a plan on fresh scenarios, drawn.",
            PicturesParameters,
            f"{PLANS}:pictures",
            PlanTrajectories,
            IMAGES,
            has_report=False,
        ),
        Analysis(
            "audit",
            "A plan checked again, and everything about it in one zip with a report.",
            DossierParameters,
            f"{DOSSIER}:audit",
            Manifest,
            ("application/zip",),
            has_report=False,
        ),
        Analysis(
            "sensitivity",
            "A case solved under changed assumptions.",
            SensitivityParameters,
            f"{CASES}:sensitivity",
            Sensitivity,
            IMAGES,
        ),
        Analysis(
            "frontier",
            "A case solved for a range of budgets.",
            FrontierParameters,
            f"{CASES}:frontier",
            Frontier,
            (JSON, *IMAGES),
        ),
        Analysis(
            "calibration",
            "Modelled losses of a case beside published ones.",
            CalibrationParameters,
            f"{CASES}:calibration",
            Calibration,
        ),
        Analysis(
            "value-rights",
            "What the rights that a participant asks for are worth to it, by quantity.",
            ValueRightsParameters,
            f"{CASES}:value_rights",
            RightMenus,
            is_own=True,
        ),
        Analysis(
            "scenarios",
            "The planning scenarios of a case, or its historic replays, as a table.",
            ScenariosParameters,
            f"{CASES}:scenarios",
            ScenarioHead,
            ("application/vnd.apache.parquet", "text/csv"),
            has_report=False,
        ),
        Analysis(
            "smps",
            "A case over its planning scenarios as core, time and stoch file.",
            SmpsParameters,
            f"{CASES}:smps",
            files=(TEXT,),
        ),
        Analysis(
            "mps",
            "A case over its planning scenarios as one program.",
            MpsParameters,
            f"{CASES}:mps",
            files=(TEXT, "application/gzip"),
        ),
    )
}
