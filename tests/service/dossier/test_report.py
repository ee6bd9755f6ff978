"""The report: complete, self-contained, with all text of the case escaped."""

from base64 import b64decode

from service.dossier.report import Verdict, rendered_report
from service.dossier.section import Picture, PrintedColumn, PrintedTable, Section
from tests.service.dossier.page import Page

EVIL = '<script>alert("1")</script> & </table>'
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
PASSED = Verdict(is_passed=True, sentence="All is well.")
SECTION = Section(
    title="Rights & contracts",
    text=f"First.\n\n{EVIL}",
    tables=(
        PrintedTable(
            title=EVIL,
            columns=(
                PrintedColumn("name", is_figure=False),
                PrintedColumn("t", is_figure=True),
            ),
            groups=((("alpha", "1"), ("beta", "2")), ((EVIL, "3"),)),
        ),
        PrintedTable("bare", (PrintedColumn("", is_figure=False),), ()),
    ),
    pictures=(Picture(EVIL, SVG),),
)


def page(*sections: Section, verdict: Verdict = PASSED) -> Page:
    """Return a report, read."""
    return Page(rendered_report("Title", verdict, sections))


def test_every_cell_is_there_as_it_is() -> None:
    """Words of a case are words in the report, whatever they look like."""
    made = page(SECTION)
    assert "script" not in made.tags
    assert made.words.count(EVIL) == 3
    for word in ("name", "alpha", "beta", "1", "2", "3", "First.", "All is well."):
        assert word in made.words


def test_groups_are_bodies_of_the_table_and_heads_repeat() -> None:
    """A table without headings has no head."""
    tags = page(SECTION).tags
    assert tags.count("tbody") == 2
    assert tags.count("thead") == 1
    assert "display: table-header-group" in rendered_report("", PASSED, ())


def test_pictures_are_inside() -> None:
    """And nothing is fetched from anywhere."""
    (link, picture) = page(SECTION).references
    assert link == "#rights-contracts"
    kind, _, content = picture.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(content) == SVG


def test_links_lead_to_sections() -> None:
    """Each to one of its own."""
    made = page(SECTION, Section("Second"), Section("Third: more"))
    assert [f"#{name}" for name in made.identifiers] == [
        reference for reference in made.references if reference.startswith("#")
    ]


def test_a_failure_looks_like_one() -> None:
    """Another colour beside the words."""
    failed = Verdict(is_passed=False, sentence="1 of 2 checks FAILED.")
    assert 'class="verdict failed"' in rendered_report("", failed, ())
    assert 'class="verdict passed"' in rendered_report("", PASSED, ())


def test_a_blank_line_begins_a_paragraph() -> None:
    """No text is no paragraph."""
    assert Section("A", text="one\n\ntwo").paragraphs == ("one", "two")
    assert Section("A").paragraphs == ()


def test_control_characters_are_escaped() -> None:
    """HTML forbids them, and what turns the direction of text misleads readers."""
    section = Section(title="A\x0bB", text="C\x1b[31m \u202eD")
    made = rendered_report("T\x00", PASSED, (section,))
    assert made.isprintable() or not set(made) - {"\n"} & set(map(chr, range(32)))
    for shown in (r"A\x0bB", r"C\x1b[31m \u202eD", r"T\x00"):
        assert shown in made
