"""strongroom accounts: who may use the store, and the keys and identities of each.

The commands need no login: a user of the machine who can write to the store can give
them. So they also make the first administrator.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from models.roles import (
    DEFAULT_ORGANISATION,
    MAXIMUM_ACCOUNT_CHARACTERS,
    MAXIMUM_ISSUER_CHARACTERS,
    MAXIMUM_ORGANISATION_CHARACTERS,
    MAXIMUM_SUBJECT_CHARACTERS,
    Role,
    Scope,
)
from service.cli.options import DataDirectoryOption, JsonOption
from service.cli.reporting import print_json, reported
from service.cli.screen import echo, print_tables
from service.files.text import fault
from service.printing.table import table

if TYPE_CHECKING:
    from models.tables import Account, ApiKey
    from service.identity.administration import Administration
    from service.store.accounts import AccountRepository

Result = TypeVar("Result")
LONGEST_LIFETIME_DAYS = 3650
ACCOUNT, ORGANISATION = "account", "organisation"
ORGANISATION_COLUMNS = ("organisation", "added")
ACCOUNT_COLUMNS = (
    "account",
    "organisation",
    "role",
    "participant",
    "added",
    "disabled",
    "linked with",
)
KEY_COLUMNS = ("prefix", "account", "scopes", "made", "ends", "revoked", "last used")

commands = typer.Typer(
    no_args_is_help=True, help="Say who may use the store of a server, and make keys."
)

AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="Name of an account.")
]
PrefixArgument = Annotated[
    str,
    typer.Argument(
        metavar="PREFIX", help="Prefix of a key: the 12 characters after strongroom_."
    ),
]
RoleOption = Annotated[Role, typer.Option(help="What the account is for.")]
OrganisationOption = Annotated[
    str,
    typer.Option(
        metavar="ORGANISATION", help="Whose cases and plans the account may see."
    ),
]
ParticipantOption = Annotated[
    str | None,
    typer.Option(
        metavar="PARTICIPANT",
        help="Whose planner a participant_planner is, by its identifier in cases.",
        show_default=False,
    ),
]
DaysOption = Annotated[
    int,
    typer.Option(min=1, max=LONGEST_LIFETIME_DAYS, help="Days until the key ends."),
]
ScopeOption = Annotated[
    list[Scope] | None,
    typer.Option(
        "--scope",
        help="Use of the key, within what the role may do; repeatable. Default: read "
        "and write.",
        show_default=False,
    ),
]
IssuerOption = Annotated[
    str,
    typer.Option(
        metavar="URL", help="OpenID provider, as STRONGROOM_OPENID_ISSUER names it."
    ),
]
SubjectOption = Annotated[
    str, typer.Option(help="What the provider calls the account: `sub` of its tokens.")
]
OverlapOption = Annotated[
    float, typer.Option(min=0, max=720, help="Hours that the old key still works.")
]


@commands.command("add-organisation")
def add_organisation(
    name: Annotated[
        str, typer.Argument(metavar="ORGANISATION", help="A name; it stays.")
    ],
    *,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an organisation, whose cases and plans no other one sees."""
    with reported(as_json=as_json):
        _check_name(ORGANISATION, name, MAXIMUM_ORGANISATION_CHARACTERS)
        _change(data_dir, lambda x, _: x.add_organisation(name))
        _report(as_json, {ORGANISATION: name}, f"organisation {name}")


@commands.command("organisations")
def list_organisations(
    *, data_dir: DataDirectoryOption = None, as_json: JsonOption = False
) -> None:
    """List the organisations."""
    with reported(as_json=as_json):
        found = _read(
            data_dir,
            lambda x: [
                {"organisation": DEFAULT_ORGANISATION, "added": None},
                *(
                    {"organisation": each.name, "added": _shown(each.created_at)}
                    for each in x.organisations()
                ),
            ],
        )
        _print_list("organisations", ORGANISATION_COLUMNS, found, as_json=as_json)


