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
from service.analyses.run import AnalysisPart, AnalysisResult, AnalysisRun
from service.jobs.messages import Analysed, AnalysedFile, PartFound, PortionDone
from service.optimization import limited_cores


def analyse(  # noqa: PLR0913 - each is a part of the task
    name: str,
    subject: Instance | PlannedCase,
    parameters: str,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_part: Callable[[PartFound], None],
    is_interrupted: Callable[[], bool],
    executor: str,
    number_of_threads: int | None = None,
    parts: tuple[str, ...] = (),
    only: tuple[int, ...] | None = None,
) -> Analysed | PortionDone:
    """Return what an analysis finds; parameters, and parts that it has, are JSON.

    only: the numbers of the parts to find, if it is one of its portions.
    """
    analysis, began_s = ANALYSES[name], time.monotonic()

    def report(text: str) -> None:
        seconds = time.monotonic() - began_s
        on_progress(ProgressRecord(seconds=seconds, stage=name, message=text))

    def keep(part: AnalysisPart) -> None:
        on_part(PartFound(number=part.number, content=part.content, line=part.line))

    if only is not None and not only:
        # Another attempt has found them all.
        return PortionDone()
    run = AnalysisRun(
        executor, report, is_interrupted, lambda _: None, parts, keep, only
    )
    with limited_cores(number_of_threads):
        result = _result(analysis, subject, parameters, run)
    if only is not None:
        return PortionDone()
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
