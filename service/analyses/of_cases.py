"""The analyses of a case, each as a function that runs it.

They load the solver, so only commands and the processes of jobs import them.
"""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from models.calibration import Calibration
from models.frontier import SolvedPoint
from models.instance import Instance
from models.outcome import Outcome
from models.sensitivity import Assumption
from service import optimization
from service.analyses.budgets import plan_file_name
from service.analyses.drawing import drawn_if_asked
from service.analyses.parameters import (
    DEFAULT_CHANGES,
    CalibrationParameters,
    FrontierParameters,
    MpsParameters,
    ScenarioFormat,
    ScenariosParameters,
    SensitivityParameters,
    SmpsParameters,
    ValueRightsParameters,
)
from service.analyses.planned_case import case_warnings
from service.analyses.run import AnalysisFile, AnalysisResult, AnalysisRun, dumped
from service.analyses.solve_answer import answer
from service.files.plans import plan_file_content
from service.pictures.frontier import frontier_picture
from service.pictures.tornado import tornado_picture
from service.printing.calibration import is_inside
from service.printing.variations import point_line
from service.tabular.scenario_files import scenario_file

JSON = "application/json"
PLAIN_TEXT = "text/plain; charset=utf-8"
GZIP = "application/gzip"
SCENARIO_TYPES = {
    ScenarioFormat.PARQUET: "application/vnd.apache.parquet",
    ScenarioFormat.CSV: "text/csv; charset=utf-8",
}


def sensitivity(
    case: Instance, parameters: SensitivityParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the plans of a case under changed assumptions.

    Of a case without a plan, the answer of its solve.
    """
    found = optimization.sensitivity(
        case,
        parameters.assumptions or tuple(Assumption),
        parameters.changes or DEFAULT_CHANGES,
        lambda name: run.on_progress(f"solving: {name}"),
        run.is_interrupted,
        executor=run.executor,
    )
    warnings = case_warnings(case)
    if isinstance(found, Outcome):
        return AnalysisResult(found, answer(found, case, None, warnings))
    base = found.expected_shortage_cost_usd
    figure = tornado_picture(found.bars(), base)
    document = dumped(found, headline=found.headline(), warnings=warnings)
    return AnalysisResult(found, document, drawn_if_asked(figure, parameters.picture))


def frontier(
    case: Instance, parameters: FrontierParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the plans of a case for a range of budgets."""
    plans: list[AnalysisFile] = []
    number_solved = 0

    def on_point(point: SolvedPoint) -> None:
        nonlocal number_solved
        number_solved += 1
        run.on_progress(point_line(point))
        if parameters.plans and point.plan is not None:
            name = plan_file_name(number_solved, point.budget_usd)
            plans.append(AnalysisFile(name, JSON, plan_file_content(point.plan)))
            run.on_file(plans[-1])

    run.on_progress("solving one budget after the other, the smallest first")
    found = optimization.frontier(
        case,
        parameters.budgets.factors(case.financing),
        on_point,
        run.is_interrupted,
        executor=run.executor,
    )
    figure = frontier_picture(found.points, parameters.against)
    files = (*plans, *drawn_if_asked(figure, parameters.picture))
    return AnalysisResult(found, dumped(found, warnings=case_warnings(case)), files)


def calibration(
    case: Instance, parameters: CalibrationParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the modelled losses of a case beside published ones."""
    del parameters, run
    return calibrated(case, optimization.calibrate(case))


def calibrated(case: Instance, found: Calibration) -> AnalysisResult:
    """Return a calibration; each row says whether it is inside the published range."""
    content = dumped(found)
    for part, row in zip(content["rows"], found.rows, strict=True):
        part["is_inside_range"] = is_inside(row)
    warnings = case_warnings(case)
    document = {"instance": case.id, **content, "warnings": warnings}
    return AnalysisResult(found, document)


def value_rights(
    case: Instance, parameters: ValueRightsParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return what the rights that a participant asks for are worth, by quantity."""
    found = optimization.right_menus(
        case,
        parameters.participant,
        number_of_scenarios=parameters.number_of_scenarios,
        seed=parameters.fresh_seed(case),
        lots=parameters.lots or (),
        executor=run.executor,
    )
    # Warnings of the case may name figures of other participants.
    warning = f"{found.participant} asks for no right in the case"
    warnings = [] if found.rights else [warning]
    return AnalysisResult(found, dumped(found, warnings=warnings))


def scenarios(
    case: Instance, parameters: ScenariosParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the planning scenarios of a case, or its replays, as the file of a table.

    The document is the head of that file.
    """
    del run
    planning = parameters.in_case(case)
    described = (
        optimization.replay_table if parameters.replays else optimization.planning_table
    )
    head, table = described(planning)
    ending = f".{parameters.file_format.value}"
    content = scenario_file(table, ending)
    name, media_type = f"scenarios{ending}", SCENARIO_TYPES[parameters.file_format]
    file = AnalysisFile(name, media_type, content)
    document = dumped(head, warnings=case_warnings(planning))
    return AnalysisResult(head, document, (file,))


def smps(
    case: Instance, parameters: SmpsParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return a case over its planning scenarios as core, time and stoch file."""
    del run
    planning = parameters.in_case(case)
    with TemporaryDirectory() as folder:
        written = optimization.write_smps(
            planning, Path(folder), is_relaxed=parameters.is_relaxed
        )
        files = tuple(
            AnalysisFile(path.name, PLAIN_TEXT, path.read_bytes()) for path in written
        )
    return AnalysisResult(planning, _exported(planning), files)


def mps(case: Instance, parameters: MpsParameters, run: AnalysisRun) -> AnalysisResult:
    """Return a case over its planning scenarios as one program."""
    del run
    planning = parameters.in_case(case)
    ending, media_type = (".mps", PLAIN_TEXT)
    if parameters.is_compressed:
        ending, media_type = (".mps.gz", GZIP)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{case.id}{ending}"
        optimization.write_mps(planning, path, is_relaxed=parameters.is_relaxed)
        file = AnalysisFile(path.name, media_type, path.read_bytes())
    return AnalysisResult(planning, _exported(planning), (file,))


def _exported(planning: Instance) -> Mapping[str, object]:
    return {
        "instance": planning.id,
        "scenarios": planning.options.number_of_scenarios,
        "warnings": case_warnings(planning),
    }
