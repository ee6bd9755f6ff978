"""A figure: what a picture shows, in marks, in words and as a table."""

from dataclasses import dataclass

from service.pictures.marks import Canvas, Mark
from service.pictures.words import ENGLISH, Words
from service.tabular.flat_tables import FlatTable

WIDTH_PX = 720.0  # 7.5 inches in print


@dataclass(frozen=True, slots=True)
class Look:
    """For whom a picture is drawn: its width and its language."""

    width_px: float = WIDTH_PX
    words: Words = ENGLISH


PRINTED = Look()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture. Its table has the same figures; column texts are in its language.

    explanation: the meaning of marks and shades.
    """

    title: str
    explanation: str
    width_px: float
    height_px: float
    marks: tuple[Mark, ...]
    table: FlatTable

    @property
    def texts(self) -> list[str]:
        """All that is written in it, in order."""
        return [self.title, self.explanation, *(x.text for x in self.marks if x.text)]


def figure_of(
    canvas: Canvas, size: tuple[float, float], words: tuple[str, str], table: FlatTable
) -> Figure:
    """Return what is on a canvas; size: width and height, words: title, explanation."""
    return Figure(*words, *size, tuple(canvas.marks), table)
