"""The only module of the service that imports the optimizer."""

import gc
import logging
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import optimizer
from models.calibration import Calibration
from models.evaluation import Evaluation, Fresh
from models.explanation import Explanation
from models.financing_view import FinancingView
from models.frontier import Frontier, SolvedPoint
from models.historic_rehearsal import HistoricRehearsal, RehearsedReplay
from models.history import History
from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.orders import Orders
from models.outcome import Outcome, ProgressRecord, SimplicityRow
from models.participant_view import ParticipantView
from models.plan import Plan
from models.plan_comparison import PlanComparison
from models.reading import InvalidCaseError
from models.rehearsal import Rehearsal, RehearsedPath
from models.right_menu import RightMenus
from models.rule_comparison import RuleComparison
from models.scenario_table import ScenarioHead, ScenarioTable
from models.sensitivity import Assumption, Sensitivity
from models.trajectories import PlanTrajectories
from models.verification import CheckResult, Verification
from optimizer.cores import limited_cores
from optimizer.evaluation.evaluate import ScenarioResults
from optimizer.evaluation.followed_scenarios import (
    FollowedScenarios,
    own_scenarios,
    scenarios_of_file,
)
from optimizer.exchange import scenario_reading, scenario_table
from optimizer.exchange.cases import write_case_as_mps, write_case_as_smps
from optimizer.exchange.smps_reading import read_files
from optimizer.exchange.smps_sampling import (
    SampledSolution,
    SampleSizes,
    solve_sampled,
)
from optimizer.exchange.smps_solving import SmpsSolution, solve_two_stage
from optimizer.executors import (
    ExecutorUnavailableError,
    UnknownExecutorError,
    open_executors,
)
from optimizer.sample_quality import NoBoundError
from optimizer.scenarios import ScenarioSet
from optimizer.sensitivity import NoBasePlanError, variant_requests

# Modules that are loaded stay loaded. For the garbage collector to look through them
# takes a tenth of a solve, and more in a forked process, which would copy them.
gc.freeze()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChosenScenarios:
    """What to follow plans through: their own scenarios, those of a file, or fresh."""

    table: ScenarioTable | None = None
    are_own: bool = False


ANY_FRESH = ChosenScenarios()


def solve(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    *,
    scenarios: ScenarioSet | None = None,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool] | None = None,
    executor: str,
    warm_start: bytes | None = None,
    on_warm_start: Callable[[bytes], None] | None = None,
    number_of_threads: int | None = None,
) -> Outcome:
    """Solve a case with its own options on an executor.

    Scenarios are those of the options unless some are given. The solve may begin with
    the warm start of a similar case, and report its own.
    """
    with limited_cores(number_of_threads), _executors(executor) as executors:
        return optimizer.solve(
            instance,
            scenarios=scenarios,
            callbacks=optimizer.SolveCallbacks(
                on_progress, on_incumbent, on_warm_start, is_interrupted
            ),
            executors=executors,
            warm_start=warm_start,
        )


def solve_with_simplicity(
    instance: Instance,
    *,
    scenarios: ScenarioSet | None = None,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool] | None = None,
    executor: str,
) -> Outcome:
    """Solve a case; the outcome also has the cost of fewer tranches."""
    outcome = solve(
        instance,
        scenarios=scenarios,
        on_progress=on_progress,
        on_incumbent=on_incumbent,
        is_interrupted=is_interrupted,
        executor=executor,
    )
    is_over = is_interrupted is not None and is_interrupted()
    if outcome.plan is None or is_over:
        return outcome
    with _executors(executor) as executors:
        rows = optimizer.simplicity(
            instance,
            scenarios=scenarios,
            on_row=lambda row: on_progress(_progress_of(row, outcome.seconds)),
            is_interrupted=is_interrupted,
            executors=executors,
        )
    return outcome.model_copy(update={"simplicity": rows})


