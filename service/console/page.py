"""What a page is, and what a form: declared in the registry, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import ForbiddenError
from service.identity.permissions import check_permission, rule_of
from service.identity.reader import Reader


def translatable(text: str) -> str:
    """Return a text as it is: where this is called, it is found for the catalogues."""
    return text


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """A page. Its name is that of its function and of its template.

    title: what navigation calls it. operations: those of the interface whose documents
    it shows. Who may not call all of them may not open it; without any, anybody may.
    """

    name: str
    path: str
    title: str
    operations: Sequence[str] = ()
    is_in_navigation: bool = False

    @property
    def template(self) -> str:
        """The file of its template."""
        return f"{self.name}.html"


@dataclass(frozen=True, slots=True)
class ConsoleForm:
    """Where a form is posted to. Its name is that of its function.

    operations: those of the interface that it does. Who may not call all of them may
    not send it; without any, anybody may.
    """

    name: str
    path: str
    operations: Sequence[str] = ()


def check_entry(reader: Reader, entry: ConsolePage | ConsoleForm) -> None:
    """Raise ForbiddenError unless an account may use a page or form."""
    for operation in entry.operations:
        check_permission(reader, operation)


def may(reader: Reader, *operations: str) -> bool:
    """Whether an account may call all of these operations; they have a rule."""
    unknown = [x for x in operations if rule_of(x) is None]
    if unknown:
        raise KeyError(*unknown)
    try:
        for operation in operations:
            check_permission(reader, operation)
    except ForbiddenError:
        return False
    return True
