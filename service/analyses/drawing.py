"""Pictures as files of an analysis."""

from service.analyses.parameters import PictureFormat
from service.analyses.run import AnalysisFile
from service.pictures.style import Draw, rendered

MEDIA_TYPES = {PictureFormat.SVG: "image/svg+xml", PictureFormat.PNG: "image/png"}


def drawn(name: str, draw: Draw, picture_format: PictureFormat) -> AnalysisFile:
    """Return a picture as a file."""
    return AnalysisFile(
        name=f"{name}.{picture_format.value}",
        media_type=MEDIA_TYPES[picture_format],
        content=rendered(draw, picture_format.value),
    )


def drawn_if_asked(
    draw: Draw, picture_format: PictureFormat | None
) -> tuple[AnalysisFile, ...]:
    """Return the picture of a result, if it is asked for."""
    if picture_format is None:
        return ()
    return (drawn("picture", draw, picture_format),)
