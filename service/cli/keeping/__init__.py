"""strongroom store: what is done with a store beside its server."""

import typer

from service.cli.keeping import audit, backup, delete, restore, show

commands = typer.Typer(
    no_args_is_help=True,
    help="Back up and restore the store of the server, say what is in it, delete.",
)
commands.command("backup")(backup.command)
commands.command("restore")(restore.command)
commands.command("delete")(delete.command)
commands.command("show")(show.command)
commands.command("audit")(audit.command)
