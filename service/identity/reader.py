"""Whoever makes a request: an account with its role, or the only user of a machine."""

from dataclasses import dataclass

from models.tables import DEFAULT_ORGANISATION, Role, Scope
from service.store.tenancy import Sight

# The actor of what is done without login.
LOCAL_USER = "anonymous"


@dataclass(frozen=True, slots=True)
class Reader:
    """The account of a request. key: prefix of the key it came with, if any.

    participant: whose planner it is, by its identifier in cases; None for other roles.
    """

    name: str
    organisation: str
    role: Role
    scopes: frozenset[Scope]
    key: str | None = None
    participant: str | None = None

    @property
    def sight(self) -> Sight:
        """What the account sees of the store.

        Orders of planners are theirs and their managers'.
        """
        is_manager = self.role in {Role.ADMINISTRATOR, Role.MANAGER}
        return Sight(self.organisation, self.participant, is_manager)


# Without accounts: whoever can reach the loopback address of the machine.
SINGLE_USER = Reader(
    LOCAL_USER, DEFAULT_ORGANISATION, Role.ADMINISTRATOR, frozenset(Scope)
)
