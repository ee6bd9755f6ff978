"""The organisation of a transaction: what others have stored is not there for it.

This is the one place that restricts queries: each that names a table in a session is
restricted to rows of its organisation, and to documents that it may see. Each row that
is added gets the organisation here as well. A session without one sees all rows: that
of a worker that looks for jobs, of the commands of an operator, and of the login.
PostgreSQL is told as well, for the policies of `row_security`.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, event, exists, inspect, text
from sqlalchemy.orm import (
    ORMExecuteState,
    SessionTransaction,
    aliased,
    with_loader_criteria,
)
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, col

from models.tables import (
    Account,
    AnalysisAccess,
    AnalysisDocument,
    ApiKey,
    Batch,
    BatchVariant,
    CaseAccess,
    CaseDocument,
    EvaluationAccess,
    EvaluationDocument,
    Job,
    LinkedIdentity,
    OrganisationRow,
    PlanAccess,
    PlanDocument,
    ProgressLine,
)
from models.tables.access import DocumentAccess
from models.tables.row import Row

# Documents, and the rights to see them.
ACCESS: dict[type[Any], type[DocumentAccess]] = {
    CaseDocument: CaseAccess,
    PlanDocument: PlanAccess,
    EvaluationDocument: EvaluationAccess,
    AnalysisDocument: AnalysisAccess,
}
# Rows that belong to the organisation of another row, to which they refer.
PARTS: dict[type[Row], type[OrganisationRow]] = {
    ApiKey: Account,
    BatchVariant: Batch,
    LinkedIdentity: Account,
    ProgressLine: Job,
}
# What PostgreSQL is told: the organisation of a transaction, or that it sees all rows.
ORGANISATION_SETTING = "strongroom.organisation"
ALL_SETTING, ON, OFF = "strongroom.all_organisations", "on", "off"
_TELL = text(
    f"SELECT set_config('{ORGANISATION_SETTING}', :organisation, true), "
    f"set_config('{ALL_SETTING}', :sees_all, true)"
)
_KEY = "organisation"


@cache
def owned_tables() -> Sequence[type[OrganisationRow]]:
    """Return the tables whose rows belong to an organisation each."""
    mappers = inspect(Job).registry.mappers
    found = (mapper.class_ for mapper in mappers)
    return [x for x in found if issubclass(x, OrganisationRow)]


class UnownedRowError(Exception):
    """A row is stored by a transaction that is of no organisation."""


def restrict(session: Session, organisation: str | None) -> None:
    """Let a new session see rows of that organisation alone; all rows without one."""
    session.info[_KEY] = organisation
    event.listen(session, "after_begin", _tell_organisation)
    event.listen(session, "before_flush", _give_owner)
    if organisation is not None:
        event.listen(session, "do_orm_execute", _hide_others)


def restricted_to(session: Session) -> str | None:
    """Return the organisation of a session; None if it sees all rows."""
    organisation: str | None = session.info.get(_KEY)
    return organisation


def organisation_of(session: Session) -> str:
    """Return the organisation of a session; raise UnownedRowError if it has none."""
    organisation = restricted_to(session)
    if organisation is None:
        raise UnownedRowError
    return organisation


def _tell_organisation(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    """Tell PostgreSQL, for this transaction, whose rows it may show."""
    if connection.dialect.name == "postgresql" and not transaction.nested:
        organisation = restricted_to(session)
        sees_all = ON if organisation is None else OFF
        told = {"organisation": organisation or "", "sees_all": sees_all}
        connection.execute(_TELL, told)


def _give_owner(session: Session, *_: object) -> None:
    """Let each new row that names no organisation belong to that of the session."""
    for row in session.new:
        if isinstance(row, OrganisationRow) and not row.organisation:
            row.organisation = organisation_of(session)


def _hide_others(execution: ORMExecuteState) -> None:
    """Restrict a query to what the organisation of its session may see."""
    if not execution.is_orm_statement:
        return
    options = _criteria(execution.session.info[_KEY])
    execution.statement = execution.statement.options(*options)


@lru_cache
def _criteria(organisation: str) -> Sequence[ExecutableOption]:
    own = [
        with_loader_criteria(
            table, col(table.organisation) == organisation, include_aliases=True
        )
        for table in owned_tables()
    ]
    seen = [
        with_loader_criteria(
            document, _is_seen(document, access, organisation), include_aliases=True
        )
        for document, access in ACCESS.items()
    ]
    return own + seen


def _is_seen(
    document: type[Any], access: type[DocumentAccess], organisation: str
) -> ColumnElement[bool]:
    # Of a name of its own: the query may have the table of access as well.
    right = aliased(access)
    return exists().where(
        col(right.content_hash) == document.content_hash,
        col(right.organisation) == organisation,
    )
