"""strongroom batch: a case and variants of it, solved and compared."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from models.batch import DEFAULT_MEASURES, Axis, BatchResult, VariantRow, compare
from models.figures import Measure, figures_of
from models.instance import Instance
from models.mistakes import Mistake
from models.outcome import Outcome, Termination
from models.reading import InvalidCaseError
from models.variation import Variation, VariedCase
from service.batches.expansion import Variant, read_variants, variants_of, varied
from service.batches.grid import axes_of
from service.batches.order import ListedVariant, listed_variants
from service.casefiles import load_values
from service.cli.exit_status import ExitStatus
from service.cli.inputs import read_case
from service.cli.interruption import Interruption
from service.cli.options import (
    CaseArgument,
    ExecutorOption,
    JsonOption,
    SetOption,
    chosen_executor,
)
from service.cli.reporting import print_json, reported
from service.cli.screen import print_tables
from service.cli.server import ServerClient, follow, rows, submit
from service.cli.tables.batch import frontier_table, told, variants_table
from service.files.writing import check_writable, write_whole

STOPPING = "stopping after the variant that is being solved; Ctrl-C again ends at once"
LEAVING = "no longer following; the batch goes on at"

Tell = Callable[[str], None]


def command(  # noqa: PLR0913 - one for each option of the command
    case: CaseArgument,
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=VALUES",
            help="Values for a path as in --set: FIRST..LAST:NUMBER in equal steps, or "
            "a list with commas. Repeated, every combination is a variant.",
            show_default=False,
        ),
    ] = None,
    variants: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="YAML or JSON file of variants: JSON merge patches by name, or a list "
            "with name, patch and set (values by path).",
            show_default=False,
        ),
    ] = None,
    measure: Annotated[
        list[Measure] | None,
        typer.Option(
            help="What variants are compared by; repeatable.",
            show_default=" and ".join(DEFAULT_MEASURES),
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Hand the batch to a server and follow it.",
            show_default=False,
        ),
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Of a server: solve also what it has solved before."
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(help="File to write all of it to (JSON).", show_default=False),
    ] = None,
    executor: ExecutorOption = None,
    assignments: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a case and variants of it, and compare them; Ctrl-C keeps what is done."""
    with reported(as_json=as_json):
        wanted = _checked(case, assignments, vary or [], variants, output)
        measures = measure or DEFAULT_MEASURES
        tell = _silence if as_json else partial(typer.echo, err=True)
        if server is None:
            done = _run(wanted, chosen_executor(executor), tell)
        else:
            done = _follow(wanted, server, tell, is_fresh=fresh)
        batch = BatchResult(
            instance_hash=wanted.base.content_hash,
            axes=wanted.axes,
            rows=tuple(done),
            comparison=compare(done, wanted.axes, measures),
        )
        if output is not None:
            write_whole(batch.model_dump_json(indent=2).encode(), output)
        _report(batch, output, as_json=as_json)
        if (status := _status(batch)) is not ExitStatus.SUCCESS:
            raise typer.Exit(status)


def _silence(text: str) -> None:
    """Say nothing: the answer is one JSON object and nothing else."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, read."""

    base: Instance
    listed: Sequence[ListedVariant]
    axes: tuple[Axis, ...]


def _checked(
    case: str,
    assignments: list[str] | None,
    vary: list[str],
    file: str | None,
    output: Path | None,
) -> _Wanted:
    """Return what is asked for, or raise InvalidCaseError with all that is wrong."""
    mistakes: list[Mistake] = []
    base, listed, axes = None, list[ListedVariant](), tuple[Axis, ...]()
    try:
        base = read_case(case, assignments)
    except InvalidCaseError as error:
        mistakes += error.mistakes
    with _gathered(mistakes):
        axes = axes_of(vary)
    with _gathered(mistakes):
        listed = [] if file is None else listed_variants(load_values(file), file)
    with _gathered(mistakes):
        if output is not None:
            check_writable(output)
    if not vary and file is None:
        mistakes.append(Mistake("--vary", "absent", "it, or --variants"))
    if base is None or mistakes:
        raise InvalidCaseError(mistakes)
    return _Wanted(base, listed, axes)


