"""Put the figures of the notebooks on one sheet: `make figures`, then this; for the docs.

`python docs/make_figures.py` makes docs/images/figures.png from out/figures; with `--grey` it shows
them as a printer without colour would.
"""

import argparse
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
ORDER = (
    ("fig1_teaser", "fig1_groups", "fig3_words", "fig3_places", "fig4_ablation"),
    ("fig2_tradeoff", "fig2_timelines", "fig2_memory", "fig1_budget", "fig4_errors"),
)
"""Figures as wide as a page on the left, as wide as a column on the right."""
PX_PER_MM, GAP_PX, EDGE_PX, PAPER = 6.0, 40, 36, "white"


def sheet(folder: Path) -> Image.Image:
    """All figures at one scale, in two columns."""
    columns = [[_picture(folder / f"{name}.png") for name in names] for names in ORDER]
    widths = [max(picture.width for picture in column) for column in columns]
    heights = [sum(p.height + GAP_PX for p in column) - GAP_PX for column in columns]
    tall, wide = max(heights) + 2 * EDGE_PX, sum(widths) + GAP_PX + 2 * EDGE_PX
    out = Image.new("RGB", (wide, tall), PAPER)
    left = EDGE_PX
    for column, width, height in zip(columns, widths, heights, strict=True):
        spare = (max(heights) - height) / max(1, len(column) - 1)  # both columns end together
        top = float(EDGE_PX)
        for picture in column:
            out.paste(picture, (left, round(top)))
            top += picture.height + GAP_PX + spare
        left += width + GAP_PX
    return out


def _picture(path: Path) -> Image.Image:
    """A figure at the scale of the sheet; its file has 300 dots per inch."""
    with Image.open(path) as image:
        scale = PX_PER_MM * 25.4 / 300
        size = (round(image.width * scale), round(image.height * scale))
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=Path, default=ROOT / "out" / "figures")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "figures.png")
    parser.add_argument("--grey", action="store_true", help="as printed without colour")
    given = parser.parse_args()
    made = sheet(given.figures)
    made = made.convert("L") if given.grey else made
    given.out.parent.mkdir(parents=True, exist_ok=True)
    made.save(given.out, optimize=True)
    print(given.out)
