"""The dossier of a plan as an analysis: its manifest, and the zip as a file."""

from models.content import canonical_json
from models.manifest import FreshSample
from models.outcome import SolveLog
from service.analyses.dossier.assembling import assemble
from service.analyses.dossier.parts import DossierRequest
from service.analyses.parameters import DossierParameters
from service.analyses.planned_case import PlannedCase, planned_options
from service.analyses.run import AnalysisFile, AnalysisResult, AnalysisRun, dumped
from service.dossier.files import HandedIn

NAME, MEDIA_TYPE = "dossier.zip", "application/zip"


def audit(
    planned: PlannedCase, parameters: DossierParameters, run: AnalysisRun
) -> AnalysisResult:
    """Return the dossier of a plan as it is stored, without a log of its solve."""
    case, plan = planned.instance, planned.plan
    as_solved = case.model_copy(update={"options": planned_options(plan)})
    handed_in = HandedIn(
        case=as_solved,
        plan=plan,
        plan_file=canonical_json(plan).encode(),
        log=SolveLog(),
        log_file=None,
    )
    return audited(handed_in, planned, parameters, run)


def audited(
    handed_in: HandedIn,
    planned: PlannedCase,
    parameters: DossierParameters,
    run: AnalysisRun,
) -> AnalysisResult:
    """Return the dossier of what was handed in."""
    fresh = FreshSample(
        number_of_scenarios=parameters.number_of_scenarios,
        seed=planned.fresh_seed(parameters.seed),
        price_trigger=parameters.price_trigger,
        value_scenarios=parameters.value_scenarios,
    )
    request = DossierRequest(
        case=handed_in.case,
        plan=handed_in.plan,
        fresh=fresh,
        executor=run.executor,
        on_stage=run.on_progress,
        has_sensitivity=parameters.sensitivity,
        scenarios=run.scenarios,
    )
    dossier = assemble(handed_in, request, planned.plan_warnings)
    file = AnalysisFile(NAME, MEDIA_TYPE, dossier.archive)
    return AnalysisResult(dossier.manifest, dumped(dossier.manifest), (file,))
