"""strongroom store: backup, restore, deletion and contents of a store."""

import typer

from service.cli.commands.store import backup, contents, delete, verification

commands = typer.Typer(
    no_args_is_help=True,
    help="Back up, restore, show and clean up the store of a server.",
)
commands.command("backup")(backup.backup)
commands.command("restore")(backup.restore)
commands.command("delete")(delete.command)
commands.command("show")(contents.show)
commands.command("audit")(contents.audit)
commands.command("verify-audit")(verification.verify_audit)
commands.command("verify-ledger")(verification.verify_ledger)
