"""How a command reports: results as JSON, mistakes as lines or as JSON."""

import errno
import json
import traceback
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from models.record import NumberTooLargeError, Record
from service.cli.exit_status import ExitStatus
from service.cli.interruption import end_by_interrupt
from service.cli.screen import echo
from service.files.validation import mistakes_in

WITHOUT_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TOO_LARGE = "figures of the case or of the plan are too large"


@contextmanager
def reported(*, as_json: bool) -> Generator[None]:
    """Turn an error inside the block into a message and an exit status."""
    try:
        yield
    except InvalidCaseError as error:
        report_mistakes(error.mistakes, as_json=as_json)
        raise typer.Exit(ExitStatus.BAD_INPUT) from None
    except KeyboardInterrupt:
        end_by_interrupt()
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except ValidationError as error:
        causes = [x.get("ctx", {}).get("error") for x in error.errors()]
        if not all(isinstance(x, NumberTooLargeError) for x in causes):
            raise_internal(error, as_json=as_json)
        report_mistakes(
            [
                Mistake(f"result: {x.path}", x.value, f"{x.expected}; {TOO_LARGE}")
                for x in mistakes_in(error, error.title)
            ],
            as_json=as_json,
        )
        raise typer.Exit(ExitStatus.BAD_INPUT) from None
    except OSError as error:
        _raise_unwritten(error, as_json=as_json)
    except Exception as error:
        raise_internal(error, as_json=as_json)


def _raise_unwritten(error: OSError, *, as_json: bool) -> NoReturn:
    """Report a file that there is no room for; any other error is an internal one."""
    if error.errno not in WITHOUT_ROOM:
        raise_internal(error, as_json=as_json)
    where = str(error.filename or "a file")
    found = Mistake(where, error.strerror, "room to write it")
    report("not written", [found], as_json=as_json)
    raise typer.Exit(ExitStatus.BAD_INPUT) from None


def raise_internal(error: Exception, *, as_json: bool) -> NoReturn:
    """Report an error of the program itself, with its traceback, and exit."""
    traceback.print_exception(error)
    report(f"internal error: {type(error).__name__}: {error}", [], as_json=as_json)
    raise typer.Exit(ExitStatus.INTERNAL_ERROR) from None


def report_mistakes(mistakes: Sequence[Mistake], *, as_json: bool) -> None:
    """Report what is wrong with the input."""
    count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
    report(f"bad input, {count}", mistakes, as_json=as_json)


def report(message: str, mistakes: Sequence[Mistake], *, as_json: bool) -> None:
    """Write an error to standard error, or as the one JSON object of the command."""
    if as_json:
        listed = [
            {
                "path": mistake.path,
                "value": _plain(mistake.value),
                "expected": mistake.expected,
                "message": str(mistake),
            }
            for mistake in mistakes
        ]
        print_json({"status": "error", "message": message, "mistakes": listed})
        return
    echo(f"strongroom: {message}", err=True)
    for mistake in mistakes:
        echo(f"  {mistake}", err=True)


def print_json(document: Mapping[str, object]) -> None:
    """Write a JSON object to standard output."""
    typer.echo(json.dumps(document, indent=2, allow_nan=False))


def print_document(found: Record, **further: object) -> None:
    """Write a document and further fields as a JSON object; paths become text."""
    added = {k: str(x) if isinstance(x, Path) else x for k, x in further.items()}
    print_json({**found.model_dump(mode="json"), **added})


def _plain(value: object) -> object:
    """Return None, text and finite numbers as they are, anything else as its repr."""
    if isinstance(value, int | float):
        return value if abs(value) < float("inf") else repr(value)
    return value if value is None or isinstance(value, str) else repr(value)
