"""What a form was sent with."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from service.api.context import StoreContext
from service.errors import BodyTooLargeError


async def sent_form(
    request: Request, context: StoreContext
) -> Mapping[str, str | UploadFile]:
    """Return the fields of a form by name; raise BodyTooLargeError.

    Of several fields with the same name the last one counts.
    """
    limit = context.settings.maximum_body_bytes
    # Browsers always say how long a form is.
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal() or int(declared) > limit:
        detail = f"The limit is {limit} bytes (setting STRONGROOM_MAXIMUM_BODY_BYTES)."
        raise BodyTooLargeError(detail)
    return dict((await request.form()).multi_items())


async def sent_fields(
    sent: Annotated[Mapping[str, str | UploadFile], Depends(sent_form)],
) -> Mapping[str, str]:
    """Return the fields that are texts, without spaces around them."""
    return {name: x.strip() for name, x in sent.items() if isinstance(x, str)}


Fields = Annotated[Mapping[str, str], Depends(sent_fields)]
Sent = Annotated[Mapping[str, str | UploadFile], Depends(sent_form)]