def _progress_of(row: SimplicityRow, seconds: float) -> ProgressRecord:
    return ProgressRecord(
        seconds=seconds,
        stage="simplicity",
        lower_bound_usd=row.lower_bound_usd,
        upper_bound_usd=row.objective_usd,
        gap=row.gap,
        message=f"at most {row.max_tranches} tranches a material",
    )


def evaluate(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    others: Sequence[Plan],
    *,
    fresh: Fresh,
    chosen: ChosenScenarios = ANY_FRESH,
    on_replication: Callable[[int], None] | None = None,
    executor: str,
) -> Evaluation:
    """Simulate plans on fresh scenarios, or on chosen ones.

    Replications for the optimality gap follow, if `fresh` asks for them.
    """
    found, _ = evaluate_by_scenario(
        instance,
        plan,
        others,
        fresh=fresh,
        chosen=chosen,
        on_replication=on_replication,
        executor=executor,
    )
    return found


def evaluate_by_scenario(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    others: Sequence[Plan] = (),
    *,
    fresh: Fresh,
    chosen: ChosenScenarios = ANY_FRESH,
    on_replication: Callable[[int], None] | None = None,
    executor: str,
    number_of_threads: int | None = None,
) -> tuple[Evaluation, ScenarioResults]:
    """Simulate plans; return statistics, and results by scenario of the first.

    Raises InvalidCaseError if a plan does not fit the case or the scenarios.
    """
    with (
        limited_cores(number_of_threads),
        _executors(executor) as executors,
        _mismatch_as_mistake(),
    ):
        followed = _followed(instance, plan, chosen)
        found, results = optimizer.evaluate_by_scenario(
            instance,
            plan,
            number_of_scenarios=fresh.number_of_scenarios,
            seed=fresh.seed,
            others=others,
            precision=fresh.precision,
            followed=followed,
            executors=executors,
        )
        found = _with_quality(
            found,
            instance,
            plan,
            fresh=fresh,
            on_replication=on_replication,
            executors=executors,
        )
    return found, results


def _followed(
    instance: Instance, plan: Plan, chosen: ChosenScenarios
) -> FollowedScenarios | None:
    given = _read(instance, chosen.table)
    if chosen.are_own:
        return own_scenarios(instance, plan, given)
    return None if given is None else scenarios_of_file(given)


def _read(instance: Instance, table: ScenarioTable | None) -> ScenarioSet | None:
    return None if table is None else scenario_reading.read_scenarios(instance, table)


def _with_quality(
    found: Evaluation,
    instance: Instance,
    plan: Plan,
    *,
    fresh: Fresh,
    on_replication: Callable[[int], None] | None = None,
    executors: tuple[Executor, ...] | None,
) -> Evaluation:
    """Return an evaluation with the optimality gap, if `fresh` has replications.

    Raises InvalidCaseError if a sample has no plan.
    """
    if not fresh.replications:
        return found
    try:
        quality = optimizer.sample_quality(
            instance,
            plan,
            replications=fresh.replications,
            number_of_scenarios=fresh.replication_scenarios,
            seed=fresh.seed,
            on_replication=on_replication,
            executors=executors,
        )
    except NoBoundError as error:
        expected = "a case whose limits allow a plan on every sample"
        mistake = Mistake("replications", str(error), expected)
        raise InvalidCaseError([mistake]) from None
    return found.model_copy(update={"quality": quality})


def explain(
    instance: Instance,
    plan: Plan,
    *,
    factors: Sequence[float],
    table: ScenarioTable | None = None,
    on_step: Callable[[str], None],
    executor: str,
) -> Explanation:
    """Return the reasons for each part of a plan.

    Raises InvalidCaseError if the plan is not in the menu of the case.
    """
    with (
        _executors(executor) as executors,
        _mismatch_as_mistake(),
    ):
        return optimizer.explain(
            instance,
            plan,
            factors=factors,
            given=_read(instance, table),
            on_step=on_step,
            executors=executors,
        )


