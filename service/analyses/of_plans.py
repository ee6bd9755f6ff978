"""The analyses of a plan with its case, each as a function that runs it.

They load the simulator, so only commands and the processes of jobs import them.
"""

from models.historic_rehearsal import RehearsedReplay
from models.rehearsal import RehearsedPath
from models.unusual_facts import found_beyond, unusual_facts
from service import optimization
from service.analyses.drawing import drawn, drawn_if_asked
from service.analyses.parameters import (
    BUDGET_FACTORS,
    NEXT_CASE,
    AdvanceParameters,
    ComparePlansParameters,
    CompareRulesParameters,
    ExplainParameters,
    FinancingParameters,
    ParticipantParameters,
    PicturesParameters,
    RehearseHistoryParameters,
    RehearseParameters,
    ReplayParameters,
)
from service.analyses.planned_case import ComparedCase, PlannedCase, case_warnings
from service.analyses.run import (
    AnalysisFile,
    AnalysisPart,
    AnalysisResult,
    AnalysisRun,
    dumped,
)
from service.pictures.cost import cost_picture
from service.pictures.financing import financing_picture
from service.pictures.rules import rules_picture
from service.pictures.shortage import shortage_picture
from service.pictures.stock import stock_picture
from service.printing.historic_rehearsal import replay_line
from service.printing.plan_comparison_words import in_words
from service.printing.rehearsal import path_line

PICTURES = {"stock": stock_picture, "cost": cost_picture, "shortage": shortage_picture}


