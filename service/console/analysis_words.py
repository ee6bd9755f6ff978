"""What people call the parameters of analyses, and what these can be."""

from collections.abc import Mapping

from service.console.case_fields import SHARE, TRUTH
from service.console.page import translatable

# What people call a parameter, by its name or that with the name of the analysis; and
# its unit.
WORDS: Mapping[str, tuple[str, str]] = {
    "assumptions": (translatable("Assumptions"), ""),
    "budgets_usd": (translatable("Budgets"), translatable("US dollars")),
    "changes": (translatable("Changes"), SHARE),
    "compare-plans.against": (translatable("Other plan"), ""),
    "default": (translatable("Participant in default"), ""),
    "file_format": (translatable("Format of the file"), ""),
    "frontier.against": (translatable("Drawn against"), ""),
    "is_compressed": (translatable("Compressed"), ""),
    "is_relaxed": (translatable("Without integers"), ""),
    "largest_factor": (translatable("Largest budget"), translatable("of the limits")),
    "lots": (translatable("Quantities"), translatable("lots")),
    "number_of_paths": (translatable("Number of paths"), ""),
    "number_of_points": (translatable("Number of budgets"), ""),
    "number_of_scenarios": (translatable("Number of scenarios"), ""),
    "participant": (translatable("Participant"), ""),
    "picture": (translatable("Picture as a file"), ""),
    "picture_format": (translatable("Format of the pictures"), ""),
    "plans": (translatable("Keep the plans"), ""),
    "price_fall": (translatable("Fall of prices"), SHARE),
    "price_trigger": (
        translatable("Price that triggers"),
        translatable("times the price"),
    ),
    "replan_every": (translatable("Planned again every"), translatable("periods")),
    "replays": (translatable("Replays"), ""),
    "scenarios.replays": (translatable("Replays instead"), ""),
    "seed": (translatable("Seed"), ""),
    "sensitivity": (translatable("With other assumptions"), ""),
    "smallest_factor": (translatable("Smallest budget"), translatable("of the limits")),
    "time_limit_s": (
        translatable("Time limit of a solve"),
        translatable("seconds"),
    ),
    "value_scenarios": (translatable("Scenarios for the value of information"), ""),
    "with_frontier": (translatable("With other budgets"), ""),
}
# Of parameters that choose from a list what they would say of its identifiers.
HELP: Mapping[str, str] = {
    "compare-plans.against": translatable(
        "A plan of one of the latest solves, such as the one in force."
    ),
    "participant": translatable("Whose view it is."),
}
# What people call a choice; the empty one is that nothing is chosen.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "against": {
        "budget": translatable("the budget"),
        "cost_of_holding": translatable("the cost of holding"),
    },
    "assumptions": {
        "hazards": translatable("Chances of events"),
        "severities": translatable("Severity of events"),
        "durations": translatable("Duration of events"),
        "prices": translatable("Prices"),
        "shortage_costs": translatable("Shortage costs"),
        "market_capacity": translatable("What the market can sell"),
        "spare_capacity": translatable("Spare capacity elsewhere"),
        "working_buffers": translatable("Own stock of participants"),
        "build_up_times": translatable("Time to build up stock"),
        "final_value_haircut": translatable("Haircut on the value at the end"),
        "membership": translatable("Who the members are"),
    },
    "default": {"": translatable("the one with the largest rights")},
    "file_format": {"parquet": "Parquet", "csv": "CSV"},
    "picture": {"": translatable("none"), "svg": "SVG", "png": "PNG"},
    "picture_format": {"svg": "SVG", "png": "PNG"},
}
YES_OR_NO = dict(zip(TRUTH, (translatable("yes"), translatable("no")), strict=True))
