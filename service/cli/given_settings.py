"""Settings of the service as the command line gives them."""

from collections.abc import Mapping

from pydantic import ValidationError

from models.consistency import Mistake
from models.reading import InvalidCaseError
from service.settings import Settings


def settings_of(given: Mapping[str, object]) -> Settings:
    """Return the settings, from the environment what is not given.

    Raises InvalidCaseError if one is wrong.
    """
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        mistakes = [
            Mistake(".".join(map(str, fault["loc"])), fault["input"], fault["msg"])
            for fault in error.errors()
        ]
        raise InvalidCaseError(mistakes) from None
