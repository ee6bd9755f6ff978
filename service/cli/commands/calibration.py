"""strongroom calibration: modelled losses compared with published ones."""

from collections.abc import Callable

from models.calibration import Calibration
from models.instance import Instance
from service.cli.inputs import case_warnings, read_case
from service.cli.options import CaseArgument, JsonOption, SetOption, StrictOption
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.tables.calibration import calibration_tables, is_inside

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
        from service.optimization import calibrate  # noqa: PLC0415 - slow to load

        calibrate_case(instance, calibrate, as_json=as_json)


def calibrate_case(
    instance: Instance,
    calibrate: Callable[[Instance], Calibration],
    *,
    as_json: bool,
) -> None:
    """Calibrate a case and print the losses of every cut-off."""
    calibration, warnings = calibrate(instance), case_warnings(instance)
    if as_json:
        content = calibration.model_dump(mode="json")
        for part, row in zip(content["rows"], calibration.rows, strict=True):
            part["is_inside_range"] = is_inside(row)
        print_json({"instance": instance.id, **content, "warnings": warnings})
        return
    print_tables(*calibration_tables(calibration), warnings=warnings)
