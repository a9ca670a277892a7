"""Small still pictures of widgets, for viewers without a kernel and without anywidget."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

    from vtk_notebooks.figures import PaperFigure

_WIDTH = 640
_GAP = 4
_MOST_ROWS = 12


def film_strip(frames: Sequence[bytes], most: int) -> "Image":
    """Some frames in a row, evenly chosen, the first and the last among them."""
    chosen = np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int)
    return _grid([_opened(frames[i]) for i in chosen], len(chosen))


def token_sheet(frames: Sequence[bytes], pane: dict[str, Any], level: dict[str, Any]) -> "Image":
    """All frames of one recipe, merge groups coloured and dropped cells greyed."""
    from PIL import Image

    from vtk_notebooks.figures.cells import painted

    owner = np.frombuffer(level["owner"], "<i4").reshape(pane["grid"]).astype(int)
    merged = np.frombuffer(level["mass"], "<i4") > 1
    thumbs = [
        painted(np.asarray(_opened(frames[number])), owner[t], merged, tuple(pane["view"]))
        for t, number in enumerate(pane["frame_of"])
    ]
    return _grid([Image.fromarray(thumb) for thumb in thumbs], min(8, len(thumbs)))


def tracks(rows: Sequence[tuple[str, Sequence[dict]]], duration_s: float) -> "Image":
    """Moments of each row, by their role, on one axis."""
    from PIL import Image, ImageDraw

    from vtk_notebooks.figures.palette import PREDICTION, TRUTH

    colours = {"truth": TRUTH, "prediction": PREDICTION}
    rows = rows[:_MOST_ROWS]
    image = Image.new("RGB", (_WIDTH, max(1, 26 * len(rows)) + 4), "white")
    pen = ImageDraw.Draw(image)
    for number, (role, spans) in enumerate(rows):
        top = 26 * number + 4
        pen.rectangle((0, top, _WIDTH, top + 22), fill="#EEEEEE")
        for span in spans:
            left, right = (span[end] / duration_s * _WIDTH for end in ("start_s", "end_s"))
            box = (left, top, max(left + 1, right), top + 22)
            pen.rectangle(box, fill=colours.get(role, "#8A8A8A"), outline="white")
    return image


def _opened(data: bytes) -> "Image":
    from PIL import Image

    return Image.open(BytesIO(data)).convert("RGB")


def _grid(images: Sequence["Image"], columns: int) -> "Image":
    from PIL import Image

    width = min(images[0].width, (_WIDTH - _GAP * (columns - 1)) // columns)
    height = max(1, round(images[0].height * width / images[0].width))
    rows = -(-len(images) // columns)
    size = (columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP)
    sheet = Image.new("RGB", size, "white")
    for i, image in enumerate(images):
        at = (i % columns * (width + _GAP), i // columns * (height + _GAP))
        sheet.paste(image.resize((width, height)), at)
    return sheet


def figure_image(fig: "PaperFigure") -> "Image":
    """A figure for a paper, small."""
    from PIL import Image

    out = BytesIO()
    fig.savefig(out, format="png", dpi=_WIDTH / (fig.width_mm / 25.4))
    return Image.open(out).convert("RGB")


def stacked(images: Sequence["Image"]) -> "Image | None":
    """Pictures one below the other, None where there is none."""
    from PIL import Image

    if not images:
        return None
    height = sum(image.height + 2 * _GAP for image in images)
    whole = Image.new("RGB", (max(image.width for image in images), height), "white")
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height + 2 * _GAP
    return whole
