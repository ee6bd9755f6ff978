"""strongroom sensitivity: a case solved under other assumptions."""

from typing import Annotated

import typer

from models.outcome import Outcome
from models.sensitivity import Assumption, Sensitivity
from service.analyses.parameters import SensitivityParameters
from service.analyses.planned_case import case_warnings
from service.cli.analyses import (
    analysed_until_asked,
    local,
    parameters_of,
    picture_format,
    run_of,
    write_picture,
)
from service.cli.answers import print_no_plan, status_of_outcome
from service.cli.inputs import read_case
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    PictureOption,
    SetOption,
    StrictOption,
    parameter,
)
from service.cli.output_files import check_picture
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables, print_warnings
from service.printing.variations import sensitivity_tables

STOPPING = "stopping after the present variant"


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    assumptions: Annotated[
        list[Assumption] | None,
        parameter(SensitivityParameters, "assumptions", "--only", show_default=False),
    ] = None,
    changes: Annotated[
        list[float] | None,
        parameter(SensitivityParameters, "changes", "--change", show_default=False),
    ] = None,
    picture: PictureOption = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Solve a case under changed assumptions. Ctrl-C stops after the current one."""
    with reported(as_json=as_json):
        instance = read_case(case, assignments, is_strict=strict)
        parameters = parameters_of(
            SensitivityParameters,
            command,
            assumptions=assumptions,
            changes=changes,
            picture=picture_format(picture),
        )
        check_picture(picture)
        result = analysed_until_asked(
            "sensitivity",
            instance,
            parameters,
            lambda is_asked: run_of(executor, as_json=as_json, is_interrupted=is_asked),
            STOPPING,
        )
        found, warnings = result.found, case_warnings(instance)
        if isinstance(found, Outcome):
            if as_json:
                print_json(result.answer)
            else:
                print_warnings(warnings)
                print_no_plan(found)
            raise typer.Exit(status_of_outcome(found))
        write_picture(result, picture)
        if as_json:
            print_json({**result.answer, "picture": local(picture)})
            return
        assert isinstance(found, Sensitivity)  # noqa: S101 - what it finds
        tables = sensitivity_tables(found, instance)
        print_tables(*tables, picture=picture, warnings=warnings)
