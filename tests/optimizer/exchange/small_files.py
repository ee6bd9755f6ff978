"""The three files of a problem small enough to check by hand, and changes of them.

Buy x at 2 (at most 10); what demand asks beyond it costs 5 a unit as y, and at most 4
units of it can be had; z is what is left over, worth 1.
"""

from pathlib import Path

CORE = """\
NAME          SHOP
* a comment
ROWS
 N  COST
 L  SPACE
 E  DEMAND
 L  EXTRA
COLUMNS
    X         COST               2.0   SPACE              1.0
    X         DEMAND             1.0
    Y         COST               5.0   DEMAND             1.0
    Y         EXTRA              1.0
    Z         COST              -1.0   DEMAND            -1.0
RHS           RIGHT
    RIGHT     SPACE             10.0   DEMAND             6.0
    RIGHT     EXTRA              4.0
BOUNDS
 UP LIMIT     Z                  8.0
ENDATA
"""
TIME = """\
TIME          SHOP
PERIODS       LP
    X         SPACE                    NOW
    Y         DEMAND                   LATER
ENDATA
"""
STOCH = """\
STOCH         SHOP
INDEP         DISCRETE
    RIGHT     DEMAND             4.0   LATER              0.5
    RIGHT     DEMAND             8.0   LATER              0.5
ENDATA
"""
SECTION = "STOCH         SHOP\n{}\nENDATA\n"


def write(
    directory: Path, *, core: str = CORE, time: str = TIME, stoch: str = STOCH
) -> Path:
    """Write the files and return their directory."""
    for ending, text in (("cor", core), ("tim", time), ("sto", stoch)):
        (directory / f"shop.{ending}").write_text(text, encoding="ascii")
    return directory


def write_stoch(directory: Path, *lines: str) -> Path:
    """Write the files with other lines of the stoch file."""
    return write(directory, stoch=SECTION.format("\n".join(lines)))


def many_scenarios(directory: Path) -> Path:
    """Write the files with a million scenarios: six elements of ten values each."""
    entries = ("RIGHT DEMAND", "RIGHT EXTRA", "Y COST", "Z COST", "Y EXTRA", "X DEMAND")
    starts = (4.0, 4.0, 5.0, -1.0, 1.0, 1.0)
    lines = [
        f"    {entry} {start + 0.01 * k} 0.1"
        for entry, start in zip(entries, starts, strict=True)
        for k in range(10)
    ]
    return write_stoch(directory, "INDEP         DISCRETE", *lines)