def financing_view(
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    price_fall: float,
    defaulted: str | None,
) -> FinancingView:
    """Return figures for a lender, on fresh scenarios and under stress."""
    return optimizer.financing_view(
        instance,
        plan,
        number_of_scenarios=number_of_scenarios,
        seed=seed,
        price_fall=price_fall,
        defaulted=defaulted,
    )


def rehearse(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    replan_every: int,
    number_of_paths: int,
    number_of_scenarios: int,
    time_limit_s: float,
    seed: int,
    only: Collection[int] | None,
    finished: Sequence[RehearsedPath],
    on_path: Callable[[RehearsedPath], None],
    is_interrupted: Callable[[], bool],
    executor: str,
) -> Rehearsal:
    """Return what planning again is worth on fresh paths; only: on some of them.

    Raises InvalidCaseError if the plan does not fit the case.
    """
    with _executors(executor) as executors, _mismatch_as_mistake():
        return optimizer.rehearse(
            instance,
            plan,
            replan_every=replan_every,
            number_of_paths=number_of_paths,
            number_of_scenarios=number_of_scenarios,
            time_limit_s=time_limit_s,
            seed=seed,
            only=only,
            finished=finished,
            on_path=on_path,
            is_interrupted=is_interrupted,
            executors=executors,
        )


def rehearse_history(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    replays: Sequence[str] | None,
    replan_every: int,
    number_of_scenarios: int,
    time_limit_s: float,
    seed: int,
    finished: Sequence[RehearsedReplay],
    on_replay: Callable[[RehearsedReplay], None],
    is_interrupted: Callable[[], bool],
    executor: str,
) -> HistoricRehearsal:
    """Return what planning again does in historic replays.

    Raises InvalidCaseError if the plan does not fit the case.
    """
    with _executors(executor) as executors, _mismatch_as_mistake():
        return optimizer.rehearse_history(
            instance,
            plan,
            replays=replays,
            replan_every=replan_every,
            number_of_scenarios=number_of_scenarios,
            time_limit_s=time_limit_s,
            seed=seed,
            finished=finished,
            on_replay=on_replay,
            is_interrupted=is_interrupted,
            executors=executors,
        )


def trajectories(
    instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
) -> PlanTrajectories:
    """Return stock, shortage and cost of a plan over time on fresh scenarios."""
    return optimizer.trajectories(
        instance, plan, number_of_scenarios=number_of_scenarios, seed=seed
    )


def replay_history(
    instance: Instance, plan: Plan, replays: Sequence[str] | None
) -> History:
    """Return what a plan does in the named replays; None: in all of them."""
    return optimizer.replay_history(instance, plan, replays=replays)


def advance(
    instance: Instance,
    plan: Plan,
    observation: Observation,
    previous: Orders | None,
) -> optimizer.Advanced:
    """Return the orders of the first period of a case, and the case that comes next.

    Raises InvalidCaseError if the facts contradict each other or the plan.
    """
    with _mismatch_as_mistake():
        return optimizer.advance(instance, plan, observation, previous=previous)


def wrong_by_plan(
    instance: Instance,
    plan: Plan,
    observation: Observation,
    left_out: frozenset[str] = frozenset(),
) -> Iterator[Mistake]:
    """Yield facts of a period that contradict the plan, or each other."""
    return optimizer.wrong_by_plan(instance, plan, observation, left_out)


def participant_view(
    instance: Instance,
    plan: Plan,
    participant: str,
    *,
    number_of_scenarios: int,
    seed: int,
    executor: str,
) -> ParticipantView:
    """Return a plan from the point of view of one participant, without the others."""
    with _executors(executor) as executors:
        return optimizer.participant_view(
            instance,
            plan,
            participant,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            executors=executors,
        )


def right_menus(
    instance: Instance,
    participant: str,
    *,
    number_of_scenarios: int,
    seed: int,
    lots: Sequence[int],
    executor: str,
) -> RightMenus:
    """Return what the rights that a participant asks for are worth, by quantity."""
    with _executors(executor) as executors:
        return optimizer.right_menus(
            instance,
            participant,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            lots=lots,
            executors=executors,
        )


