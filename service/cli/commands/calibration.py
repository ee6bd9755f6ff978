"""strongroom calibration: modelled losses compared with published ones."""

from models.calibration import Calibration
from service.analyses.parameters import CalibrationParameters
from service.analyses.run import AnalysisResult
from service.cli.analyses import analysed, run_of
from service.cli.inputs import read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.printing.calibration import calibration_tables

REFERENCE_CASE = "project_vault"


def command(
    case: CaseArgument = REFERENCE_CASE,
    *,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare modelled with published losses, fitted or not, in and out of sample."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        run = run_of(None, as_json=as_json)
        result = analysed("calibration", instance, CalibrationParameters(), run)
        print_calibration(result, as_json=as_json)


def print_calibration(result: AnalysisResult, *, as_json: bool) -> None:
    """Print the losses of every cut-off."""
    if as_json:
        print_json(result.answer)
        return
    found = result.found
    assert isinstance(found, Calibration)  # noqa: S101 - what it finds
    print_tables(*calibration_tables(found), warnings=result.document["warnings"])
