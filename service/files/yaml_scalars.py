"""What an unquoted word of YAML 1.2 stands for.

Only true and false are booleans (NO is a country), 8e9 is a number, a date stays text.
"""

import re

WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
INTEGER = re.compile(r"[-+]?[0-9](_?[0-9])*")
NUMBER = re.compile(r"[-+]?([0-9](_?[0-9])*(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
MAXIMUM_DIGITS = 400


def scalar(text: str) -> object:
    """Return what an unquoted word stands for."""
    if text in WORDS:
        return WORDS[text]
    if len(text) <= MAXIMUM_DIGITS and INTEGER.fullmatch(text):
        return int(text)
    if NUMBER.fullmatch(text):
        return float(text)
    return text
