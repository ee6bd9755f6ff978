"""Plans written down by hand: the tranches matter, the other figures are plain."""

from models.instance import Instance
from models.plan import FinancingPeriod, Level, Plan, SignedContract, Tranche


def written_plan(
    instance: Instance, *tranches: Tranche, signed: tuple[str, ...] = ()
) -> Plan:
    """Return a plan of these tranches and contracts that draws nothing."""
    levels = tuple(
        level(m.id, name=m.name, tranches=[x for x in tranches if x.material == m.id])
        for m in instance.materials
    )
    contracts = tuple(
        signed_contract(
            contract=x.id,
            material=x.material,
            volume_tonnes_per_year=x.volume_tonnes_per_year,
        )
        for x in instance.contracts
        if x.id in signed
    )
    periods = range(instance.horizon.number_of_periods)
    financing = tuple(financing_period(t) for t in periods)
    return empty_plan(instance).model_copy(
        update={"levels": levels, "contracts": contracts, "financing": financing}
    )


def empty_plan(
    instance: Instance, usd: float = 0.0, method: str = "by hand", **promise: object
) -> Plan:
    """Return the plan that holds nothing; its costs are of some dollars each."""
    costs = (
        "expected_shortage_cost_usd",
        "simulated_shortage_cost_usd",
        "cost_without_vault_usd",
        "objective_usd",
        "cvar_usd",
        "lower_bound_usd",
    )
    budget = {"budget_usd": 0.0, "budget_used_usd": 0.0, "budget_shadow_price": None}
    return Plan.model_validate(
        {
            "levels": (),
            "awards": (),
            "contracts": (),
            "financing": (),
            "promise": dict.fromkeys(costs, usd) | {"gap": 0.0} | budget | promise,
            "shortfalls": (),
            "unmodelled": (),
            "provenance": {
                "instance_id": instance.id,
                "instance_hash": instance.content_hash,
                "method": method,
                "seed": instance.options.seed,
                "number_of_scenarios": instance.options.number_of_scenarios,
                "options": instance.options.model_dump(),
                "versions": {},
            },
        }
    )


def in_place(tonnes: float, **terms: object) -> Tranche:
    """Return tonnes in place, all released from alert 1 on and never refilled."""
    plain = {
        "material": "gallium",
        "offer": None,
        "participant": None,
        "rule": "immediate",
        "sourcing": "in-place",
        "level_days_of_cover": 60.0,
        "share": 1.0,
        "lots": 1,
        "tonnes": tonnes,
        "steps": steps(tonnes),
        "outload_tonnes_per_period": 30.0,
        "build_up_tonnes_per_period": 0.0,
        "build_up_start_period": 0,
        "build_up_periods": 0,
        "text": "Release all that is there.",
    }
    return Tranche.model_validate(plain | terms)


def steps(release_tonnes_per_period: float, **terms: object) -> list[dict[str, object]]:
    """Return the steps of a rule that releases at each alert but 0."""
    return [
        {
            "alert": alert,
            "release_tonnes_per_period": release_tonnes_per_period if alert else 0.0,
            "coverage": 1.0 if alert else 0.0,
            "floor_tonnes": 0.0,
            "replenishment_tonnes_per_period": 0.0,
            "price_cap": None,
        }
        | terms
        for alert in range(4)
    ]


def level(material: str = "gallium", **figures: object) -> Level:
    """Return the level of a material of which nothing is held."""
    plain = {"material": material, "name": material.capitalize(), "tonnes": 0.0}
    none = {"pool_tonnes": 0.0, "lots": 0, "days_of_cover": 0.0, "cost_usd": 0.0}
    return Level.model_validate(plain | none | figures)


def signed_contract(**terms: object) -> SignedContract:
    """Return the contract with the smelter for 3 t of gallium a year."""
    plain = {"contract": "smelter", "material": "gallium", "expected_cost_usd": 0.0}
    return SignedContract.model_validate(
        plain | {"volume_tonnes_per_year": 3.0} | terms
    )


def financing_period(t: int, **figures: object) -> FinancingPeriod:
    """Return a period in which nothing is drawn, owed or paid."""
    plain: dict[str, object] = {"period": t, "draws_usd": {}, "balances_usd": {}}
    cash = {
        "interest_and_fees_usd": 0.0,
        "expected_cash_usd": 0.0,
        "lowest_cash_usd": 0.0,
    }
    return FinancingPeriod.model_validate(plain | cash | figures)
