"""strongroom batch: a case and variants of it, solved here or by a server."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.batch import (
    DEFAULT_MEASURES,
    Axis,
    BatchResult,
    VariantRow,
    compare,
    named_warnings,
)
from models.case_warnings import added_warnings, warnings_of
from models.figures import Measure, figures_of
from models.instance import Instance
from models.mistakes import Mistake
from models.outcome import Outcome
from models.reading import InvalidCaseError
from models.variation import Variation, VariedCase
from service.analyses.planned_case import case_warnings
from service.batches.expansion import (
    Variant,
    placed,
    read_variants,
    variants_of,
    varied,
)
from service.batches.grid import axes_of
from service.batches.order import ListedVariant, listed_variants, overlays_of
from service.casefiles import CaseFile, load_values, open_case, path_of
from service.cli.answers import print_conflict
from service.cli.exit_status import ExitStatus, status_of
from service.cli.inputs import attempted, read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    SetOption,
    StrictOption,
    chosen_executor,
)
from service.cli.reporting import print_document, reported
from service.cli.screen import echo, print_tables, silent
from service.cli.server import ServerClient, follow, rows, submit
from service.files.writing import check_output, write_whole
from service.printing.batch import frontier_table, row_line, variants_table
from service.variants.overlay import Overlay

STOPPING = "stopping after the present variant; press Ctrl-C again to exit at once"
LEAVING = "no longer following; the batch continues at"

Log = Callable[[str], None]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUES",
            help="Values for a path as in --set: FIRST..LAST:NUMBER in equal steps, or "
            "a list with commas. Repeatable; every combination is a variant.",
            show_default=False,
        ),
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Variant that the case has, by name. Repeatable.",
            show_default=False,
        ),
    ] = None,
    variants: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="YAML or JSON file of further variants: JSON merge patches by name, "
            "or a list with name, patch, keep, drop, add and set (values by path).",
            show_default=False,
        ),
    ] = None,
    measure: Annotated[
        list[Measure] | None,
        typer.Option(
            help="Measure to compare variants by. Repeatable.",
            show_default=" and ".join(DEFAULT_MEASURES),
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Send the batch to a server and follow it. User and password in the "
            "URL are sent as basic authentication.",
            show_default=False,
        ),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="With --server: also solve what the server has solved before.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(help="File to write the result to (JSON).", show_default=False),
    ] = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = False,
) -> None:
    """Solve a case and variants of it, and compare them. Ctrl-C keeps the results."""
    with reported(as_json=as_json):
        read = partial(read_case, case, assignments, is_strict=strict)
        wanted = _Wanted(case, variant or [], vary or [], variants)
        request = _checked(read, wanted, output)
        if strict:
            refuse_warned(request.base, request.variants)
        measures = measure or DEFAULT_MEASURES
        log = silent if as_json else partial(echo, err=True)
        if server is None:
            done = _run(request, chosen_executor(executor), log)
        else:
            done = _follow(request, server, log, is_fresh=fresh)
        batch = BatchResult(
            instance_hash=request.base.content_hash,
            axes=request.axes,
            rows=tuple(done),
            comparison=compare(done, request.axes, measures),
            warnings=_warnings(request.base, done),
        )
        if output is not None:
            write_whole(batch.model_dump_json(indent=2).encode(), output)
        _report(batch, output, as_json=as_json)
        if (status := _status(batch)) is not ExitStatus.SUCCESS:
            raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class _Request:
    """The base case and its variants, as they are on the command line."""

    base: Instance
    overlays: Sequence[tuple[str, Overlay]]
    axes: tuple[Axis, ...]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The base, the listed variants and the grid; may raise InvalidCaseError."""
        return variants_of(self.overlays, self.axes)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which variants of a case are wanted, as text: names, axes and a file."""

    case: str
    names: list[str]
    vary: list[str]
    file: str | None

    def overlays(self) -> Sequence[tuple[str, Overlay]]:
        """Return the variants without the grid, or raise InvalidCaseError."""
        mistakes: list[Mistake] = []
        listed: Sequence[ListedVariant] | None = []
        if (file := self.file) is not None:
            listed = attempted(
                lambda: listed_variants(load_values(file), file), mistakes
            )
        own = None
        if self.names and (opened := attempted(self._open, [])):
            own = attempted(
                lambda: overlays_of(opened, self.names, [], "--variant"), mistakes
            )
        if mistakes:
            raise InvalidCaseError(mistakes)
        return [*(own or []), *((each.name, each) for each in listed or [])]

    def _open(self) -> CaseFile:
        return open_case(self.case)


def _checked(
    read: Callable[[], Instance], wanted: _Wanted, output: Path | None
) -> _Request:
    """Return the request, or raise InvalidCaseError with every mistake of the call."""
    mistakes: list[Mistake] = []
    file = wanted.file
    base = attempted(read, mistakes)
    axes = attempted(lambda: axes_of(wanted.vary), mistakes) or ()
    overlays = attempted(wanted.overlays, mistakes) or ()
    if output is not None:
        others = {
            "the file of the case": path_of(wanted.case),
            "the file of --variants": None if file is None else Path(file),
        }
        attempted(lambda: check_output(output, others), mistakes)
    if not (wanted.names or wanted.vary) and file is None:
        mistakes.append(Mistake("--vary", "absent", "it, --variant or --variants"))
    if base is None or mistakes:
        raise InvalidCaseError(mistakes)
    return _Request(base, overlays, axes)


def _run(request: _Request, executor: str, log: Log) -> Sequence[VariantRow]:
    """Return the variants that this process solved."""
    batch = LocalBatch(request.base, request.variants)
    from service.optimization import solve_all  # noqa: PLC0415 - slow to load

    def on_row(row: VariantRow, place: int, total: int) -> None:
        log(row_line(row, place, total))

    on_answer = batch.on_answer(on_row)
    with Interruption() as interruption:
        interruption.run(
            lambda: solve_all(
                batch.cases(), on_answer, interruption.is_asked, executor=executor
            ),
            on_asked=lambda: log(STOPPING),
        )
    return batch.sorted_rows()


def _follow(
    request: _Request, url: str, log: Log, *, is_fresh: bool
) -> Sequence[VariantRow]:
    """Return the variants as the server has solved them so far."""
    server = ServerClient(url)
    batch = submit(
        server, request.base, request.overlays, request.axes, is_fresh=is_fresh
    )
    where = server.url_of(batch["href"])
    log(f"batch {where}")
    with Interruption() as interruption:
        interruption.run(
            lambda: follow(server, batch["href"], log, interruption.is_asked),
            on_asked=lambda: log(f"{LEAVING} {where}"),
        )
    return rows(server, batch["variants_href"])


def _warnings(base: Instance, rows: Sequence[VariantRow]) -> tuple[str, ...]:
    """Return the warnings of the base, and those that variants add, with names."""
    added = ((x.number, x.name, x.warnings) for x in rows if x.number > 0)
    return (*case_warnings(base), *named_warnings(added))


def refuse_warned(base: Instance, variants: Sequence[Variant]) -> None:
    """Raise InvalidCaseError with the warnings that variants add to those of a base."""
    known = {str(warning) for warning in warnings_of(base)}
    found: list[Mistake] = []

    def add(variant: Variant, case: VariedCase) -> None:
        added = added_warnings(base, known, case.instance)
        found.extend(placed(warning, variant) for warning in added)

    read_variants(base, variants, add)
    if found:
        raise InvalidCaseError(found)


def _report(batch: BatchResult, output: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_document(batch)
        return
    print_tables(variants_table(batch), frontier_table(batch), warnings=batch.warnings)
    for row in batch.rows:
        if row.failure is not None:
            echo(f"{row.name}: {row.failure}")
        elif row.conflict:
            print_conflict(row.name, row.conflict)
    if output is not None:
        echo(f"batch: {output}")


def _status(batch: BatchResult) -> ExitStatus:
    has_plan = any(row.plan is not None for row in batch.rows)
    if batch.comparison.failures and not has_plan:
        return ExitStatus.INTERNAL_ERROR
    return status_of([row.termination for row in batch.rows], has_plan=has_plan)


OnRow = Callable[[VariantRow, int, int], None]


@dataclass(slots=True)
class LocalBatch:
    """Variants of a base, solved in this process; equal variants are solved once.

    Raises InvalidCaseError at construction if any variant has a mistake.
    """

    base: Instance
    variants: Sequence[Variant]
    rows: list[VariantRow] = field(default_factory=list[VariantRow])
    _equal: dict[str, list[Variant]] = field(default_factory=dict[str, list[Variant]])
    _warnings: dict[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )

    def __post_init__(self) -> None:
        known = set(case_warnings(self.base))

        def add(variant: Variant, case: VariedCase) -> None:
            equal = self._equal.setdefault(case.content_hash, [])
            if not equal:
                added = added_warnings(self.base, known, case.instance)
                self._warnings[case.content_hash] = tuple(map(str, added))
            equal.append(variant)

        read_variants(self.base, self.variants, add)

    def cases(self) -> Iterator[Instance]:
        """Yield each distinct case once, the base first."""
        variation = Variation(self.base)
        for variants in self._equal.values():
            yield varied(variation, variants[0]).instance

    def on_answer(self, on_row: OnRow) -> Callable[[Outcome | str], None]:
        """Return a function to call with the answer to each case, in order."""
        waiting = iter(self._equal.items())

        def add(answer: Outcome | str) -> None:
            content_hash, variants = next(waiting)
            for variant in variants:
                row = _row(variant, content_hash, answer)
                warnings = self._warnings[content_hash]
                if variant.number == 0:
                    warnings = tuple(case_warnings(self.base))
                row = row.model_copy(update={"warnings": warnings})
                self.rows.append(row)
                on_row(self.rows[-1], len(self.rows), len(self.variants))

        return add

    def sorted_rows(self) -> tuple[VariantRow, ...]:
        """Return the rows of the variants with an answer, by number."""
        return tuple(sorted(self.rows, key=lambda row: row.number))


def _row(variant: Variant, content_hash: str, answer: Outcome | str) -> VariantRow:
    row = VariantRow(
        number=variant.number,
        name=variant.name,
        values=variant.overlay.values,
        case=content_hash,
    )
    if isinstance(answer, str):
        return row.model_copy(update={"failure": answer})
    plan = answer.plan
    return row.model_copy(
        update={
            "termination": answer.termination,
            "conflict": answer.conflict,
            "seconds": answer.seconds,
            "plan": None if plan is None else plan.content_hash,
            "figures": None if plan is None else figures_of(plan),
        }
    )
