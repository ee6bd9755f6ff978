"""What accounts are of and for, and what their keys may be used for."""

from enum import StrEnum

MAXIMUM_ACCOUNT_CHARACTERS = 100
MAXIMUM_ORGANISATION_CHARACTERS = 100
MAXIMUM_ISSUER_CHARACTERS = 255
# The longest that OpenID Connect allows.
MAXIMUM_SUBJECT_CHARACTERS = 255
# It has all of a store without accounts, and what concerns the whole store.
DEFAULT_ORGANISATION = "default"


class Role(StrEnum):
    """What an account is for; `service/identity/permissions.py` has what it may do."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ANALYST = "analyst"
    FINANCING_OFFICER = "financing_officer"
    AUDITOR = "auditor"
    PARTICIPANT_PLANNER = "participant_planner"


class Scope(StrEnum):
    """What a key may be used for, within what the role of its account may do."""

    READ = "read"
    WRITE = "write"
    MONITOR = "monitor"
