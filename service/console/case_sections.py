"""What of a case is edited in forms: its sections, and the fields in each.

A part is an object of the case, or the elements of a list, which are rows of a table;
a path through two lists has a row for each inner element. What a field means is in the
models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.console.case_fields import CaseField, fields_of, record_at
from service.console.page import translatable
from service.console.plans import ALERTS

NUMBER_OF_NEW_ROWS = 3


@dataclass(frozen=True, slots=True)
class EditedPart:
    """Fields at a path of a case. inner_names: of the elements of the last list.

    is_open: whether elements are added and taken out.
    """

    title: str
    path: str
    names: Sequence[str]
    inner_names: Sequence[str] = ()
    is_open: bool = False

    @property
    def fields(self) -> Sequence[CaseField]:
        """The fields in their order."""
        known = fields_of(record_at(self.path)[0])
        return [known[name] for name in self.names]

    @property
    def is_table(self) -> bool:
        """Whether it has rows."""
        return any(record_at(self.path)[1])


@dataclass(frozen=True, slots=True)
class EditedSection:
    """Parts of a case that are edited on one page."""

    title: str
    parts: Sequence[EditedPart]


SECTIONS: Mapping[str, EditedSection] = {
    "money": EditedSection(
        translatable("Budget and facilities"),
        (
            EditedPart(
                translatable("Budget"),
                "financing",
                (
                    "opening_cash_usd",
                    "debt_to_equity_limit",
                    "collateral_cover",
                    "final_value_haircut",
                ),
            ),
            EditedPart(
                translatable("Facilities"),
                "financing.facilities",
                (
                    "limit_usd",
                    "rate_per_year",
                    "exposure_fee",
                    "commitment_fee_per_year",
                    "drawn",
                    "order",
                    "first_draw_period",
                    "last_draw_period",
                    "repayment_start_period",
                    "number_of_instalments",
                ),
            ),
        ),
    ),
    "limits": EditedSection(
        translatable("Limits"),
        (
            EditedPart(translatable("Levels"), "", ("levels_days_of_cover",)),
            EditedPart(
                translatable("Plan"),
                "options",
                ("max_tranches", "level_change_cap_days"),
            ),
            EditedPart(
                translatable("Materials"),
                "materials",
                (
                    "minimum_days_of_cover",
                    "origin_share_cap",
                    "market_capacity_tonnes_per_year",
                    "emergency_tonnes_per_year",
                ),
            ),
            EditedPart(
                translatable("Stores"),
                "storage_classes",
                ("capacity_tonnes", "outload_tonnes_per_day", "notice_days"),
            ),
        ),
    ),
    "rules": EditedSection(
        translatable("Rules and alerts"),
        (
            EditedPart(
                translatable("What a rule does at each alert"),
                "rules.steps",
                (
                    "draw_rate_per_month",
                    "coverage",
                    "floor",
                    "replenishment_rate_per_month",
                    "price_cap",
                ),
                inner_names=ALERTS,
            ),
            EditedPart(
                translatable("When alerts begin"), "materials", ("alert_thresholds",)
            ),
            EditedPart(
                translatable("Rights offered"),
                "entitlement_offers",
                ("access_alert", "draw_limit_per_month", "coverage"),
            ),
        ),
    ),
    "hazards": EditedSection(
        translatable("Hazards"),
        (
            EditedPart(
                translatable("Events"),
                "events",
                ("hazard_per_year", "onset_date", "probability", "notice_days"),
            ),
            EditedPart(
                translatable("Phases of events"),
                "events.phases",
                (
                    "duration_days_low",
                    "duration_days_high",
                    "availability",
                    "price_multiplier",
                ),
            ),
        ),
    ),
    "prices": EditedSection(
        translatable("Prices"),
        (
            EditedPart(
                translatable("Materials"),
                "materials",
                (
                    "price_usd_per_tonne",
                    "price_volatility_per_year",
                    "emergency_premium",
                ),
            ),
            EditedPart(
                translatable("Stores"),
                "storage_classes",
                ("cost_usd_per_tonne_year", "insurance_rate_per_year"),
            ),
        ),
    ),
    "position": EditedSection(
        translatable("Position"),
        (
            EditedPart(translatable("Cash"), "financing", ("opening_cash_usd",)),
            EditedPart(
                translatable("Stock held, by lot"),
                "position.stock",
                (
                    "id",
                    "material",
                    "tonnes",
                    "arrival",
                    "mining_country",
                    "refining_country",
                    "book_value_usd",
                ),
                is_open=True,
            ),
            EditedPart(
                translatable("Sourcing that takes what is there"),
                "sourcing_options",
                ("is_held", "is_on_order"),
            ),
        ),
    ),
}


def edited_fields() -> Sequence[CaseField]:
    """Return every field that is edited."""
    parts = (part for section in SECTIONS.values() for part in section.parts)
    return [field for part in parts for field in part.fields]
