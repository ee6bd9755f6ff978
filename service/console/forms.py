"""What a form was sent with."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Request

from service.api.context import StoreContext
from service.api.orders import OrderHeaders
from service.errors import BodyTooLargeError

# Forms have no headers of orders.
AS_IT_COMES = OrderHeaders(None, is_fresh=False)


async def sent_fields(request: Request, context: StoreContext) -> Mapping[str, str]:
    """Return the texts of a form by name; raise BodyTooLargeError.

    Spaces around them are left out. Of several fields with the same name the last one
    counts.
    """
    limit = context.settings.maximum_body_bytes
    # Browsers always say how long a form is.
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal() or int(declared) > limit:
        detail = f"The limit is {limit} bytes (setting STRONGROOM_MAXIMUM_BODY_BYTES)."
        raise BodyTooLargeError(detail)
    sent = (await request.form()).multi_items()
    return {name: x.strip() for name, x in sent if isinstance(x, str)}


def number_in(text: str) -> int | float | str:
    """Return the number that a text writes, or else the text."""
    for kind in (int, float):
        with suppress(ValueError):
            return kind(text)
    return text


Fields = Annotated[Mapping[str, str], Depends(sent_fields)]
