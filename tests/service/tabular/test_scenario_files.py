"""Files of scenarios with mistakes: all are told at once, by row and column."""

import io
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from optimizer.exchange import scenario_reading
from optimizer.exchange.scenario_reading import read_scenarios
from optimizer.exchange.scenario_table import planning_table
from service.casefiles import load
from service.tabular.scenario_files import read_scenario_file, scenario_file


@cache
def _case(name: str = "two_materials") -> Instance:
    return read_instance(load(name))


@cache
def _text() -> str:
    return scenario_file(planning_table(_case())[1], ".csv").decode()


def _mistakes(content: bytes, ending: str = ".csv") -> list[str]:
    with pytest.raises(InvalidCaseError) as refused:
        read_scenarios(_case(), read_scenario_file(content, ending))
    return [str(x) for x in refused.value.mistakes]


@pytest.mark.parametrize(
    ("found", "changed", "told"),
    [
        (
            '"w1",0.5,',
            '"w1",0.4,',
            "column probability: is 0.9, expected a sum of 1 over the scenarios",
        ),
        (
            '"alpha_route",0,',
            '"alpha_route",-0.2,',
            "line 29, column availability: is -0.2, expected a share from 0 to 1",
        ),
        (
            '"alpha_route",0,',
            '"alpha_route",nan,',
            "line 29, column availability: is nan, expected a share from 0 to 1",
        ),
        (
            '"alpha_route",0,',
            '"alpha_route",little,',
            "line 29, column availability: is 'little', expected a number",
        ),
        (
            '"alpha_route",0,',
            '"alpha_route",,',
            "line 29, column availability: is None, expected a value",
        ),
        (
            '"alpha_route",0,',
            '"gamma_route",0,',
            (
                "line 29, column id: is 'gamma_route', expected a route of the case "
                "(alpha_route, beta_route)"
            ),
        ),
        (
            '"w1",0.5,1,1,"2028-01-01","route","alpha_route",0,,,,,\n',
            "",
            (
                "scenario w1, route alpha_route: is 'without a row of period 1', "
                "expected a row of each"
            ),
        ),
        (
            '"w1",0.5,1,1,"2028-01-01","route","alpha',
            '"w1",0.5,1,0,"2028-01-01","route","alpha',
            (
                "line 29, column id: is 'alpha_route', expected one row for it in this "
                "scenario and period"
            ),
        ),
        (
            '"w1",0.5,1,1,"2028-01-01","route","alpha',
            '"w1",0.5,1,2,"2028-01-01","route","alpha',
            "line 29, column period: is 2, expected a period of the case, 0 to 1",
        ),
        (
            '"w1",0.5,1,1,"2028-01-01","route","alpha',
            '"w1",0.5,2,1,"2028-01-01","route","alpha',
            (
                "line 29, column stratum: is 2, expected the same as in other rows of "
                "the scenario"
            ),
        ),
        (
            '"alpha",,false,10000,3,',
            '"alpha",1,false,0,3,',
            "line 31, column availability: is 1.0, expected empty: only a route has it",
        ),
        (
            '"alpha",,false,10000,3,',
            '"alpha",,false,0,3,',
            "line 31, column price_usd_per_tonne: is 0.0, expected a price above 0",
        ),
        (
            '"alpha",,false,10000,3,',
            '"alpha",,maybe,10000,3,',
            "line 31, column announced: is 'maybe', expected true or false",
        ),
        (
            '"2028-01-01","route","alpha_route",0',
            '"2028-01-01","rout","alpha_route",0',
            "line 29, column kind: is 'rout', expected route, material, product",
        ),
        (
            '"beta",,false,20000,3,100,',
            '"beta",,false,20000,3,50,',
            (
                "line 32, column gap_tonnes: is 50.0, expected what follows from the "
                "other columns"
            ),
        ),
        (
            '"demand_units"\n',
            '"demand"\n',
            "columns: is 'no demand_units', expected this column",
        ),
        (
            "# seed: 1",
            "# seed: one",
            "line 7, seed: is 'one', expected a value in JSON",
        ),
        (
            '"w0",0.5,0,0,"2027-01-01","route","alpha_route",1,,,,,',
            '"w0",0.5,0,0,"2027-01-01","route","alpha_route",1',
            "line 11: is '8 cells', expected 13 cells, as many as there are columns",
        ),
    ],
)
def test_a_mistake_is_told_by_its_place(found: str, changed: str, told: str) -> None:
    """Nothing is guessed: the scenarios are refused, with what was expected."""
    assert found in _text()
    assert told in _mistakes(_text().replace(found, changed).encode())


