"""The command line: all commands under one program."""

import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from models.mistakes import Mistake
from service.cli.commands import (
    accounts,
    advance,
    audit,
    batch,
    calibration,
    cases,
    compare_plans,
    compare_rules,
    csv_folder,
    evaluate,
    exchange,
    explain,
    financing,
    frontier,
    import_extract,
    new,
    participant,
    pictures,
    rehearse,
    rehearse_history,
    replay,
    scenarios,
    sensitivity,
    serve,
    show,
    solve,
    sources,
    store,
    value_rights,
    workbook,
)
from service.cli.exit_status import EXPLANATION
from service.cli.interruption import end_by_interrupt
from service.cli.reporting import report_mistakes
from service.cli.streams import guard_streams


class Commands(TyperGroup):
    """The commands; with --json, a wrong command line is reported as JSON too."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - as in the base class
        windows_expand_args: bool = True,  # noqa: FBT001, FBT002
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Run the command line."""
        words = list(sys.argv[1:] if args is None else args)
        is_answered_as_json = standalone_mode and "--json" in words
        run = partial(super().main, args, prog_name, complete_var, **extra)
        if not is_answered_as_json:
            return run(standalone_mode, windows_expand_args)
        try:
            status = run(standalone_mode=False)
        except typer.TyperException as error:
            expected = f"a command line as in --help ({error.format_message()})"
            mistake = Mistake("command line", " ".join(words), expected)
            report_mistakes([mistake], as_json=True)
            status = error.exit_code
        sys.exit(status)


app = typer.Typer(
    name="strongroom",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=f"Plan a strategic stockpile of critical minerals.\n\n{EXPLANATION}",
)
app.command("new")(new.command)
app.command("sources")(sources.command)
app.command("solve")(solve.command)
app.command("show")(show.command)
app.command("evaluate")(evaluate.command)
app.command("explain")(explain.command)
app.command("financing")(financing.command)
app.command("pictures")(pictures.command)
app.command("advance")(advance.command)
app.command("replay")(replay.command)
app.command("participant")(participant.command)
app.command("value-rights")(value_rights.command)
app.command("compare-plans")(compare_plans.command)
app.command("compare-rules")(compare_rules.command)
app.command("rehearse")(rehearse.command)
app.command("rehearse-history")(rehearse_history.command)
app.command("audit")(audit.command)
app.command("cases")(cases.cases)
app.command("sensitivity")(sensitivity.command)
app.command("frontier")(frontier.command)
app.command("batch")(batch.command)
app.command("workbook")(workbook.command)
app.command("csv")(csv_folder.command)
app.command("scenarios")(scenarios.command)
app.command("import")(import_extract.command)
app.command("schema")(cases.schema)
app.command("calibration")(calibration.command)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.add_typer(exchange.smps, name="smps")
app.add_typer(exchange.mps, name="mps")
app.add_typer(store.commands, name="store")
app.add_typer(accounts.commands, name="accounts")


def _print_version(value: bool) -> None:  # noqa: FBT001 - called by the library
    if value:
        typer.echo(version("strongroom"))
        raise typer.Exit


@app.callback()
def _options(
    *,
    is_version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    del is_version


def run() -> None:
    """Run the program. Raises SystemExit with its status."""
    guard_streams()
    try:
        app()
    except KeyboardInterrupt:
        end_by_interrupt()
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()
