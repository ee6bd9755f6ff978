from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from optimizer.exchange.smps_lines import InvalidSmpsError
from optimizer.exchange.smps_reading import read_smps
from optimizer.exchange.two_stage import TwoStageProblem, extensive_form
from optimizer.highs import Solver
from tests.optimizer.exchange.small_files import (
    CORE,
    STOCH,
    TIME,
    many_scenarios,
    write,
    write_stoch,
)


def optimum(problem: TwoStageProblem) -> float:
    """Return the optimum of the extensive form."""
    form = extensive_form(problem)
    return Solver(form.program).run().objective + form.constant


def mistakes(directory: Path) -> list[str]:
    """Return what is wrong in the files."""
    with pytest.raises(InvalidSmpsError) as error:
        read_smps(directory)
    return [str(mistake) for mistake in error.value.mistakes]


def test_stages_are_distinguished(tmp_path: Path) -> None:
    """Rows and columns before the start of the second period are the first stage."""
    problem = read_smps(write(tmp_path))
    assert problem.names.problem == "SHOP"
    assert problem.names.periods == ("NOW", "LATER")
    assert problem.names.first_columns == ("X",)
    assert problem.names.first_rows == ("SPACE",)
    assert problem.names.second_columns == ("Y", "Z")
    assert problem.names.second_rows == ("DEMAND", "EXTRA")


def test_a_random_right_hand_side(tmp_path: Path) -> None:
    """Buying 8 costs 16; half the time 4 are left, worth 1 each: 14."""
    problem = read_smps(write(tmp_path))
    assert problem.second_stage(0).row_upper.tolist() == [4.0, 4.0]
    assert problem.second_stage(1).row_lower.tolist() == [8.0, -np.inf]
    assert optimum(problem) == pytest.approx(14.0)


def test_independent_elements_are_multiplied(tmp_path: Path) -> None:
    """Two demands, three blocks: six scenarios, each probability a product."""
    problem = read_smps(
        write_stoch(
            tmp_path,
            "INDEP         DISCRETE",
            "    RIGHT     DEMAND    4.0   LATER   0.25",
            "    RIGHT     DEMAND    8.0   LATER   0.75",
            "BLOCKS        DISCRETE",
            " BL PRICES    LATER     0.2",
            "    Y         COST      6.0",
            "    X         DEMAND    0.5",
            " BL PRICES    LATER     0.3",
            "    Y         COST      7.0",
            " BL PRICES    LATER     0.5",
            "    X         DEMAND    1.0",
        )
    )
    expected = [0.05, 0.075, 0.125, 0.15, 0.225, 0.375]
    assert problem.probability.tolist() == pytest.approx(expected)
    assert [s.row_upper[0] for s in problem.second_stages()] == [4.0] * 3 + [8.0] * 3


def test_a_block_begins_with_what_its_first_realisation_has(tmp_path: Path) -> None:
    """What a later realisation does not name is as in the first one."""
    problem = read_smps(
        write_stoch(
            tmp_path,
            "BLOCKS        DISCRETE",
            " BL PRICES    LATER     0.5",
            "    Y         COST      6.0",
            "    X         DEMAND    0.5",
            " BL PRICES    LATER     0.5",
            "    Y         COST      7.0",
        )
    )
    later = problem.second_stage(1)
    assert later.cost.tolist() == [7.0, -1.0]
    assert later.technology.toarray().tolist() == [[0.5], [0.0]]


def test_a_scenario_begins_with_what_its_parent_has(tmp_path: Path) -> None:
    """The parent's demand stays where the child names only a bound."""
    problem = read_smps(
        write_stoch(
            tmp_path,
            "SCENARIOS     DISCRETE",
            " SC LOW       'ROOT'    0.5   NOW",
            "    RIGHT     DEMAND    4.0",
            " SC FULL      LOW       0.25  LATER",
            " UP LIMIT     Z         0.0",
            " SC SAME      ROOT      0.25  LATER",
        )
    )
    assert [s.name for s in problem.scenarios] == ["LOW", "FULL", "SAME"]
    assert [s.row_upper[0] for s in problem.second_stages()] == [4.0, 4.0, 6.0]
    assert [s.column_upper[1] for s in problem.second_stages()] == [8.0, 0.0, 8.0]