def sensitivity(
    instance: Instance,
    assumptions: Sequence[Assumption],
    changes: Sequence[float],
    on_variant: Callable[[str], None],
    is_interrupted: Callable[[], bool],
    *,
    executor: str,
) -> Sensitivity | Outcome:
    """Solve a case again for each change of its assumptions.

    Return the outcome of the case as it is if that has no plan.
    """
    with _executors(executor) as executors:
        try:
            return optimizer.sensitivity(
                instance,
                variant_requests(instance, assumptions, changes),
                on_variant=on_variant,
                is_interrupted=is_interrupted,
                executors=executors,
            )
        except NoBasePlanError as error:
            return error.outcome


def frontier(
    instance: Instance,
    factors: Sequence[float],
    on_point: Callable[[SolvedPoint], None],
    is_interrupted: Callable[[], bool],
    *,
    executor: str,
) -> Frontier:
    """Solve a case with all its facilities scaled by each factor."""
    with _executors(executor) as executors:
        return optimizer.frontier(
            instance,
            factors,
            on_point=on_point,
            is_interrupted=is_interrupted,
            executors=executors,
        )


def solve_all(
    instances: Iterable[Instance],
    on_answer: Callable[[Outcome | str], None],
    is_interrupted: Callable[[], bool],
    *,
    executor: str,
) -> None:
    """Solve cases in turn, each with the cuts that earlier ones have left.

    on_answer gets each outcome, or the reason why there is none. Cases after an
    interruption are left out.
    """
    with _executors(executor) as executors:
        left = iter(instances)
        while _solve_until_failure(left, on_answer, is_interrupted, executors):
            pass


def _solve_until_failure(
    instances: Iterator[Instance],
    on_answer: Callable[[Outcome | str], None],
    is_interrupted: Callable[[], bool],
    executors: Sequence[Executor] | None,
) -> bool:
    """Return whether a solve failed; the cuts of its session are not used again."""
    callbacks = optimizer.SolveCallbacks(is_interrupted=is_interrupted)
    with optimizer.SolveSession(executors or "local") as session:
        for instance in instances:
            if is_interrupted():
                break
            try:
                outcome = optimizer.solve_in_session(
                    session, instance, callbacks=callbacks
                )
            except Exception as error:
                logger.exception("a case could not be solved")
                on_answer(f"{type(error).__name__}: {error}")
                return True
            on_answer(outcome)
    return False


def compare_rules(  # noqa: PLR0913 - each is a choice of the caller
    instance: Instance,
    plan: Plan,
    *,
    number_of_scenarios: int,
    seed: int,
    trigger: float,
    value_scenarios: int,
    table: ScenarioTable | None = None,
    on_stage: Callable[[str], None],
    executor: str,
) -> RuleComparison:
    """Compare the rules of a plan with other rules and with a clairvoyant."""
    with _executors(executor) as executors:
        return optimizer.compare_rules(
            instance,
            plan,
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            trigger=trigger,
            value_scenarios=value_scenarios,
            given=_read(instance, table),
            on_stage=on_stage,
            executors=executors,
        )


def plan_changes(before: Plan, after: Plan) -> PlanComparison:
    """Return what changes from one plan to another, read off both documents."""
    return optimizer.plan_changes(before, after)


def compare_plans(  # noqa: PLR0913 - each is a choice of the caller
    before: tuple[Instance, Plan],
    after: tuple[Instance, Plan],
    *,
    number_of_scenarios: int,
    seed: int,
    table: ScenarioTable | None = None,
    on_stage: Callable[[str], None],
    executor: str,
) -> PlanComparison:
    """Compare two plans, each with its case."""
    with _executors(executor) as executors:
        return optimizer.compare_plans(
            optimizer.PlanOfCase(*before),
            optimizer.PlanOfCase(*after),
            number_of_scenarios=number_of_scenarios,
            seed=seed,
            given=_read(after[0], table),
            on_stage=on_stage,
            executors=executors,
        )