@contextmanager
def _gathered(mistakes: list[Mistake]) -> Generator[None]:
    try:
        yield
    except InvalidCaseError as error:
        mistakes += error.mistakes


def _run(wanted: _Wanted, executor: str, tell: Tell) -> Sequence[VariantRow]:
    """Return the variants that were solved here."""
    batch = LocalBatch(wanted.base, variants_of(wanted.listed, wanted.axes))
    # The solver takes a second to load: not for --help, nor for a wrong case.
    from service.optimization import solve_all  # noqa: PLC0415

    def hear(row: VariantRow, place: int, total: int) -> None:
        tell(told(row, place, total))

    listener = batch.listener(hear)
    with Interruption() as interruption:
        interruption.run(
            lambda: solve_all(
                batch.cases(), listener, interruption.is_asked, executor=executor
            ),
            on_asked=lambda: tell(STOPPING),
        )
    return batch.sorted_rows()


def _follow(
    wanted: _Wanted, url: str, tell: Tell, *, is_fresh: bool
) -> Sequence[VariantRow]:
    """Return the variants as a server has solved them by now."""
    server = ServerClient(url)
    batch = submit(server, wanted.base, wanted.listed, wanted.axes, is_fresh=is_fresh)
    where = f"{server.url}{batch['href']}"
    tell(f"batch {where}")
    with Interruption() as interruption:
        interruption.run(
            lambda: follow(server, batch["href"], tell, interruption.is_asked),
            on_asked=lambda: tell(f"{LEAVING} {where}"),
        )
    return rows(server, batch["variants_href"])


def _report(batch: BatchResult, output: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(batch.model_dump(mode="json"))
        return
    print_tables(variants_table(batch), frontier_table(batch))
    for row in batch.rows:
        if row.failure is not None:
            typer.echo(f"{row.name}: {row.failure}")
        elif row.conflict:
            typer.echo(f"{row.name}: these limits cannot hold together.")
            for limit in row.conflict:
                typer.echo(f"  {limit}")
    if output is not None:
        typer.echo(f"batch: {output}")


def _status(batch: BatchResult) -> ExitStatus:
    """Return success if any variant has a plan."""
    if any(row.plan is not None for row in batch.rows):
        return ExitStatus.SUCCESS
    if batch.comparison.failures:
        return ExitStatus.INTERNAL_ERROR
    ended = {row.termination for row in batch.rows}
    if ended == {Termination.INFEASIBLE}:
        return ExitStatus.INFEASIBLE
    return ExitStatus.NO_PLAN_WITHIN_LIMITS


OnRow = Callable[[VariantRow, int, int], None]


@dataclass(slots=True)
class LocalBatch:
    """Variants of a base, all of which were read; those that are the same share.

    Raises InvalidCaseError at construction if any has a mistake.
    """

    base: Instance
    variants: Sequence[Variant]
    rows: list[VariantRow] = field(default_factory=list[VariantRow])
    _same: dict[str, list[Variant]] = field(default_factory=dict[str, list[Variant]])

    def __post_init__(self) -> None:
        def take(variant: Variant, case: VariedCase) -> None:
            self._same.setdefault(case.content_hash, []).append(variant)

        read_variants(self.base, self.variants, take)

    def cases(self) -> Iterator[Instance]:
        """Yield each different case once, the base first."""
        variation = Variation(self.base)
        for variants in self._same.values():
            yield varied(variation, variants[0]).instance

    def listener(self, on_row: OnRow) -> Callable[[Outcome | str], None]:
        """Return who takes the answers to the cases, in their order."""
        waiting = iter(self._same.items())

        def take(answer: Outcome | str) -> None:
            content_hash, variants = next(waiting)
            for variant in variants:
                self.rows.append(_row(variant, content_hash, answer))
                on_row(self.rows[-1], len(self.rows), len(self.variants))

        return take

    def sorted_rows(self) -> tuple[VariantRow, ...]:
        """Return the rows of all variants that have an answer, by number."""
        return tuple(sorted(self.rows, key=lambda row: row.number))


def _row(variant: Variant, content_hash: str, answer: Outcome | str) -> VariantRow:
    row = VariantRow(
        number=variant.number,
        name=variant.name,
        values=dict(variant.values),
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
