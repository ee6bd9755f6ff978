"""A Japanese reader solves, reads and questions a plan, all of it in Japanese."""

import re
from functools import cache

from playwright.sync_api import Page, expect

from models.roles import Role
from tests.browser.office import Office, follow, press
from tests.service.console.catalogue import read_catalogue

WORD = re.compile("[a-zA-Z]{2}")
VARIABLE = re.compile(r"%\(\w+\)s")
# Texts in the page but not in elements that say that they are English, with those that
# screen readers say.
TEXTS = """() => {
  const said = [document.title];
  const isShown = (x) => !x.closest("body [lang=en], script, style");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    if (isShown(walker.currentNode.parentElement)) said.push(walker.currentNode.data);
  for (const name of ["aria-label", "placeholder", "alt"])
    for (const x of document.querySelectorAll(`[${name}]`))
      if (isShown(x)) said.push(x.getAttribute(name));
  return said.map((x) => x.trim());
}"""


def test_a_plan_is_solved_read_and_questioned_in_japanese(office: Office) -> None:
    """No text of the catalogue is there in English; figures and dates are Japanese."""
    page = office.page_of(Role.MANAGER)
    title = page.get_by_role("heading", level=1)
    page.goto("/")
    assert "Cases to begin with" in english_on(page)
    press(page, "日本語")
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert english_on(page) == []
    press(page, "Two materials を解く")
    expect(page.get_by_role("link", name="計画へ")).to_be_visible()
    assert english_on(page) == []
    follow(page, "計画へ")
    expect(title).to_have_text("Two materialsの計画")
    assert english_on(page) == []
    expect(page.locator("dl.figures").first).to_contain_text("500万ドル")
    expect(page.locator("#financing ~ .scroll time").first).to_have_text("2027年1月")
    press(page, "在庫の推移、費用の分布、月別の不足")
    follow(page, "回答へ")
    expect(title).to_have_text("在庫の推移、費用の分布、月別の不足")
    assert english_on(page) == []


def english_on(page: Page) -> list[str]:
    """Return the texts of the catalogue that a page has in English."""
    return [x for x in page.evaluate(TEXTS) if english().fullmatch(x)]


@cache
def english() -> re.Pattern[str]:
    """Return any text of the catalogue whose Japanese differs, with any values."""
    found = [x for x in read_catalogue("ja") if x.id and x.string != x.id]
    texts = [y for x in found for y in ([x.id] if isinstance(x.id, str) else x.id)]
    parts = [VARIABLE.split(x.replace("%%", "%")) for x in texts]
    said = [x for x in parts if WORD.search(" ".join(x))]
    any_of = "|".join(".+".join(map(re.escape, x)) for x in said)
    return re.compile(any_of, re.DOTALL)
