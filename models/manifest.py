"""The manifest of an auditor's file: its subject, contents and findings."""

from pydantic import Field

from models.options import OptionValue
from models.record import Record
from models.units import CaseIdentifier


class AuditedFile(Record):
    """A file beside the manifest."""

    name: str = Field(description="Path inside the zip.")
    bytes: int = Field(ge=0, description="Size.")
    sha256: str = Field(description="SHA-256 of its content, in hexadecimal.")


class CheckSummary(Record):
    """Whether a check passed; verification.json lists its violations."""

    name: str
    statement: str = Field(
        default="", description="Statement that must hold; empty in files of before."
    )
    is_passed: bool
    number_of_violations: int = Field(
        default=0, ge=0, description="How many; 0 in files of before."
    )


class FreshSample(Record):
    """The fresh scenarios of the documents in the file."""

    number_of_scenarios: int = Field(ge=1, description="Fresh scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    price_trigger: float = Field(
        gt=0, description="Multiple of the price at which the price rule releases."
    )
    value_scenarios: int = Field(
        ge=0, description="Planning scenarios for the value of information; 0: none."
    )


class Manifest(Record):
    """The subject, contents and findings of an auditor's file."""

    instance_id: CaseIdentifier
    instance_hash: str = Field(
        description=(
            "Content hash of the case with the options of the plan: the SHA-256 of "
            "case.json."
        )
    )
    plan_hash: str = Field(description="Content hash of the plan.")
    made_for_hash: str = Field(description="Hash of the case that the plan names.")
    is_made_for_case: bool = Field(description="Whether that is the case in this file.")
    warnings: tuple[str, ...]
    method: str
    seed: int = Field(description="Of the planning scenarios.")
    number_of_scenarios: int = Field(ge=1, description="Planning scenarios.")
    options: dict[str, OptionValue] = Field(description="Options of the solve.")
    made_with: dict[str, str] = Field(description="Versions that made the plan.")
    audited_with: dict[str, str] = Field(description="Versions that checked it.")
    expected_shortage_cost_usd: float = Field(description="What the plan promises.")
    lower_bound_usd: float = Field(description="Lower bound that the plan states.")
    gap: float = Field(description="(objective - bound) / objective.")
    fresh: FreshSample
    has_log: bool = Field(description="Whether the log of the solve was given.")
    is_passed: bool = Field(description="Whether every check passed.")
    checks: tuple[CheckSummary, ...]
    files: tuple[AuditedFile, ...] = Field(description="All but the manifest itself.")
