"""The organisation of a transaction: what others have stored is not there for it.

This is the one place that restricts queries: each that names a table in a session is
restricted to rows of its organisation, and to documents that it may see. Each row that
is added gets the organisation here as well. A session without one sees all rows: that
of a worker that looks for jobs, of the commands of an operator, and of the login.
PostgreSQL is told as well, for the policies of `row_security`.

The session of a planner of a participant only reads, and finds what `_shown_to` lists:
a table or document that is not there is hidden from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    SQLColumnExpression,
    event,
    exists,
    false,
    inspect,
    text,
)
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
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
    FoundPart,
    Job,
    LinkedIdentity,
    OrganisationRow,
    PlanAccess,
    PlanDocument,
    ProgressLine,
    Publication,
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
    FoundPart: Job,
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
_KEY = "sight"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes a session has: those of an organisation, or of a planner in it.

    has_orders_of_planners: whether it sees what planners of participants have ordered.
    """

    organisation: str
    participant: str | None = None
    has_orders_of_planners: bool = True


@cache
def owned_tables() -> Sequence[type[OrganisationRow]]:
    """Return the tables whose rows belong to an organisation each."""
    mappers = inspect(Job).registry.mappers
    found = (mapper.class_ for mapper in mappers)
    return [x for x in found if issubclass(x, OrganisationRow)]


class UnownedRowError(Exception):
    """A row is stored by a transaction that is of no organisation, or of a planner."""


def restrict(session: Session, sight: Sight | None) -> None:
    """Let a new session see with these eyes; without them it sees all rows."""
    session.info[_KEY] = sight
    event.listen(session, "after_begin", _tell_organisation)
    event.listen(session, "before_flush", _give_owner)
    if sight is not None:
        event.listen(session, "do_orm_execute", _hide_others)


def restricted_to(session: Session) -> str | None:
    """Return the organisation of a session; None if it sees all rows."""
    sight: Sight | None = session.info.get(_KEY)
    return None if sight is None else sight.organisation


def organisation_of(session: Session) -> str:
    """Return whose the rows are that a session adds.

    Raises UnownedRowError for a session without an organisation, or of a planner.
    """
    sight: Sight | None = session.info.get(_KEY)
    if sight is None or sight.participant is not None:
        raise UnownedRowError
    return sight.organisation


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
    """Restrict a query to what its session may see."""
    if not execution.is_orm_statement:
        return
    options = _criteria(execution.session.info[_KEY])
    execution.statement = execution.statement.options(*options)


@lru_cache
def _criteria(sight: Sight) -> Sequence[ExecutableOption]:
    organisation = sight.organisation
    own = {table: col(table.organisation) == organisation for table in owned_tables()}
    seen = {
        document: _is_seen(document, access, organisation)
        for document, access in ACCESS.items()
    }
    rows: dict[type[Any], ColumnElement[bool]] = {**own, **seen}
    if sight.participant is not None:
        shown = _shown_to(sight.participant, organisation)
        rows = {x: whole & shown.get(x, false()) for x, whole in rows.items()}
    elif not sight.has_orders_of_planners:
        rows[Job] &= col(Job.participant).is_(None)
    return [
        with_loader_criteria(table, condition, include_aliases=True)
        for table, condition in rows.items()
    ]


def _shown_to(
    participant: str, organisation: str
) -> dict[type[Any], ColumnElement[bool]]:
    """Return what a planner of a participant sees of its organisation, by table.

    The plans that are published to it, what it ordered of these, and the answers.
    """
    publication, job = (_aliased(x) for x in (Publication, Job))

    def is_of(table: FromClause) -> ColumnElement[bool]:
        is_own = table.c.participant == participant
        return is_own & (table.c.organisation == organisation)

    def is_published(publication_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
        here = publication.c.id == publication_id
        return exists().where(here, is_of(publication))

    ordered = is_of(job) & is_published(job.c.publication_id)
    return {
        Publication: col(Publication.participant) == participant,
        Job: (col(Job.participant) == participant)
        & is_published(col(Job.publication_id)),
        AnalysisDocument: exists().where(
            job.c.analysis_hash == col(AnalysisDocument.content_hash), ordered
        ),
    }


def _aliased(table: type[Any]) -> FromClause:
    # Of a name of its own, for the query may have the table as well; and without the
    # mapping, so that no criteria apply within criteria.
    return Row.metadata.tables[table.__name__.lower()].alias()


def _is_seen(
    document: type[Any], access: type[DocumentAccess], organisation: str
) -> ColumnElement[bool]:
    right = _aliased(access)
    return exists().where(
        right.c.content_hash == document.content_hash,
        right.c.organisation == organisation,
    )
