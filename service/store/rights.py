"""Rights after their award, in the store: entries of the ledger, and transfers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.tables import LedgerEntry, RightTransfer, Round
from service.errors import TransferNotFoundError


@dataclass(frozen=True, slots=True)
class RightRepository:
    """Queries on the rights of a round, within the transaction of `session`."""

    session: Session
    of: Round

    def add(self, *rows: LedgerEntry | RightTransfer) -> None:
        """Store new rows."""
        self.session.add_all(rows)
        self.session.flush()

    def entries(self, participant: str | None = None) -> Sequence[LedgerEntry]:
        """Return the ledger of one participant or all, oldest first."""
        query = select(LedgerEntry).where(
            LedgerEntry.round_sequence == self.of.sequence
        )
        if participant is not None:
            query = query.where(LedgerEntry.participant == participant)
        return self.session.exec(query.order_by(col(LedgerEntry.sequence))).all()

    def transfers(self) -> Sequence[RightTransfer]:
        """Return the transfers, oldest first."""
        query = select(RightTransfer).where(
            RightTransfer.round_sequence == self.of.sequence
        )
        return self.session.exec(query.order_by(col(RightTransfer.sequence))).all()

    def transfer(self, transfer_id: str) -> RightTransfer:
        """Return a transfer, or raise TransferNotFoundError."""
        for found in self.transfers():
            if found.id == transfer_id:
                return found
        raise TransferNotFoundError(transfer_id)
