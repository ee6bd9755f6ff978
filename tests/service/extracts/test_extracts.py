"""Extracts of other systems: figures of a case with their source, or what is new."""

from pathlib import Path

import pytest
import xlsxwriter

from models.instance import Instance
from models.reading import InvalidCaseError, read_instance
from service.casefiles import load
from service.cli.exit_status import ExitStatus
from service.extracts.mapped_rows import mapped_rows
from service.extracts.mapping import read_mapping
from service.extracts.rows import read_extract
from tests.service.cli.conftest import strongroom

BILLS = """\
table: bills of materials
source: Bills of 30 November
heading_row: 2
columns: {product: Material, item: Teil, quantity: Menge, unit: ME, base: Basis}
products: {"0471": gm_electric_vehicle}
items: {MAG: magnet_hot, DY: dysprosium}
only: {Werk: ["1000"]}
written: {decimal: comma, thousands: point}
"""
BILLS_ROWS = """\
Stücklisten
Material;Teil;Menge;ME;Basis;Werk
0471;MAG;3,5;kg;1.000;1000
0471;MAG;0,5;kg;1.000;1000
0471;DY;1,2;KG;1;1000
0471;SCREW;2;ST;1;2000
"""
DEMAND = """\
table: demand
source: Orders of two years
columns: {product: product, quantity: quantity}
unit: piece
units: {piece: 1}
years: 2
"""


@pytest.fixture(scope="module")
def magnets() -> Instance:
    """Return a case with components."""
    return read_instance(load("magnets"))


def told(mapping: str, rows: str, case: Instance) -> list[str]:
    """Return what is told of an extract."""

    def read() -> None:
        said = read_mapping(mapping.encode(), "mapping")
        mapped_rows(read_extract(rows.encode(), "it.csv", said), case)

    with pytest.raises(InvalidCaseError) as caught:
        read()
    return [str(mistake) for mistake in caught.value.mistakes]


def test_bills_are_added_up_in_the_units_of_the_case(tmp_path: Path) -> None:
    """3.5 and 0.5 kg for 1,000 vehicles are 4e-6 t of magnets for one."""
    extract, mapping = tmp_path / "bills.csv", tmp_path / "mapping.yaml"
    extract.write_text(BILLS_ROWS, encoding="utf-8")
    mapping.write_text(BILLS, encoding="utf-8")
    output = tmp_path / "case.yaml"
    words = ("magnets", extract, "--mapping", mapping, "--output", output)
    assert strongroom("import", *words).exit_code == ExitStatus.SUCCESS
    case = read_instance(load(str(output)))
    (product,) = [x for x in case.products if x.id == "gm_electric_vehicle"]
    magnet, dysprosium = product.bill_of_materials
    assert (magnet.component, magnet.quantity_per_unit) == ("magnet_hot", 4e-6)
    assert (dysprosium.material, dysprosium.quantity_per_unit) == ("dysprosium", 1.2e-3)
    expected = "Bills of 30 November (bills.csv, rows 3, 4)"
    assert magnet.sources == {"quantity_per_unit": expected}


def test_demand_of_a_workbook_is_for_the_years_it_has(tmp_path: Path) -> None:
    """300,000 vehicles in two years are 150,000 a year; others stay as they are."""
    extract, mapping = tmp_path / "orders.xlsx", tmp_path / "mapping.yaml"
    book = xlsxwriter.Workbook(extract)
    sheet = book.add_worksheet()
    for row, cells in enumerate(
        (("product", "quantity"), ("gm_electric_vehicle", 3e5))
    ):
        sheet.write_row(row, 0, cells)
    book.close()
    mapping.write_text(DEMAND, encoding="utf-8")
    output = tmp_path / "case.yaml"
    words = ("magnets", extract, "--mapping", mapping, "--output", output)
    result = strongroom("import", *words)
    assert "without a row: hard_disk, magnet_hot" in result.stdout
    products = read_instance(load(str(output))).products
    (product,) = [x for x in products if x.id == "gm_electric_vehicle"]
    assert product.demand_units_per_year == 150_000


def test_all_that_is_unknown_is_told_at_once(magnets: Instance) -> None:
    """Names and units once each, numbers by their cells, names of the mapping too."""
    mapping = BILLS.replace("DY: dysprosium", "DY: dysprosum")
    rows = BILLS_ROWS.replace("1,2", "1.2.3") + "0999;MAG;1;ST;0;1000\n" * 2
    expected = [
        "mapping, items.DY: is 'dysprosum', expected an id of the case",
        "it.csv, row 5, column C (Menge): is '1.2.3', expected a number with a decimal",
        "it.csv, row 7, column A (Material): is '0999', expected an id of the case",
        "it.csv, row 7, column D (ME): is 'ST', expected a unit of magnet_hot (t",
        "it.csv, row 7, column E (Basis): is '0', expected another number than 0",
    ]
    found = told(mapping, rows, magnets)
    for start in expected:
        assert sum(x.startswith(start) for x in found) == 1, found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("quantity: Menge", "quantity: Mengen", "columns.quantity: is 'Mengen', exp"),
        (
            '["1000"]',
            '["1000", "3000"]',
            "mapping, only.Werk: is '3000', expected a te",
        ),
        ("unit: ME, ", "", "unit or columns.unit, one of the two"),
        ("item: Teil, ", "", "the column item with the table bills of materials"),
        ("source: Bills of 30 November\n", "", "mapping, source: is 'absent'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    magnets: Instance, old: str, new: str, expected: str
) -> None:
    """Before any row is read."""
    assert old in BILLS
    found = told(BILLS.replace(old, new), BILLS_ROWS, magnets)
    assert any(expected in x for x in found), found
