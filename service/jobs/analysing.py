"""Run an analysis of the registry in the process of a job.

It loads the solver, so only the processes of jobs import it.
"""

import base64
import time
from collections.abc import Callable

from models.instance import Instance
from models.outcome import ProgressRecord
from service.analyses.planned_case import PlannedCase
from service.analyses.registry import ANALYSES, Analysis
from service.analyses.run import AnalysisResult, AnalysisRun
from service.jobs.messages import Analysed, AnalysedFile
from service.optimization import limited_cores


def analyse(  # noqa: PLR0913 - each is a part of the task
    name: str,
    subject: Instance | PlannedCase,
    parameters: str,
    *,
    on_progress: Callable[[ProgressRecord], None],
    is_interrupted: Callable[[], bool],
    executor: str,
    number_of_threads: int | None = None,
) -> Analysed:
    """Return what an analysis finds; parameters are JSON."""
    analysis, began_s = ANALYSES[name], time.monotonic()

    def report(text: str) -> None:
        seconds = time.monotonic() - began_s
        on_progress(ProgressRecord(seconds=seconds, stage=name, message=text))

    run = AnalysisRun(executor, report, is_interrupted, lambda _: None)
    with limited_cores(number_of_threads):
        result = _result(analysis, subject, parameters, run)
    return Analysed(
        answer=result.answer,
        files=tuple(
            AnalysedFile(
                name=file.name,
                media_type=file.media_type,
                content=base64.b64encode(file.content).decode(),
            )
            for file in result.files
        ),
    )


def _result(
    analysis: Analysis,
    subject: Instance | PlannedCase,
    parameters: str,
    run: AnalysisRun,
) -> AnalysisResult:
    chosen = analysis.parameters.model_validate_json(parameters)
    result: AnalysisResult = analysis.loaded()(subject, chosen, run)
    return result
