"""What a form was sent with."""

import math
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from service.api.context import StoreContext
from service.api.orders import OrderHeaders
from service.errors import BodyTooLargeError

# Forms have no headers of orders.
AS_IT_COMES = OrderHeaders(None, is_fresh=False)
NUMBER = re.compile(
    r"[-+]?(([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"
)


async def sent_fields(
    request: Request, context: StoreContext
) -> AsyncIterator[Mapping[str, str]]:
    """Yield the texts of a form by name; raise BodyTooLargeError.

    Spaces around them are left out. Of several fields with the same name the last one
    counts.
    """
    limit = context.settings.maximum_body_bytes
    # Browsers always say how long a form is.
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal() or int(declared) > limit:
        detail = f"The limit is {limit} bytes (setting STRONGROOM_MAXIMUM_BODY_BYTES)."
        raise BodyTooLargeError(detail)
    async with request.form(max_part_size=limit) as form:
        sent = form.multi_items()
        yield {name: x.strip() for name, x in sent if isinstance(x, str)}


def number_in(text: str) -> int | float | str:
    """Return the number that a text writes, or else the text.

    A comma stands after a thousand; digits may be as wide as Japanese keyboards have
    them. What is too large for a float is no number.
    """
    plain = unicodedata.normalize("NFKC", text)
    if not NUMBER.fullmatch(plain):
        return text
    digits = plain.replace(",", "")
    number = float(digits)
    if not math.isfinite(number):
        return text
    return int(digits) if digits.lstrip("+-").isdecimal() else number


Fields = Annotated[Mapping[str, str], Depends(sent_fields)]


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was chosen in a form, with the name that it has there."""

    name: str
    content: bytes


async def sent_file(
    request: Request,
    fields: Fields,  # noqa: ARG001 - by which the form was read within its limit
) -> SentFile | None:
    """Return the file of the field `file`; None if none was chosen."""
    found = (await request.form()).get("file")
    if not isinstance(found, UploadFile) or not found.filename:
        return None
    return SentFile(found.filename, await found.read())


ChosenFile = Annotated[SentFile | None, Depends(sent_file)]
