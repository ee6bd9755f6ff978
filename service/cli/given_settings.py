"""Options of a command line as settings of the service; what is wrong as mistakes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from models.reading import InvalidCaseError

if TYPE_CHECKING:
    from service.settings import Settings


def settings_of(given: Mapping[str, object]) -> "Settings":
    """Return the settings, those that are not given being those of the environment.

    Raises InvalidCaseError if one is wrong.
    """
    # The store: commands without it need not load it.
    from pydantic import ValidationError  # noqa: PLC0415

    from service.files.validation import mistakes_in  # noqa: PLC0415
    from service.settings import ENVIRONMENT_PREFIX, Settings  # noqa: PLC0415

    is_given = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(is_given)
    except ValidationError as error:
        mistakes = mistakes_in(error, "settings")
        raise InvalidCaseError(
            [
                # What no option gave is the environment's: by the name it has there.
                x
                if x.path in is_given
                else replace(x, path=f"{ENVIRONMENT_PREFIX}{x.path.upper()}")
                for x in mistakes
            ]
        ) from None


def run_with(run: "Callable[[Settings], None]", given: Mapping[str, object]) -> None:
    """Run with the settings that are given, the others being those of the environment.

    Raise InvalidCaseError if a setting is wrong or the store cannot be used.
    """
    from service.errors import StoreUnusableError  # noqa: PLC0415

    try:
        run(settings_of(given))
    except StoreUnusableError as error:
        raise InvalidCaseError([error.mistake]) from None