@commands.command("add")
def add(
    name: AccountArgument,
    *,
    role: RoleOption,
    organisation: OrganisationOption = DEFAULT_ORGANISATION,
    participant: ParticipantOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account. With the first one the store needs a login from then on."""
    with reported(as_json=as_json):
        _check_name(ACCOUNT, name, MAXIMUM_ACCOUNT_CHARACTERS)
        _change(
            data_dir, lambda x, _: x.add_account(name, role, organisation, participant)
        )
        document = {
            "account": name,
            "organisation": organisation,
            "role": role,
            "participant": participant,
        }
        of = organisation if participant is None else f"{participant} in {organisation}"
        _report(as_json, document, f"account {name}: {role} of {of}")


@commands.command("disable")
def disable(
    name: AccountArgument,
    *,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """End all keys of an account at once."""
    with reported(as_json=as_json):
        _change(data_dir, lambda x, _: x.disable_account(name))
        _report(as_json, {"account": name}, f"account {name}: disabled")


@commands.command("list")
def list_accounts(
    *, data_dir: DataDirectoryOption = None, as_json: JsonOption = False
) -> None:
    """List the accounts, with the identities that they are linked with."""
    with reported(as_json=as_json):
        found = _read(data_dir, _described_accounts)
        _print_list("accounts", ACCOUNT_COLUMNS, found, as_json=as_json)


@commands.command("link")
def link(
    name: AccountArgument,
    *,
    issuer: IssuerOption,
    subject: SubjectOption,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept tokens that an OpenID provider gives a subject as those of an account."""
    with reported(as_json=as_json):
        _check_name("issuer", issuer, MAXIMUM_ISSUER_CHARACTERS)
        _check_name("subject", subject, MAXIMUM_SUBJECT_CHARACTERS)
        _change(data_dir, lambda x, _: x.link(name, issuer, subject))
        document = {"account": name, "issuer": issuer, "subject": subject}
        _report(as_json, document, f"account {name}: {subject} of {issuer}")


@commands.command("unlink")
def unlink(
    name: AccountArgument,
    *,
    issuer: IssuerOption,
    subject: SubjectOption,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """End all tokens of a subject at once."""
    with reported(as_json=as_json):
        _change(data_dir, lambda x, _: x.unlink(name, issuer, subject))
        document = {"account": name, "issuer": issuer, "subject": subject}
        _report(as_json, document, f"account {name}: no longer {subject} of {issuer}")


@commands.command("add-key")
def add_key(
    name: AccountArgument,
    *,
    days: DaysOption = 365,
    scopes: ScopeOption = None,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key of an account and print it: for the only time."""
    with reported(as_json=as_json):
        key = _change(
            data_dir,
            lambda x, secret: x.add_key(
                name,
                secret,
                dt.timedelta(days=days),
                scopes or [Scope.READ, Scope.WRITE],
            ),
        )
        _report(as_json, {"key": key.text, "prefix": key.prefix}, key.text)


@commands.command("keys")
def list_keys(
    *, data_dir: DataDirectoryOption = None, as_json: JsonOption = False
) -> None:
    """List the keys by prefix, with their ends and last uses."""
    with reported(as_json=as_json):
        found = _read(data_dir, lambda x: [_described_key(*k) for k in x.all_keys()])
        _print_list("keys", KEY_COLUMNS, found, as_json=as_json)


@commands.command("rotate-key")
def rotate_key(
    prefix: PrefixArgument,
    *,
    overlap_hours: OverlapOption = 24.0,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key in place of another one, which ends after an overlap."""
    with reported(as_json=as_json):
        overlap = dt.timedelta(hours=overlap_hours)
        key, end = _change(
            data_dir, lambda x, secret: x.rotate_key(prefix, secret, overlap)
        )
        found = {"key": key.text, "prefix": key.prefix, "old_key_ends": end.isoformat()}
        _report(as_json, found, key.text)


@commands.command("revoke-key")
def revoke_key(
    prefix: PrefixArgument,
    *,
    data_dir: DataDirectoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a key at once."""
    with reported(as_json=as_json):
        _change(data_dir, lambda x, _: x.revoke_key(prefix))
        _report(as_json, {"prefix": prefix}, f"key {prefix}: revoked")


def _check_name(kind: str, name: str, most: int) -> None:
    if not 1 <= len(name) <= most or not name.isprintable():
        raise fault(kind, name, f"1 to {most} visible characters")


def _change(
    data_directory: Path | None, change: "Callable[[Administration, bytes], Result]"
) -> Result:
    """Make a change in the store, which is created if it is not there."""
    from service.cli.commands.store.access import (  # noqa: PLC0415
        author_of_command,
        reached_store,
    )
    from service.clock import system_clock  # noqa: PLC0415
    from service.identity.account_secret import made_account_secret  # noqa: PLC0415
    from service.identity.administration import Administration  # noqa: PLC0415
    from service.store.opening import opened_store  # noqa: PLC0415

    with (
        reached_store(data_directory) as settings,
        opened_store(settings) as store,
        store.database.transaction() as session,
    ):
        secret = made_account_secret(settings)
        administration = Administration(session, author_of_command(), system_clock())
        return change(administration, secret)


def _read(
    data_directory: Path | None,
    read: "Callable[[AccountRepository], list[dict[str, object]]]",
) -> list[dict[str, object]]:
    from service.cli.commands.store.access import reached_store  # noqa: PLC0415
    from service.store.accounts import AccountRepository  # noqa: PLC0415
    from service.store.opening import visited_store  # noqa: PLC0415

    with (
        reached_store(data_directory) as settings,
        visited_store(settings) as database,
        database.reading() as session,
    ):
        return read(AccountRepository(session))


def _print_list(
    name: str,
    columns: Sequence[str],
    found: Sequence[Mapping[str, object]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        print_json({name: found})
        return
    rows = table(name.capitalize(), *columns, left=len(columns))
    for x in found:
        cells = (x[column.replace(" ", "_")] for column in columns)
        rows.add_row(*(str(cell or "") for cell in cells))
    print_tables(rows)


def _report(as_json: bool, document: Mapping[str, object], line: str) -> None:  # noqa: FBT001
    if as_json:
        print_json(document)
    else:
        echo(line)


def _described_accounts(accounts: "AccountRepository") -> list[dict[str, object]]:
    identities = accounts.all_identities()
    return [
        {
            "account": account.name,
            "organisation": account.organisation,
            "role": account.role,
            "participant": account.participant,
            "added": _shown(account.created_at),
            "disabled": _shown(account.disabled_at),
            "linked_with": ", ".join(
                f"{x.subject} of {x.issuer}"
                for x in identities
                if x.account_id == account.id
            ),
        }
        for account in accounts.all()
    ]


def _described_key(key: "ApiKey", account: "Account") -> dict[str, object]:
    return {
        "prefix": key.prefix,
        "account": account.name,
        "scopes": ", ".join(key.scopes),
        "made": _shown(key.created_at),
        "ends": _shown(key.expires_at),
        "revoked": _shown(key.revoked_at),
        "last_used": _shown(key.last_used_at),
    }


def _shown(at: dt.datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M}"
