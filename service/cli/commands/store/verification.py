"""strongroom store verify-audit and verify-ledger: chains of hashes are whole."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.mistakes import Mistake
from models.reading import InvalidCaseError
from service.cli.options import DataDirectoryOption, JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo
from service.files.text import fault

if TYPE_CHECKING:
    from sqlmodel import Session

    from service.store.reserve_chain import CheckedLedger

AUDIT, HEAD = "audit log", "--head"
AS_WRITTEN = "as they were written"

HeadOption = Annotated[
    str | None,
    typer.Option(
        "--head",
        help="A hash noted earlier, which the chain must still have.",
        show_default=False,
    ),
]


def verify_audit(
    *,
    head: HeadOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no entry of the audit log was changed, removed or inserted."""
    with reported(as_json=as_json):
        from service.store.audit_chain import check_chain  # noqa: PLC0415

        with _one_state(data_dir) as session:
            found = check_chain(session, head)
        if not found.has_noted_head:
            raise fault(HEAD, head, "a hash of the chain: entries were removed")
        if found.broken:
            numbers = ", ".join(str(x) for x in found.broken)
            raise fault(AUDIT, f"entries {numbers}", AS_WRITTEN)
        if as_json:
            print_json(
                {
                    "entries": found.number,
                    "entries_before_the_chain": found.number_before,
                    "heads": found.heads,
                }
            )
            return
        older = f" ({found.number_before:,} older ones are not in it)"
        number = f"{found.number:,} entries{older if found.number_before else ''}"
        heads = "".join(f"\nhead of {name}: {x}" for name, x in found.heads.items())
        echo(f"the chain is whole: {number}{heads}")


def verify_ledger(
    *,
    head: HeadOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that no entry of a reserve was changed, removed or inserted."""
    with reported(as_json=as_json):
        from service.store.reserve_chain import (  # noqa: PLC0415
            check_ledgers,
            unread_reserves,
        )

        with _one_state(data_dir) as session:
            found = list(check_ledgers(session, head))
            unread = unread_reserves(session)
        mistakes = [mistake for x in found for mistake in mistakes_of(x)]
        mistakes += [
            Mistake(f"row {row} of the reserves", "not readable", AS_WRITTEN)
            for row in unread
        ]
        if head is not None and not any(x.has_noted_head for x in found):
            expected = "a hash of a ledger: entries were removed or changed"
            mistakes.append(Mistake(HEAD, head, expected))
        if mistakes:
            raise InvalidCaseError(mistakes)
        if as_json:
            heads = {x.reserve.id: x.reserve.head for x in found}
            print_json({"entries": sum(x.number for x in found), "heads": heads})
            return
        for x in found:
            head = f"{x.number:,} entries, head {x.reserve.head}"
            echo(f"reserve {x.reserve.id} ({x.reserve.name}): {head}")
        echo(f"the ledgers are whole: {len(found):,}")


@contextmanager
def _one_state(data_dir: Path | None) -> Generator["Session"]:
    """Yield a session that reads one state of the store, however long it takes."""
    from service.cli.commands.store.access import reached_store  # noqa: PLC0415
    from service.store.engines import take_time  # noqa: PLC0415
    from service.store.opening import visited_store  # noqa: PLC0415

    with (
        reached_store(data_dir) as settings,
        visited_store(settings) as database,
        database.reading() as session,
    ):
        take_time(session.connection())
        yield session


def mistakes_of(found: "CheckedLedger") -> Iterator[Mistake]:
    """Yield what is wrong with the ledger of a reserve."""
    where = f"reserve {found.reserve.id}"
    if found.broken:
        numbers = ", ".join(str(x) for x in found.broken)
        yield Mistake(where, f"entries {numbers}", AS_WRITTEN)
    if found.is_headless:
        expected = f"{found.reserve.number_of_entries}, the last one of them included"
        yield Mistake(where, f"{found.number} entries", expected)