def explain(
    planned: PlannedCase, parameters: ExplainParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return why a plan is as it is."""
    found = optimization.explain(
        planned.instance,
        planned.plan,
        factors=BUDGET_FACTORS if parameters.with_frontier else (),
        table=run.scenarios,
        on_step=run.on_progress,
        executor=run.executor,
    )
    plan = planned.plan
    document = dumped(
        found,
        shortfalls=[x.model_dump(mode="json") for x in plan.shortfalls],
        unmodelled=[x.model_dump(mode="json") for x in plan.unmodelled],
        warnings=planned.warnings,
    )
    return AnalysisResult(found, document)


def compare_rules(
    planned: PlannedCase, parameters: CompareRulesParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what other release rules cost with the levels of a plan."""
    found = optimization.compare_rules(
        planned.instance,
        planned.plan,
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
        trigger=parameters.price_trigger,
        value_scenarios=parameters.value_scenarios,
        table=run.scenarios,
        on_stage=run.on_progress,
        executor=run.executor,
    )
    files = drawn_if_asked(rules_picture(found), parameters.picture)
    return AnalysisResult(found, dumped(found, warnings=planned.warnings), files)


def compare_plans(
    planned: ComparedCase, parameters: ComparePlansParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what changes from one plan to another, why, and what keeping it costs."""
    before = planned.against
    found = optimization.compare_plans(
        (before.instance, before.plan),
        (planned.instance, planned.plan),
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
        table=run.scenarios,
        on_stage=run.on_progress,
        executor=run.executor,
    )
    warnings = [*before.plan_warnings, *planned.warnings]
    document = dumped(found, in_words=list(in_words(found)), warnings=warnings)
    return AnalysisResult(found, document)


def rehearse(
    planned: PlannedCase, parameters: RehearseParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what planning again is worth on fresh paths."""

    def on_path(path: RehearsedPath) -> None:
        line = path_line(path, parameters.number_of_paths)
        run.on_part(AnalysisPart(path.number, path.model_dump_json(), line))
        run.on_progress(line)

    found = optimization.rehearse(
        planned.instance,
        planned.plan,
        replan_every=parameters.replan_every,
        number_of_paths=parameters.number_of_paths,
        number_of_scenarios=parameters.number_of_scenarios,
        time_limit_s=parameters.time_limit_s,
        seed=planned.fresh_seed(parameters.seed),
        only=run.only,
        finished=[RehearsedPath.model_validate_json(part) for part in run.parts],
        on_path=on_path,
        is_interrupted=run.is_interrupted,
        executor=run.executor,
    )
    return AnalysisResult(found, dumped(found, warnings=planned.warnings))


def rehearse_history(
    planned: PlannedCase, parameters: RehearseHistoryParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what planning again does in historic replays."""
    names = [replay.id for replay in planned.instance.replays]

    def on_replay(replay: RehearsedReplay) -> None:
        number, line = names.index(replay.replay), replay_line(replay)
        run.on_part(AnalysisPart(number, replay.model_dump_json(), line))
        run.on_progress(line)

    found = optimization.rehearse_history(
        planned.instance,
        planned.plan,
        replays=parameters.replays or None,
        replan_every=parameters.replan_every,
        number_of_scenarios=parameters.number_of_scenarios,
        time_limit_s=parameters.time_limit_s,
        seed=planned.fresh_seed(parameters.seed),
        finished=[RehearsedReplay.model_validate_json(part) for part in run.parts],
        on_replay=on_replay,
        is_interrupted=run.is_interrupted,
        executor=run.executor,
    )
    return AnalysisResult(found, dumped(found, warnings=planned.warnings))


def replay(
    planned: PlannedCase, parameters: ReplayParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what a plan does in the historic replays of its case."""
    del run
    found = optimization.replay_history(
        planned.instance, planned.plan, parameters.replays or None
    )
    return AnalysisResult(found, dumped(found, warnings=planned.warnings))


def advance(
    planned: PlannedCase, parameters: AdvanceParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the orders of a period; the case that comes next is a file."""
    del run
    case = parameters.case_of(planned)
    advanced = optimization.advance(
        case, planned.plan, parameters.observed, parameters.previous
    )
    files: tuple[AnalysisFile, ...] = ()
    if advanced.next_case is not None:
        content = f"{advanced.next_case.model_dump_json(indent=2)}\n".encode()
        files = (AnalysisFile(NEXT_CASE, "application/json", content),)
    # Whether a new plan could take the stock is no question of this one.
    warnings = [x for x in case_warnings(case) if not x.startswith("position.stock[")]
    if case is planned.instance:
        warnings += planned.plan_warnings_of_the_start
    unusual = unusual_facts(case, planned.plan, parameters.observed)
    warnings += [str(x) for x in (*unusual, *found_beyond(advanced.orders))]
    document = dumped(advanced.orders, warnings=warnings)
    return AnalysisResult(advanced.orders, document, files)


def participant(
    planned: PlannedCase, parameters: ParticipantParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return a plan as one of its participants may see it."""
    found = optimization.participant_view(
        planned.instance,
        planned.plan,
        parameters.participant,
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
        executor=run.executor,
    )
    # Without hashes: figures of other participants are part of them.
    warning = "the plan was made for another case"
    warnings = [warning] if planned.plan_warnings else []
    return AnalysisResult(found, dumped(found, warnings=warnings))


def financing(
    planned: PlannedCase, parameters: FinancingParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what a lender asks for: schedule, covenants, collateral, stress."""
    del run
    found = optimization.financing_view(
        planned.instance,
        planned.plan,
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
        price_fall=parameters.price_fall,
        defaulted=parameters.default,
    )
    limit = found.covenants.collateral_cover_limit
    figure = financing_picture(found.fans, found.scenarios, limit)
    files = drawn_if_asked(figure, parameters.picture)
    return AnalysisResult(found, dumped(found, warnings=planned.warnings), files)


def pictures(
    planned: PlannedCase, parameters: PicturesParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return stock, cost and shortages of a plan over time, with their pictures."""
    del run
    found = optimization.trajectories(
        planned.instance,
        planned.plan,
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
    )
    files = tuple(
        drawn(name, draw(found), parameters.picture_format)
        for name, draw in PICTURES.items()
    )
    return AnalysisResult(found, dumped(found, warnings=planned.warnings), files)
