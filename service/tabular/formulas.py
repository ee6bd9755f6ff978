"""Text that spreadsheets would compute as a formula when they open a file of text."""

# Spreadsheets also compute after signs of full width.
FORMULA_OPENINGS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)


def kept_as_text(text: str) -> str:
    """Return text with an apostrophe before it if it would be computed."""
    return f"'{text}" if text.startswith(FORMULA_OPENINGS) else text
