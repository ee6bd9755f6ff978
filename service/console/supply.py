"""Where the materials of a case come from, on a map and as a table."""

import json

from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from models.instance import Instance
from models.reading import read_stored_instance
from service.api.context import ServiceContext
from service.api.cursors import FilterText
from service.console.registry import PAGES
from service.console.view import OpenView, page_router
from service.pictures.routes import routes_picture
from service.store.cases import CaseRepository

router = page_router()


@router.get(PAGES["show_routes"].path)
def show_routes(
    content_hash: str,
    view: OpenView,
    context: ServiceContext,
    material: FilterText = "",
) -> Response:
    """Return the routes of a material, or of all; raise RequestValidationError.

    The error is for a material that the case does not have.
    """
    with context.database.reading() as session:
        text = CaseRepository(session).text(content_hash)
    case = read_stored_instance(json.loads(text))
    _check_material(case, material)
    chosen = material or None
    return view.page(
        content_hash=content_hash,
        case=case,
        chosen=material,
        picture=view.drawn(lambda look: routes_picture(case, chosen, look)),
    )


def _check_material(case: Instance, material: str) -> None:
    if material and material not in case.index.material:
        wrong = {
            "loc": ("query", "material"),
            "input": material,
            "msg": "a material of the case",
        }
        raise RequestValidationError([wrong])
