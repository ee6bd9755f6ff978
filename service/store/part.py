"""A part of a list, read by position: rows that come later do not move it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Mapped

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Part:
    """Up to `limit` rows beyond the position that was seen last; None: the first."""

    limit: int
    seen: int | None = None
    is_oldest_first: bool = False

    def of(
        self,
        query: Query,
        column: Mapped[Any],
        value: Callable[[int], object] = lambda position: position,
    ) -> Query:
        """Return the query of the part; the column has `value` of a position."""
        if self.seen is not None:
            seen = value(self.seen)
            is_ahead = column > seen if self.is_oldest_first else column < seen
            query = query.where(is_ahead)
        order = column.asc() if self.is_oldest_first else column.desc()
        return query.order_by(order).limit(self.limit)
