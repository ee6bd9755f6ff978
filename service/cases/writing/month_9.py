"""The reference case nine months in: what is there, in the case as it stands then."""

import json
from typing import cast

from models.content import canonical_json
from models.instance import Instance
from models.moved_on import moved_on
from models.reading import read_instance
from service.cases.writing.tables import Part, fragment

MONTH = 9
SECTIONS = ("routes", "treatment_charges", "entitlement_offers", "contracts")
LATER = "as in the reference case, counted from the new start"


def month_9(case: Part) -> Part:
    """Return the overlay of the content table, with what is counted from the start.

    The values of the case are those of models.moved_on; events that are past are
    dropped.
    """
    wanted = fragment("month_9")
    now = read_instance(case)
    later = moved_on(now, MONTH).case
    horizon = {
        "start": later.horizon.start.isoformat(),
        "number_of_periods": later.horizon.number_of_periods,
    }
    values = _moved(_document(now), _document(later))
    gone = {x.id for x in now.events} - {x.id for x in later.events}
    return {
        **wanted,
        "patch": {"horizon": horizon},
        "drop": {"events": sorted(gone)},
        "set": {**values, **wanted["set"]},
        "sources": {**dict.fromkeys(values, LATER), **wanted["sources"]},
    }


def _moved(before: Part, after: Part) -> Part:
    """Return what differs in the elements of both, by path."""
    found: Part = {}
    for section in SECTIONS:
        later = {x["id"]: x for x in after.get(section, [])}
        for part in before.get(section, []):
            moved = later[part["id"]]
            for field, value in part.items():
                if moved[field] != value:
                    found[f"{section}.{part['id']}.{field}"] = moved[field]
    return found


def _document(case: Instance) -> Part:
    return cast("Part", json.loads(canonical_json(case)))
