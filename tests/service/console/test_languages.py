"""A reader gets a language that it reads."""

import pytest

from service.console.languages import Language, preferred_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ENGLISH),
        ("fr, ja;q=0.3", Language.JAPANESE),
        ("ja;q=0.3, en;q=0.7", Language.ENGLISH),
        ("de;q=x, ja;q=", Language.ENGLISH),
        ("ja;q=0", Language.ENGLISH),
        ("de, ja;q=nan", Language.ENGLISH),
    ],
)
def test_languages_are_weighed(accepted: str, language: Language) -> None:
    """As RFC 9110 has it; what cannot be read weighs nothing."""
    assert preferred_language(accepted) is language
