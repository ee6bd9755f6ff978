"""The money of a case: a loan and capital, as large as the budget that was given."""

from service.cases.building.countries import in_sentence
from service.cases.writing.tables import Part, rounded
from service.cases.writing.team_japan import CAPITAL_SHARE

GIVEN = "budget given for this case"
# Facilities of the reference case and of Team Japan that stay.
FACILITIES = ("loan", "private_capital", "jogmec_loan", "state_capital")
NAMES = {
    "jogmec_loan": ("state_loan", "Bank loans that the state guarantees"),
    "state_capital": ("state_capital", "Capital of the state"),
}
SHARES = {"jogmec_loan": 1 - CAPITAL_SHARE, "state_capital": CAPITAL_SHARE}
COVER = "collateral_cover"


def financing(base: Part, country: str, budget_usd: float) -> Part:
    """Return the terms of a case, with facilities that sum to the budget."""
    kept = [x for x in base["facilities"] if x["id"] in FACILITIES]
    limits = {x["id"]: x["limit_usd"] for x in kept}
    shares = {
        # What a limit of Team Japan is of both, before it was rounded.
        x: limit / sum(limits.values()) if country == "USA" else SHARES[x]
        for x, limit in limits.items()
    }
    facilities = [_facility(x, shares[x["id"]], country, budget_usd) for x in kept]
    found = {**base, "facilities": facilities}
    if all(x.get("guaranteed") for x in kept if x["kind"] == "loan"):
        # What a state guarantees needs no collateral, so that there is no cover.
        found = without_field(found, COVER)
        found["facilities"] = [without_field(x, "guaranteed") for x in facilities]
    return found


def without_field(part: Part, field: str) -> Part:
    """Return a part without a field and its source."""
    sources = {k: v for k, v in part["sources"].items() if k != field}
    return {**{k: v for k, v in part.items() if k != field}, "sources": sources}


def _facility(part: Part, share: float, country: str, budget_usd: float) -> Part:
    percent = f"{100 * share:.3g} %"
    split = (
        "as loan and capital of Project Vault"
        if country == "USA"
        else "capital for premia and fees, the rest a loan"
    )
    sources = {
        **part["sources"],
        "limit_usd": f"assumption: {percent} of the {GIVEN}, {split}",
    }
    found = {**part, "limit_usd": rounded(share * budget_usd), "sources": sources}
    if country in {"USA", "JPN"} or part["id"] not in NAMES:
        return found
    identity, name = NAMES[part["id"]]
    found |= {"id": identity, "name": name}
    for field in ("rate_per_year", "commitment_fee_per_year"):
        if field in sources:
            sources[field] = (
                f"assumption: as in Japan, since terms of {in_sentence(country)} are "
                "not in the data"
            )
    return found