@pytest.mark.parametrize(
    ("modifier", "demand"),
    # 6 in the core: 1.5 in its place, 6 + 1.5, 6 x 1.5.
    [("", 1.5), ("REPLACE", 1.5), ("ADD", 7.5), ("MULTIPLY", 9.0)],
)
def test_a_modifier_uses_the_core(tmp_path: Path, modifier: str, demand: float) -> None:
    """What stands in the file replaces, is added to, or multiplies the core."""
    problem = read_smps(
        write_stoch(
            tmp_path,
            f"INDEP         DISCRETE      {modifier}",
            "    RIGHT     DEMAND    1.5   1.0",
        )
    )
    assert problem.second_stage(0).row_lower[0] == demand


@pytest.mark.parametrize(
    ("bound", "lower", "upper"),
    [
        ("UP LIMIT  Z  3.0", 0.0, 3.0),
        ("UP LIMIT  Z  1e30", 0.0, np.inf),
        ("LO LIMIT  Z  3.0", 3.0, 8.0),
        ("FX LIMIT  Z  3.0", 3.0, 3.0),
        ("FR LIMIT  Z", -np.inf, np.inf),
        ("MI LIMIT  Z", -np.inf, 8.0),
        ("PL LIMIT  Z", 0.0, np.inf),
    ],
)
def test_bounds_of_columns_change(
    tmp_path: Path, bound: str, lower: float, upper: float
) -> None:
    """Each type of bound does what it does in a core."""
    problem = read_smps(
        write_stoch(
            tmp_path, "SCENARIOS     DISCRETE", " SC ONE  ROOT  1.0  LATER", f" {bound}"
        )
    )
    stage = problem.second_stage(0)
    assert (stage.column_lower[1], stage.column_upper[1]) == (lower, upper)


def test_a_new_entry_of_the_matrix(tmp_path: Path) -> None:
    """An entry that the core does not have is 0 in the other scenarios."""
    problem = read_smps(
        write_stoch(
            tmp_path,
            "SCENARIOS     DISCRETE",
            " SC PLAIN  ROOT  0.5  LATER",
            " SC OTHER  ROOT  0.5  LATER",
            "    X         EXTRA     0.75",
        )
    )
    plain, other = problem.second_stages()
    assert plain.recourse.toarray().tolist() == [[1.0, -1.0], [1.0, 0.0]]
    assert plain.technology.toarray().tolist() == [[1.0], [0.0]]
    assert other.technology.toarray().tolist() == [[1.0], [0.75]]


def test_a_range_moves_as_a_whole(tmp_path: Path) -> None:
    """A row of type G with a range of 3 from 6 is from 4 to 7 with the side 4."""
    core = CORE.replace(" E  DEMAND", " G  DEMAND").replace(
        "BOUNDS", "RANGES\n    R  DEMAND  3.0\nBOUNDS"
    )
    stage = read_smps(write(tmp_path, core=core)).second_stage(0)
    assert (stage.row_lower[0], stage.row_upper[0]) == (4.0, 7.0)


def test_periods_named_one_by_one(tmp_path: Path) -> None:
    """EXPLICIT: the core may be in any order."""
    time = """\
TIME          SHOP
PERIODS       EXPLICIT
    NOW
    LATER
ROWS
    COST      NOW
    SPACE     NOW
    DEMAND    LATER
    EXTRA     LATER
COLUMNS
    X         NOW
    Y         LATER
    Z         LATER
ENDATA
"""
    problem = read_smps(write(tmp_path, time=time))
    assert optimum(problem) == pytest.approx(14.0)


def test_a_constant_of_the_objective_is_kept(tmp_path: Path) -> None:
    """A right-hand side of the objective is subtracted from it, as in MPS."""
    core = CORE.replace("RHS           RIGHT\n", "RHS\n    RIGHT  COST  -3.0\n")
    assert optimum(read_smps(write(tmp_path, core=core))) == pytest.approx(17.0)


def test_every_mistake_is_reported_with_its_line(tmp_path: Path) -> None:
    """Unknown names, wrong numbers and wrong sums, all at once."""
    directory = write_stoch(
        tmp_path,
        "BLOCKS        DISCRETE",
        " BL PRICES    SOON      0.5",
        "    Y         PRICE     6.0",
        "    W         DEMAND    six",
        " BL PRICES    LATER     1.5",
        "    X         SPACE     2.0",
        " XX LIMIT     Z         2.0",
        "    RIGHT     DEMAND    6.0",
    )
    assert mistakes(directory) == [
        "shop.sto:3: is 'SOON', expected a period of the time file, NOW or LATER",
        "shop.sto:4: is 'PRICE', expected a row of the core",
        (
            "shop.sto:5: is 'W', expected a column of the core, or a right-hand side "
            "(RIGHT)"
        ),
        "shop.sto:6: is '1.5', expected a probability between 0 and 1",
        (
            "shop.sto:7: is 'the matrix of the first period', expected an entry of the "
            "second period"
        ),
        (
            "shop.sto:8: is 'XX LIMIT Z 2.0', expected a column or right-hand side,"
            " then rows and values"
        ),
        (
            "shop.sto:3: is 'probabilities of PRICES that sum to 2', expected 1 as"
            " their sum"
        ),
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("INDEP         NORMAL", "NORMAL"),
        ("INDEP         UNIFORM       LATER", "UNIFORM"),
        ("BLOCKS        LINTR", "LINTR"),
    ],
)
def test_continuous_laws_are_refused(tmp_path: Path, header: str, found: str) -> None:
    """Only discrete distributions have scenarios to list."""
    directory = write_stoch(tmp_path, header, "    RIGHT  DEMAND  4.0  LATER  1.0")
    expected = "DISCRETE: continuous distributions are not read"
    assert f"shop.sto:2: is '{found}', expected {expected}" in mistakes(directory)


