"""Which scenarios figures are of, in words."""

HASH_SHOWN = 12


def scenarios_in_words(
    number: int, seed: int, scenarios_hash: str | None, kind: str = "fresh"
) -> str:
    """Return how many scenarios these are, and how they are had again."""
    if scenarios_hash is not None:
        return f"{number:,} scenarios of a file, hash {scenarios_hash[:HASH_SHOWN]}"
    return f"{number:,} {kind} scenarios, seed {seed}"