def verify(
    instance: Instance, plan: Plan, table: ScenarioTable | None = None
) -> Verification:
    """Check a plan again on the scenarios of its solve, which may be those of a table.

    Raises InvalidCaseError if it was made for other scenarios.
    """
    with _mismatch_as_mistake():
        return optimizer.verify(instance, plan, _read(instance, table))


def check_budget_price(
    instance: Instance,
    plan: Plan,
    *,
    table: ScenarioTable | None = None,
    executor: str,
) -> CheckResult:
    """Check the value of the next dollar by solving relaxations for other budgets."""
    with _executors(executor) as executors:
        given = _read(instance, table)
        return optimizer.budget_price_check(instance, plan, executors, given)


def calibrate(instance: Instance) -> Calibration:
    """Compare modelled with published losses."""
    return optimizer.calibrate(instance)


@contextmanager
def _executors(executor: str) -> Generator[tuple[Executor, ...] | None]:
    """Yield open executors; None for plain `local`, which the optimizer opens itself.

    Raises InvalidCaseError if the executor is unknown or unavailable.
    """
    if executor == "local":
        yield None
        return
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(open_executors(executor))
        except (UnknownExecutorError, ExecutorUnavailableError) as error:
            mistake = Mistake("executor", executor, error.expected)
            raise InvalidCaseError([mistake]) from None
        yield opened


@contextmanager
def _mismatch_as_mistake() -> Generator[None]:
    """Turn a plan that does not fit the case into an InvalidCaseError."""
    try:
        yield
    except optimizer.PlanMismatchError as error:
        mistake = Mistake("PLAN", error.found, error.expected)
        raise InvalidCaseError([mistake]) from None


def planning_table(
    instance: Instance, given: ScenarioTable | None = None
) -> tuple[ScenarioHead, ScenarioTable]:
    """Return the planning scenarios that the options ask for, with their head.

    Or those of a file, with the alerts and gaps that follow from them.
    """
    return scenario_table.planning_table(instance, _read(instance, given))


def replay_table(instance: Instance) -> tuple[ScenarioHead, ScenarioTable]:
    """Return the historic replays of a case, as a table with its head."""
    return scenario_table.replay_table(instance)


def planning_on(
    instance: Instance, table: ScenarioTable
) -> tuple[Instance, ScenarioSet]:
    """Return a case with the options of a table of scenarios, and these scenarios.

    Raises InvalidCaseError with all mistakes of the table.
    """
    planning = scenario_reading.planning_case(instance, table)
    scenarios = scenario_reading.read_scenarios(planning, table)
    return planning, scenario_reading.as_drawn(planning, scenarios)


def write_smps(
    instance: Instance, directory: Path, *, is_relaxed: bool
) -> tuple[Path, ...]:
    """Write a case as core, time and stoch files."""
    return write_case_as_smps(instance, directory, is_relaxed=is_relaxed)


def write_mps(instance: Instance, path: Path, *, is_relaxed: bool) -> tuple[Path, ...]:
    """Write the extensive form of a case as one file."""
    write_case_as_mps(instance, path, is_relaxed=is_relaxed)
    return (path,)


def solve_smps(
    directory: Path,
    *,
    gap: float,
    time_limit_s: float,
    sizes: SampleSizes | None = None,
    is_sampled: bool = False,
) -> SmpsSolution | SampledSolution:
    """Read a two-stage problem and solve its relaxation by decomposition.

    One with too many scenarios to list is sampled, any other if is_sampled says so.
    """
    files = read_files(directory)
    if files.is_too_large or is_sampled:
        return solve_sampled(
            files, sizes or SampleSizes(), gap=gap, time_limit_s=time_limit_s
        )
    return solve_two_stage(files.whole(), gap=gap, time_limit_s=time_limit_s)