def test_too_many_scenarios_are_counted(tmp_path: Path) -> None:
    """Six elements of ten realisations each are a million scenarios."""
    assert mistakes(many_scenarios(tmp_path)) == [
        (
            "shop.sto: is '1,000,000 scenarios', expected at most 100000 in the product"
            " of all realisations"
        )
    ]


def test_three_periods_are_refused(tmp_path: Path) -> None:
    """Only two-stage problems are read."""
    time = TIME.replace("ENDATA", "    Z         EXTRA     LAST\nENDATA")
    expected = "2: only two-stage problems are read"
    assert mistakes(write(tmp_path, time=time)) == [
        f"shop.tim: is '3 periods', expected {expected}"
    ]


def test_a_first_row_with_a_later_column_is_refused(tmp_path: Path) -> None:
    """What is decided later cannot stand in a row of the first period."""
    time = TIME.replace("Y         DEMAND", "Y         EXTRA ")
    assert mistakes(write(tmp_path, time=time)) == [
        (
            "shop.tim: is 'row DEMAND of the first period with a later column',"
            " expected columns of the first period in its rows"
        )
    ]


def test_a_start_that_is_not_in_the_core(tmp_path: Path) -> None:
    """Mistakes of both periods are reported together."""
    time = TIME.replace("X  ", "XX ").replace("Y  ", "YY ")
    assert mistakes(write(tmp_path, time=time)) == [
        "shop.tim:3: is 'XX', expected one of the columns of the core",
        "shop.tim:4: is 'YY', expected one of the columns of the core",
    ]


def test_two_elements_with_the_same_entry(tmp_path: Path) -> None:
    """An entry belongs to one random element."""
    directory = write_stoch(
        tmp_path,
        "INDEP         DISCRETE",
        "    Y  COST  4.0  1.0",
        "BLOCKS        DISCRETE",
        " BL PRICES  LATER  1.0",
        "    Y  COST  5.0",
    )
    assert mistakes(directory) == [
        "shop.sto:5: is 'PRICES and Y COST', expected each entry in one random element"
    ]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """Each kind that is missing or there twice is named."""
    write(tmp_path)
    (tmp_path / "shop.tim").unlink()
    (tmp_path / "other.sto").write_text("ENDATA\n")
    assert mistakes(tmp_path) == [
        f"{tmp_path}: is 'none', expected one time file (.tim, .time)",
        (
            f"{tmp_path}: is 'other.sto, shop.sto', expected one stoch file "
            "(.sto, .stoch, .stoc)"
        ),
    ]


@pytest.mark.parametrize("sense", ["    MAX", "    MAXIMIZE", "    max"])
def test_a_core_to_be_maximised_is_refused(tmp_path: Path, sense: str) -> None:
    """Its line is named."""
    core = CORE.replace("ROWS", f"OBJSENSE\n{sense}\nROWS", 1)
    assert mistakes(write(tmp_path, core=core)) == [
        f"shop.cor:4: is '{sense.strip()}', expected MIN: only costs are minimised"
    ]


def test_a_core_without_rows_and_columns(tmp_path: Path) -> None:
    """The other files are not checked against nothing."""
    assert mistakes(write(tmp_path, core="")) == [
        "shop.cor: is 'no row of type N', expected an objective in the section ROWS",
        "shop.cor: is 'no column', expected a section COLUMNS",
    ]


