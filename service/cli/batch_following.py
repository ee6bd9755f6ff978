"""A batch that a server solves: handed in, followed, read when it is done."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from models.batch import Axis, VariantRow
from models.content import canonical_json
from models.instance import Instance
from service.batches.order import ListedVariant
from service.cli.server_client import ServerClient

INTERVAL_S = 2.0
PAGE = 200


def submit(
    server: ServerClient,
    base: Instance,
    listed: Sequence[ListedVariant],
    axes: Sequence[Axis],
    *,
    is_fresh: bool,
) -> Any:  # noqa: ANN401 - JSON
    """Hand in a case and its variants; return what the server says of the batch.

    Raises InvalidCaseError with the mistakes that the server found.
    """
    case = server.post("/cases", json.loads(canonical_json(base)))["hash"]
    order = {
        "case": case,
        "name": base.id,
        "variants": [x.model_dump(mode="json", by_alias=True) for x in listed],
        "grid": [axis.model_dump(mode="json") for axis in axes],
    }
    headers = {"Cache-Control": "no-cache"} if is_fresh else {}
    return server.post("/batches", order, headers)


def follow(
    server: ServerClient,
    href: str,
    tell: Callable[[str], None],
    is_interrupted: Callable[[], bool],
) -> None:
    """Tell how many variants stand where, each time that changes, until all ended."""
    before = ""
    pause = threading.Event()
    while True:
        batch = server.get(f"{href}?limit=1")
        numbers = batch["number_by_state"]
        now = ", ".join(f"{n} {state}" for state, n in numbers.items() if n)
        if now != before:
            tell(now)
            before = now
        if batch["is_finished"] or is_interrupted():
            return
        pause.wait(INTERVAL_S)


def rows(server: ServerClient, variants_href: str) -> tuple[VariantRow, ...]:
    """Return all variants as they stand."""
    found: list[VariantRow] = []
    path: str | None = f"{variants_href}?limit={PAGE}"
    while path:
        page = server.get(path)
        for item in page["items"]:
            known = {key: item[key] for key in VariantRow.model_fields}
            found.append(VariantRow.model_validate(known))
        path = page["next"]
    return tuple(found)
