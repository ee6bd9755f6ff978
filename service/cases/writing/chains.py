"""Chains of stages: what routes cost to run, closed mines and plants, recycling.

Recycling of a material starts at its rate of today and ramps up to the end.
"""

from service.cases.writing.materials import price, yearly_need
from service.cases.writing.tables import Part, data, fragment, rounded

# Of magnets, whose rate is published for neodymium and praseodymium.
RATE_OF = {"dysprosium": "ndpr_oxide", "terbium": "ndpr_oxide"}
FEE = 0.005
SPARE = 1.1
FOR_VAULT = 0.1
LAST_PERIOD = 35


def chained(material: str, routes: list[Part]) -> list[Part]:
    """Return the routes of a material with their costs, and those of its chain."""
    chains = fragment("chains")
    costs = chains["operating_costs"]
    return [
        *(_with_cost(route, costs.get(route["id"], {})) for route in routes),
        *(x for x in chains["routes"] if x["material"] == material),
        *(_recycling(x) for x in chains["recycling"] if x["material"] == material),
    ]


def treatment_charges() -> list[Part]:
    """Return what refiners earn, over time."""
    return fragment("chains")["treatment_charges"]


def _with_cost(route: Part, cost: Part) -> Part:
    return {**route, **cost, "sources": {**route["sources"], **cost.get("sources", {})}}


def _recycling(row: Part) -> Part:
    m: str = row["material"]
    share: float = row["share"]
    published = RATE_OF.get(m, m)
    rate = float(
        data("recycling_byproduct", mineral_id=published)[0]["eol_recycling_input_rate"]
    )
    return {
        "id": f"{m}_scrap",
        "material": m,
        "kind": "recycling",
        "mining_country": "USA",
        "refining_country": "USA",
        "fee_usd_per_tonne": rounded(FEE * price(m)[0], 3),
        "ramp": [
            {"period": 0, "value": rounded(rate / share, 4)},
            {"period": LAST_PERIOD, "value": 1.0},
        ],
        "share": share,
        "capacity_factor": SPARE,
        "vault_tonnes_per_year": rounded(FOR_VAULT * share * yearly_need(m), 4),
        "sources": {
            "fee_usd_per_tonne": "assumption: 0.5 % of the price for freight and assay",
            "ramp": (
                f"recycling_byproduct.csv {published} eol_recycling_input_rate "
                f"{rate:g} (EU) at the start; assumption: three times as much after "
                "three years"
            ),
            "share": "assumption: three times the rate of today at the end",
            "capacity_factor": "assumption: recyclers can collect a tenth more",
            "vault_tonnes_per_year": "assumption: a tenth of normal deliveries",
        },
    }
