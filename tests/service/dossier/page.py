"""A page read back: its tags, its words, and what it refers to."""

from html.parser import HTMLParser

WITHOUT_END = {"meta", "img", "br", "link", "input"}
REFERRING = {"src", "href", "srcset", "data", "action", "poster", "background"}


class Page(HTMLParser):
    """The tags of a page, which must be closed in the order they were opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []
        self.words: list[str] = []
        self.identifiers: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the beginning of a tag."""
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in REFERRING]
        self.identifiers += [value or "" for name, value in attrs if name == "id"]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in WITHOUT_END:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take the end of a tag."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Take words."""
        if data.strip():
            self.words.append(data.strip())
