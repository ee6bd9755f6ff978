"""The JSON Schema of a case."""

import functools
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from models.instance import Instance
from service.api.paths import VERSION

SCHEMA = "application/schema+json"

router = APIRouter(prefix=VERSION, tags=["service"])


@router.get(
    "/schema",
    response_class=Response,
    responses={200: {"content": {SCHEMA: {"schema": {"type": "object"}}}}},
)
def get_schema() -> JSONResponse:
    """Return the JSON Schema of a case: fields, units, limits, defaults."""
    return JSONResponse(_schema(), media_type=SCHEMA)


@functools.cache
def _schema() -> dict[str, Any]:
    return Instance.model_json_schema()
