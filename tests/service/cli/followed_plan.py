"""A case with history and the plan of the fixtures, cut down to what the case knows."""

import json
from pathlib import Path

from models.plan import Plan
from tests import cases
from tests.cases import Case

OFFER = cases.offer(
    id="maker-gallium",
    inventory_price_usd_per_tonne=510_000.0,
    upfront_fee_usd_per_tonne=5_000.0,
    carrying_fee_usd_per_tonne_year=12_500.0,
    repurchase_period=3,
)


def with_history(case: Case) -> Case:
    """Return the tiny case with two replays and an offer."""
    cut = {**case["events"][0], "onset_day": 31.0}
    for key in ("id", "name", "hazard_per_year"):
        cut.pop(key)
    replays = [
        {"id": "ban", "name": "The ban", "disruptions": [cut]},
        {"id": "later", "name": "Later", "disruptions": [{**cut, "onset_day": 5_000}]},
    ]
    return {**case, "replays": replays, "entitlement_offers": [OFFER]}


def with_right(plan: Plan) -> Plan:
    """Return the plan without contract, half of its stock as the right of the maker."""
    (level,) = plan.levels
    pool = level.tranches[0].model_copy(update={"tonnes": 0.5})
    right = pool.model_copy(update={"offer": "maker-gallium", "participant": "maker"})
    levels = (level.model_copy(update={"tranches": (pool, right)}),)
    return plan.model_copy(update={"levels": levels, "contracts": ()})


def written(path: Path, document: Case | Plan) -> Path:
    """Write a case or plan and return where it is."""
    text = (
        document.model_dump_json()
        if isinstance(document, Plan)
        else json.dumps(document)
    )
    path.write_text(text, encoding="utf-8")
    return path
