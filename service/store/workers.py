"""Workers in the store, and which of them are alive.

Leases use the clock of the database, since the clocks of machines differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import Session, col, delete, func, select, update

from models.tables import Worker


class database_now_s(GenericFunction[float]):  # noqa: N801 - a function of SQL
    """Seconds since 1970, by the database."""

    type = Float()
    inherit_cache = True


@compiles(database_now_s, "sqlite")
def _of_sqlite(element: database_now_s, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - as the library has it
    del element, compiler, options
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(database_now_s, "postgresql")
def _of_postgresql(element: database_now_s, compiler: Any, **options: Any) -> str:  # noqa: ANN401
    del element, compiler, options
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


@dataclass(frozen=True, slots=True)
class WorkerRepository:
    """Queries on workers, within the transaction of `session`."""

    session: Session

    def add(self, worker: Worker, *, lease_s: float) -> None:
        """Store a worker whose lease begins now."""
        self.session.add(worker)
        self.session.flush()
        self.renew(worker.id, lease_s=lease_s)

    def renew(self, worker_id: str, *, lease_s: float) -> bool:
        """Start the lease again; return whether the worker is still stored."""
        change = update(Worker).where(col(Worker.id) == worker_id)
        renewed = self.session.exec(
            change.values(expires_at_s=database_now_s() + lease_s)
        )
        return renewed.rowcount == 1

    def remove(self, worker_id: str) -> None:
        """Remove a worker."""
        self.session.exec(delete(Worker).where(col(Worker.id) == worker_id))

    def remove_dead(self) -> None:
        """Remove the workers whose lease has expired."""
        self.session.exec(
            delete(Worker).where(col(Worker.expires_at_s) <= database_now_s())
        )

    def has_dead(self) -> bool:
        """Whether the lease of a worker has expired."""
        query = select(Worker.id).where(col(Worker.expires_at_s) <= database_now_s())
        return self.session.exec(query.limit(1)).first() is not None

    def living(self) -> Sequence[str]:
        """Return the workers whose lease has not expired."""
        query = select(Worker.id).where(col(Worker.expires_at_s) > database_now_s())
        return self.session.exec(query.order_by(Worker.id)).all()

    def all_living(self) -> Sequence[Worker]:
        """Return these workers, the longest alive first."""
        query = select(Worker).where(col(Worker.expires_at_s) > database_now_s())
        return self.session.exec(query.order_by(col(Worker.started_at))).all()

    def number_living(self) -> int:
        """Return how many workers are alive."""
        query = select(func.count()).where(col(Worker.expires_at_s) > database_now_s())
        return self.session.exec(query).one()