def test_all_mistakes_are_told_at_once() -> None:
    """Those of cells, of the sum and of what is missing."""
    text = _text().replace('"alpha_route",0,', '"gamma_route",0,')
    text = text.replace('"w0",0.5,', '"w0",0.75,').replace("10000,3", "x,3")
    told = "\n".join(_mistakes(text.encode()))
    for part in ("gamma_route", "period 1", "1.25", "'x', expected a number"):
        assert part in told


def test_a_file_of_another_case_is_refused() -> None:
    """By the hash of the world that the scenarios are of, and by what it names."""
    _, other = planning_table(_case("magnets"))
    mistakes = _mistakes(scenario_file(other, ".parquet"), ".parquet")
    assert mistakes[0].startswith("head.world_hash: is 'scenarios of magnets")
    assert any("expected a route of the case" in x for x in mistakes)


def test_many_wrong_rows_are_counted() -> None:
    """Ten rows are told, and how many are left."""
    told = _mistakes(_text().replace(",0.5,", ',"half",').encode())
    rows = [x for x in told if "is 'half', expected a number" in x]
    assert len(rows) == 10
    assert any("something else in 14 further rows" in x for x in told)


def test_gaps_of_before_a_change_are_not_read() -> None:
    """They follow from what was changed, and are found anew."""
    text = _text().replace('"alpha_route",0,', '"alpha_route",0.5,')
    read = read_scenarios(_case(), read_scenario_file(text.encode(), ".csv"))
    gaps = planning_table(_case(), read)[1].numbers["gap_tonnes"].values
    # Alpha lacks half of the 100 t of the year, beta all of them.
    assert sorted(gaps)[-2:] == [50, 100]


def test_far_too_few_rows_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million names in a million rows would take a hundred times as much."""
    monkeypatch.setattr(scenario_reading, "MOST_CELLS", 1)
    *first, one = _text().splitlines(keepends=True)[:11]
    text = "".join([*first, one, one.replace("w0", "w1")])
    told = _mistakes(text.encode())
    assert told == ["rows: is '2 rows of 2 scenarios', expected 24 rows for so many"]


def test_columns_of_a_parquet_file_have_their_types() -> None:
    """Text is no number there, and a truth value is none either."""
    table = pq.read_table(
        io.BytesIO(scenario_file(planning_table(_case())[1], ".parquet"))
    )
    wrong = pa.array([True] * table.num_rows)
    page = io.BytesIO()
    at = table.column_names.index("probability")
    pq.write_table(table.set_column(at, "probability", wrong), page)
    told = _mistakes(page.getvalue(), ".parquet")
    assert "row 1, column probability: is True, expected a number" in told


@pytest.mark.parametrize(
    ("content", "ending", "told"),
    [
        (b"PAR1 and nothing else", ".parquet", "footer"),
        (b"\xff\xfe", ".csv", "no UTF-8"),
        (b"", ".csv", "no line of columns"),
        (b"scenario;probability\nw0;1\n", ".csv", "no commas"),
    ],
)
def test_what_is_no_such_file_is_told(content: bytes, ending: str, told: str) -> None:
    """Semicolons are not taken for commas: decimal commas would follow."""
    with pytest.raises(ValueError, match=told):
        read_scenario_file(content, ending)


def test_a_file_without_a_head_is_read() -> None:
    """A program that knows nothing of heads has written it."""
    text = "".join(x for x in _text().splitlines(keepends=True) if "#" not in x)
    read = read_scenarios(
        _case(), read_scenario_file(b"\xef\xbb\xbf" + text.encode(), ".csv")
    )
    assert read.names == ("w0", "w1")
