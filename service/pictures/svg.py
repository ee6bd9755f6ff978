"""Figures as SVG in pages, and their marks as elements.

In a page a figure takes ink and font from the text around it, in light and dark. The
page shows its title and explanation, and its table beside it.
"""

from html import escape

from models.visible_text import visible
from service.pictures.figure import Figure
from service.pictures.marks import Mark, px
from service.pictures.style import TEXT_PX

NAMESPACE = "http://www.w3.org/2000/svg"


def inlined(figure: Figure) -> str:
    """Return a figure as a part of a page, without styles: they would be refused."""
    label = escape(visible(f"{figure.title}. {figure.explanation}"))
    marks = "".join(element(mark, visible(mark.text)) for mark in figure.marks)
    width, height = px(figure.width_px), px(figure.height_px)
    return (
        f'<svg xmlns="{NAMESPACE}" class="picture" role="img" aria-label="{label}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'fill="currentColor" font-size="{px(TEXT_PX)}">{marks}</svg>'
    )


def element(mark: Mark, text: str) -> str:
    """Return a mark as an element with a text."""
    attributes = "".join(f' {name}="{x}"' for name, x in mark.attributes.items())
    if not text:
        return f"<{mark.name}{attributes}/>"
    return f"<{mark.name}{attributes}>{escape(text, quote=False)}</{mark.name}>"
