"""Options of a command line as settings of the service; what is wrong as mistakes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from models.consistency import Mistake
from models.reading import InvalidCaseError

if TYPE_CHECKING:
    from service.settings import Settings


def run_with(run: "Callable[[Settings], None]", given: Mapping[str, object]) -> None:
    """Run with the settings that are given, the others being those of the environment.

    Raise InvalidCaseError if a setting is wrong or the store cannot be used.
    """
    # The store: commands without it need not load it.
    from pydantic import ValidationError  # noqa: PLC0415

    from service.errors import StoreUnusableError  # noqa: PLC0415
    from service.settings import Settings  # noqa: PLC0415

    is_given = {name: value for name, value in given.items() if value is not None}
    try:
        run(Settings.model_validate(is_given))
    except ValidationError as error:
        mistakes = [
            Mistake(".".join(map(str, e["loc"])), e["input"], e["msg"])
            for e in error.errors()
        ]
        raise InvalidCaseError(mistakes) from None
    except StoreUnusableError as error:
        raise InvalidCaseError([error.mistake]) from None
