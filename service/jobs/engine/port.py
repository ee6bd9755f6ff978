"""The operations of the service on the engine."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbos import DBOSClient, EnqueueOptions, WorkflowStatus
from dbos._serialization import DBOSPortableJSON, DefaultSerializer
from sqlmodel import Session

from models.tables import Job
from service.jobs.engine.arrivals import tell_arrival
from service.jobs.engine.names import (
    APPLICATION,
    QUEUES,
    SHORTEST_PAUSE_S,
    VERSION,
    WORKFLOW,
    Ticket,
    priority_in_queue,
    queue_of,
)
from service.store.database import Database, translated_errors
from service.store.migrating import ENGINE_SCHEMA

WAITING = ("ENQUEUED", "DELAYED")
RUNNING = "PENDING"
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class TakenTicket:
    """A ticket that a worker has taken from the queue."""

    ticket: Ticket
    worker_id: str


class Engine:
    """The queue: submit, cancel and inspect tickets."""

    def __init__(self, database: Database) -> None:
        refuse_pickle()
        self._client = DBOSClient(
            system_database_engine=database.writer,
            dbos_system_schema=ENGINE_SCHEMA,
            serializer=DBOSPortableJSON,
            application_name=APPLICATION,
            lazy=True,
            # Callers must learn that the database does not answer.
            retry_connection_errors=False,
        )

    def submit(self, session: Session, job: Job) -> None:
        """Put a queued job in the queue when the caller's transaction is committed.

        Earlier tickets of the job no longer count.
        """
        job.ticket += 1
        job.is_in_queue = True
        session.flush()
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=queue_of(job.priority),
            workflow_id=Ticket.of(job).name,
            workflow_id_reuse_policy="reject",
            app_version=VERSION,
            priority=priority_in_queue(job),
        )
        self._client.enqueue_in_transaction(session, options, job.id, job.ticket)
        tell_arrival(session)

    def cancel(self, tickets: Collection[Ticket]) -> None:
        """Take tickets out of the queue; their workers notice within a second."""
        names = [ticket.name for ticket in tickets]
        for first in range(0, len(names), AT_A_TIME):
            with translated_errors():
                self._client.cancel_workflows(names[first : first + AT_A_TIME])

    def states(self, tickets: Collection[Ticket]) -> Mapping[Ticket, str]:
        """Return the states of tickets, without those that the engine does not know.

        ENQUEUED and DELAYED wait, PENDING is with a worker, all others have ended.
        """
        found = self._listed(workflow_ids=[ticket.name for ticket in tickets])
        return {Ticket.read(one.workflow_id): one.status for one in found}

    def taken(self) -> Sequence[TakenTicket]:
        """Return the tickets that workers have, dead workers included."""
        found = self._listed(status=[RUNNING])
        return [
            TakenTicket(Ticket.read(one.workflow_id), one.executor_id or "")
            for one in found
        ]

    def purge(self, before: dt.datetime) -> int:
        """Delete tickets that ended before; return how many, at most AT_A_TIME."""
        with translated_errors():
            ended = self._client.list_workflows(
                status=ENDED,
                completed_before=before.isoformat(),
                limit=AT_A_TIME,
                load_input=False,
                load_output=False,
            )
            if ended:
                self._client.delete_workflows([one.workflow_id for one in ended])
        return len(ended)

    def prepare(self) -> None:
        """Register the queues. Each worker sets its own limit."""
        for name in QUEUES:
            self._client.register_queue(
                name,
                worker_concurrency=0,
                polling_interval_sec=SHORTEST_PAUSE_S,
                on_conflict="always_update",
            )

    def close(self) -> None:
        """Close the client; the database stays open."""
        self._client.destroy()

    def _listed(
        self,
        *,
        workflow_ids: list[str] | None = None,
        status: list[str] | None = None,
    ) -> Sequence[WorkflowStatus]:
        with translated_errors():
            return self._client.list_workflows(
                workflow_ids=workflow_ids,
                status=status,
                name=WORKFLOW,
                load_input=False,
                load_output=False,
            )


class PickleRefusedError(Exception):
    """A row of the engine's tables is pickled."""


def refuse_pickle() -> None:
    """Keep the engine in this process from pickling and unpickling.

    Unpickling runs code that is stored in the engine's tables. The engine unpickles
    each row that is marked as pickled, even if it is given another serializer.
    """
    serializer: Any = DefaultSerializer
    serializer.serialize = _refuse
    serializer.deserialize = _refuse


def _refuse(*words: object) -> str:
    del words
    raise PickleRefusedError
