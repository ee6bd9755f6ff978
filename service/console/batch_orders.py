"""The order of a what-if batch: a small grid of values, and variants of a case."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.responses import Response

from models.mistakes import Mistake
from models.reading import read_instance
from service.api.batches import ordered_batch
from service.api.context import Context, ServiceContext
from service.api.identity import RequestingAuthor
from service.api.orders import read_order
from service.batches.order import BatchOrder
from service.casefiles import CaseFile, open_shipped, shipped_names
from service.console.forms import AS_IT_COMES, Fields
from service.console.registry import FORMS, PAGES
from service.console.view import OpenView, View, page_router, redirect
from service.errors import MalformedOrderError
from service.store.cases import CaseRepository

NUMBER_OF_AXES = 2
LIMITS = "1e9, 2e9, 3e9"
EXAMPLES = (("options.cvar_weight", "0.25, 0.5"), ("options.seed", "1, 2, 3"))
MOST_MISTAKES_BESIDE = 3
TICKED = "variant-"  # begins the names of boxes; the name of the variant is the value

router = page_router()


@dataclass(frozen=True, slots=True)
class GridRow:
    """An axis as it was typed, and what is wrong with its path and its values."""

    number: int
    path: str
    values: str
    wrong_path: str = ""
    wrong_values: str = ""

    @property
    def is_given(self) -> bool:
        """Whether anything was typed."""
        return bool(self.path or self.values)

    @property
    def text(self) -> str:
        """The axis as orders write it."""
        return f"{self.path}={self.values}"


@router.get(PAGES["show_batch_order"].path)
def show_batch_order(
    content_hash: str, view: OpenView, context: ServiceContext
) -> Response:
    """Return the form of a batch of a case."""
    return _page(content_hash, view, context, {}, [])


@router.post(FORMS["order_batch"].path)
def order_batch(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    author: RequestingAuthor,
    fields: Fields,
) -> Response:
    """Order a batch, and lead to its page."""
    case = _shipped_as(content_hash, _content(context, content_hash))
    order = {
        "case": content_hash if case is None else case.name,
        "name": fields.get("name", ""),
        "named_variants": [x for name, x in fields.items() if name.startswith(TICKED)],
        "grid": [row.text for row in _rows(fields) if row.is_given],
    }
    try:
        body = read_order(BatchOrder, order)
        batch = ordered_batch(context, author, body, AS_IT_COMES)
    except MalformedOrderError as error:
        return _page(content_hash, view, context, fields, error.mistakes)
    return redirect(f"/console/batches/{batch.id}")


def _page(
    content_hash: str,
    view: View,
    context: Context,
    given: Mapping[str, str],
    mistakes: Sequence[Mistake],
) -> Response:
    content = _content(context, content_hash)
    case = _shipped_as(content_hash, content)
    facilities = content["financing"]["facilities"]
    return view.answer(
        PAGES["show_batch_order"].template,
        PAGES["show_batch_order"],
        status=422 if mistakes else 200,
        content_hash=content_hash,
        case_name=content["name"],
        examples=[
            *((f"financing.{x['id']}.limit_usd", LIMITS) for x in facilities),
            *EXAMPLES,
        ],
        variants={} if case is None else case.variants,
        given=given,
        ticked={x for name, x in given.items() if name.startswith(TICKED)},
        rows=_marked(_rows(given), mistakes),
        mistakes=mistakes,
    )


def _content(context: Context, content_hash: str) -> Mapping[str, Any]:
    with context.database.reading() as session:
        content: Mapping[str, Any] = json.loads(
            CaseRepository(session).text(content_hash)
        )
    return content


def _shipped_as(content_hash: str, content: Mapping[str, Any]) -> CaseFile | None:
    """Return the shipped case that a stored one is: that has variants by name."""
    name = str(content.get("id", ""))
    if name not in shipped_names() or _hash_of_shipped(name) != content_hash:
        return None
    return open_shipped(name)


@cache
def _hash_of_shipped(name: str) -> str:
    shipped = open_shipped(name)
    return "" if shipped is None else read_instance(shipped.content).content_hash


def _rows(fields: Mapping[str, str]) -> Sequence[GridRow]:
    return [
        GridRow(x, fields.get(f"path_{x}", ""), fields.get(f"values_{x}", ""))
        for x in range(1, NUMBER_OF_AXES + 1)
    ]


def _marked(rows: Sequence[GridRow], mistakes: Sequence[Mistake]) -> Sequence[GridRow]:
    """Return the rows with their mistakes; the others stand above the form."""
    given = [row for row in rows if row.is_given]
    marked = {
        row.number: _with_mistakes(row, [x for x in mistakes if _is_of(x, row, place)])
        for place, row in enumerate(given)
    }
    return [marked.get(row.number, row) for row in rows]


def _is_of(mistake: Mistake, row: GridRow, place: int) -> bool:
    """Whether a mistake is in the axis at a place, or in a value that it sets."""
    if mistake.path.startswith((f"grid[{place}]", f"grid[{row.path}]")):
        return True
    # A message has the path in full: facilities[loan] where an order says loan.
    last = row.path.rpartition(".")[2]
    return bool(last) and mistake.path.endswith(f".{last}")


def _with_mistakes(row: GridRow, mistakes: Sequence[Mistake]) -> GridRow:
    steps = {row.path, *row.path.split(".")}
    of_path = [x for x in mistakes if not row.path or x.value in steps]
    of_values = [x for x in mistakes if x not in of_path]
    return GridRow(row.number, row.path, row.values, _told(of_path), _told(of_values))


def _told(mistakes: Sequence[Mistake]) -> str:
    texts = dict.fromkeys(f"{x.value}: {x.expected}" for x in mistakes)
    return "; ".join([*texts][:MOST_MISTAKES_BESIDE])
