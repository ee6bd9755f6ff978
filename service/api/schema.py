"""The JSON Schema of a case."""

import functools
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from models.instance import Instance
from service.api.paths import VERSION

router = APIRouter(prefix=VERSION, tags=["service"])


@router.get("/schema", response_class=JSONResponse)
def get_schema() -> JSONResponse:
    """Return the JSON Schema of a case: fields, units, limits, defaults."""
    return JSONResponse(_schema(), media_type="application/schema+json")


@functools.cache
def _schema() -> dict[str, Any]:
    return Instance.model_json_schema()