def test_mistakes_of_all_three_files_are_reported_at_once(tmp_path: Path) -> None:
    """Each line of the core, and what the other files name."""
    core = (
        CORE.replace(" L  EXTRA", " X  OTHER\n L  EXTRA")
        .replace("Y         EXTRA              1.0", "Y         EXTRA              one")
        .replace("RIGHT     EXTRA ", "RIGHT     EXTRAS")
        .replace(" UP LIMIT     Z ", " UX LIMIT     Z ")
    )
    time = TIME.replace("Y  ", "YY ")
    stoch = STOCH.replace("4.0", "four")
    assert mistakes(write(tmp_path, core=core, time=time, stoch=stoch)) == [
        "shop.cor:7: is 'X OTHER', expected a type (N, E, L, G) and a name",
        "shop.cor:13: is 'one', expected a number",
        "shop.cor:17: is 'EXTRAS', expected a row of the section ROWS",
        (
            "shop.cor:19: is 'UX', expected a type of bound "
            "(UP, LO, FX, LI, UI, FR, MI, PL, BV)"
        ),
        "shop.tim:4: is 'YY', expected one of the columns of the core",
        "shop.sto:3: is 'four', expected a number",
    ]


def indented(text: str) -> str:
    """Return lines that are all indented by one more column."""
    return "".join(f" {line}\n" for line in text.splitlines())


SPELLINGS: dict[str, Callable[[str], str]] = {
    "indented": indented,
    "tabs": lambda text: text.replace("    ", "\t"),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "indented comments": lambda text: text.replace("\n", "\n   * ENDATA\n", 1),
    "byte order mark": lambda text: "\u00ef\u00bb\u00bf" + text,
    "Fortran": lambda text: text.replace(".0 ", ".0D+00 "),
    "lower case": lambda text: "\n".join(
        line.lower() if line[:1].isalpha() else line for line in text.split("\n")
    ),
    "without names": lambda text: text.replace("DISCRETE", "").replace(" LIMIT", ""),
    "indented headers": lambda text: "\n".join(
        f"  {line}" if line.startswith(("ROWS", "PERIODS", "INDEP")) else line
        for line in text.split("\n")
    ),
    "data at the margin": lambda text: "\n".join(
        line.strip() for line in text.split("\n")
    ),
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_real_files_are_spelled_in_many_ways(
    tmp_path: Path, spelled: Callable[[str], str]
) -> None:
    """The problem is the same, and so is its optimum."""
    for ending, text in (("cor", CORE), ("tim", TIME), ("sto", STOCH)):
        path = tmp_path / f"shop.{ending}"
        path.write_text(spelled(text), encoding="latin-1", newline="")
    assert optimum(read_smps(tmp_path)) == pytest.approx(14.0)


@pytest.mark.parametrize("name", ["RHS", "rhs1", "B", "DEMANDS"])
def test_the_right_hand_side_may_have_another_name(tmp_path: Path, name: str) -> None:
    """RIGHT in the core; a name that is not usual is noted."""
    problem = read_smps(write(tmp_path, stoch=STOCH.replace("RIGHT", name)))
    assert optimum(problem) == pytest.approx(14.0)
    assert len(problem.notes) == (1 if name == "DEMANDS" else 0)


@pytest.mark.parametrize(
    "stoch",
    ["", "STOCH SHOP\nENDATA\n", "STOCH SHOP\nINDEP DISCRETE\nENDATA\n"],
)
def test_a_stoch_file_without_realisation(tmp_path: Path, stoch: str) -> None:
    """One scenario, the core: 6 are bought at 2."""
    problem = read_smps(write(tmp_path, stoch=stoch))
    assert len(problem.scenarios) == 1
    assert problem.notes == ("nothing is random: the one scenario is the core",)
    assert optimum(problem) == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("bound", "lower", "upper"),
    [
        ("LO LIMIT  Z  3.0", 3.0, np.inf),
        ("FX LIMIT  Z  3.0", 3.0, 3.0),
        ("FR LIMIT  Z", -np.inf, np.inf),
        ("MI LIMIT  Z", -np.inf, np.inf),
        ("PL LIMIT  Z", 0.0, np.inf),
        ("BV LIMIT  Z", 0.0, 1.0),
        ("LI LIMIT  Z  3", 3.0, np.inf),
        ("UI LIMIT  Z  3", 0.0, 3.0),
        ("fr Z", -np.inf, np.inf),
        ("up Z 3.0", 0.0, 3.0),
    ],
)
def test_bounds_of_a_core(
    tmp_path: Path, bound: str, lower: float, upper: float
) -> None:
    """Each type, in capitals or not, with its set or without."""
    core = CORE.replace(" UP LIMIT     Z                  8.0", f" {bound}")
    stage = read_smps(write(tmp_path, core=core)).core
    assert (stage.column_lower[1], stage.column_upper[1]) == (lower, upper)
