"""How far a result moves when an assumption is changed both ways."""

from pydantic import Field

from models.record import Record


class SensitivityBar(Record):
    """One assumption, lowered and raised by the same share, all others as they are."""

    assumption: str = Field(description="What is changed, for people.")
    change: float = Field(gt=0, description="Share by which it is changed: 0.15.")
    lowered_usd: float = Field(description="Expected shortage cost if it is lowered.")
    raised_usd: float = Field(description="Expected shortage cost if it is raised.")

    @property
    def span_usd(self) -> float:
        """How far apart both ends are."""
        return abs(self.raised_usd - self.lowered_usd)
