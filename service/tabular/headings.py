"""Headings of columns in words, with the unit that the name of a field ends in."""

from service.tabular.flat_tables import Column

# The longer ones first: a name that ends in `usd_per_year` ends in `year` too.
UNITS = {
    "usd_per_kg_year": "US dollars a kg and year",
    "usd_per_tonne_year": "US dollars a tonne and year",
    "usd_per_tonne": "US dollars a tonne",
    "usd_per_unit": "US dollars a unit",
    "usd_per_year": "US dollars a year",
    "usd": "US dollars",
    "tonnes_per_day": "tonnes a day",
    "tonnes_per_period": "tonnes a period",
    "tonnes_per_year": "tonnes a year",
    "tonnes": "tonnes",
    "units_per_year": "units a year",
    "days_of_cover": "days of cover",
    "days": "days",
    "years": "years",
    "seconds": "seconds",
    "s": "seconds",
}
ENDS = ("_low", "_high")  # of a range, after the unit


def heading(column: Column) -> str:
    """Return the heading of a column: `avoided_usd.mean` is avoided, mean (US dollars).

    A name without a unit, such as that of a probability, stands alone.
    """
    parts = [parted(segment) for segment in column.name.split(".")]
    words = ", ".join(word for word, _ in parts if word)
    unit = next((unit for _, unit in parts if unit), None)
    if unit is None:
        return words
    return f"{words} ({unit})" if words else unit


def parted(segment: str) -> tuple[str, str | None]:
    """Return a part of a name in words without its unit, and the unit."""
    end = next((end for end in ENDS if segment.endswith(end)), "")
    inner = segment.removesuffix(end)
    for ending, unit in UNITS.items():
        if inner == ending:
            return end.replace("_", " ").strip(), unit
        if inner.endswith(f"_{ending}"):
            return f"{inner.removesuffix(f'_{ending}')}{end}".replace("_", " "), unit
    return segment.replace("_", " "), None
