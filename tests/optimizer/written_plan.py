"""A plan written down by hand: its tranches are what matters, the rest is empty."""

from models.instance import Instance
from models.plan import (
    FinancingPeriod,
    Level,
    Plan,
    Promise,
    Provenance,
    SignedContract,
    Tranche,
)


def written_plan(
    instance: Instance, *tranches: Tranche, signed: tuple[str, ...] = ()
) -> Plan:
    """Return a plan of these tranches and contracts that draws nothing."""
    return Plan(
        levels=tuple(
            Level(
                material=material.id,
                name=material.name,
                tonnes=0.0,
                pool_tonnes=0.0,
                lots=0,
                days_of_cover=0.0,
                cost_usd=0.0,
                tranches=tuple(x for x in tranches if x.material == material.id),
            )
            for material in instance.materials
        ),
        awards=(),
        contracts=tuple(
            SignedContract(
                contract=contract.id,
                material=contract.material,
                volume_tonnes_per_year=contract.volume_tonnes_per_year,
                expected_cost_usd=0.0,
            )
            for contract in instance.contracts
            if contract.id in signed
        ),
        financing=tuple(
            FinancingPeriod(
                period=t,
                draws_usd={},
                balances_usd={},
                interest_and_fees_usd=0.0,
                expected_cash_usd=0.0,
                lowest_cash_usd=0.0,
            )
            for t in range(instance.horizon.number_of_periods)
        ),
        promise=Promise(
            expected_shortage_cost_usd=0.0,
            simulated_shortage_cost_usd=0.0,
            cost_without_vault_usd=0.0,
            objective_usd=0.0,
            cvar_usd=0.0,
            lower_bound_usd=0.0,
            gap=0.0,
            budget_usd=0.0,
            budget_used_usd=0.0,
            budget_shadow_price=None,
        ),
        shortfalls=(),
        unmodelled=(),
        provenance=Provenance(
            instance_id=instance.id,
            instance_hash=instance.content_hash,
            method="by hand",
            seed=1,
            number_of_scenarios=1,
            options={},
            versions={},
        ),
    )
