"""From a case to a checked plan, and analyses of plans. Knows no web, no database."""

# Before anything loads SciPy.
from optimizer import scipy_loading  # noqa: F401 # pyright: ignore[reportUnusedImport]
from optimizer.advance.advance import Advanced, advance, wrong_by_plan
from optimizer.budget_price import budget_price_check
from optimizer.calibration import calibrate
from optimizer.checked_plan import PlanRejectedError
from optimizer.decomposition.session import SolveSession
from optimizer.decomposition.warm_start import UnreadableWarmStartError, WarmStart
from optimizer.evaluation.decisions import PlanMismatchError
from optimizer.evaluation.evaluate import evaluate, evaluate_by_scenario
from optimizer.evaluation.financing_view import financing_view
from optimizer.evaluation.history import UnknownReplayError, replay_history
from optimizer.evaluation.participant import UnknownParticipantError, participant_view
from optimizer.evaluation.right_menu import right_menus
from optimizer.evaluation.trajectories import trajectories
from optimizer.explanation.explain import explain
from optimizer.frontier import frontier
from optimizer.plan_comparison.compare import (
    PlanOfCase,
    compare_plans,
    plan_changes,
)
from optimizer.progress import SolveCallbacks
from optimizer.rehearsal.history import rehearse_history
from optimizer.rehearsal.rehearse import rehearse
from optimizer.rule_comparison.compare import compare_rules
from optimizer.sample_quality import sample_quality
from optimizer.sensitivity import sensitivity
from optimizer.simplicity import simplicity
from optimizer.solve import solve, solve_in_session
from optimizer.verification import verify

__all__ = [
    "Advanced",
    "PlanMismatchError",
    "PlanOfCase",
    "PlanRejectedError",
    "SolveCallbacks",
    "SolveSession",
    "UnknownParticipantError",
    "UnknownReplayError",
    "UnreadableWarmStartError",
    "WarmStart",
    "advance",
    "budget_price_check",
    "calibrate",
    "compare_plans",
    "compare_rules",
    "evaluate",
    "evaluate_by_scenario",
    "explain",
    "financing_view",
    "frontier",
    "participant_view",
    "plan_changes",
    "rehearse",
    "rehearse_history",
    "replay_history",
    "right_menus",
    "sample_quality",
    "sensitivity",
    "simplicity",
    "solve",
    "solve_in_session",
    "trajectories",
    "verify",
    "wrong_by_plan",
]
