"""A tranche written down by hand."""

from typing import Any

from models.plan import Tranche


def in_place(tonnes: float, **changes: Any) -> Tranche:  # noqa: ANN401 - any field of it
    """Return tonnes in place, all released from alert 1 on and never refilled."""
    steps = [
        {
            "alert": alert,
            "release_tonnes_per_period": tonnes if alert > 0 else 0.0,
            "coverage": 1.0 if alert > 0 else 0.0,
            "floor_tonnes": 0.0,
            "replenishment_tonnes_per_period": 0.0,
            "price_cap": None,
        }
        for alert in range(4)
    ]
    terms = {
        "material": "gallium",
        "offer": None,
        "participant": None,
        "rule": "immediate",
        "sourcing": "in-place",
        "level_days_of_cover": 60.0,
        "share": 1.0,
        "lots": 1,
        "tonnes": tonnes,
        "steps": steps,
        "outload_tonnes_per_period": 30.0,
        "build_up_tonnes_per_period": 0.0,
        "build_up_start_period": 0,
        "build_up_periods": 0,
        "text": "Release all that is there.",
    }
    return Tranche.model_validate(terms | changes)
