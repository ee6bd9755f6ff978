"""Pictures as files of an analysis."""

from service.analyses.parameters import PictureFormat
from service.analyses.run import AnalysisFile
from service.pictures.figure import Figure
from service.pictures.files import rendered

MEDIA_TYPES = {PictureFormat.SVG: "image/svg+xml", PictureFormat.PNG: "image/png"}


def drawn(name: str, figure: Figure, picture_format: PictureFormat) -> AnalysisFile:
    """Return a picture as a file."""
    return AnalysisFile(
        name=f"{name}.{picture_format.value}",
        media_type=MEDIA_TYPES[picture_format],
        content=rendered(figure, picture_format.value),
    )


def drawn_if_asked(
    figure: Figure, picture_format: PictureFormat | None
) -> tuple[AnalysisFile, ...]:
    """Return the picture of a result, if it is asked for."""
    if picture_format is None:
        return ()
    return (drawn("picture", figure, picture_format),)
