"""The linked widgets as a person meets them, in a notebook or on a page."""

import re
from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, Position, expect
from scipy.ndimage import binary_dilation, find_objects, label

from .notebook import Notebook

_TAB_STOPS = "(element) => element.tabIndex >= 0 && !element.disabled"


@dataclass(frozen=True)
class Shown:
    """What is on show, found by class, role and label only.

    Args:
        root: the element that everything lies in.
        notebook: where it is shown by a kernel, None on a page.
    """

    page: Page
    root: Locator
    notebook: Notebook | None = None

    @property
    def player(self) -> Locator:
        return self.root.locator(".vtk-frame-player")

    @property
    def timeline(self) -> Locator:
        return self.root.locator(".vtk-moment-timeline")

    @property
    def token_map(self) -> Locator:
        return self.root.locator(".vtk-token-map")

    @property
    def selection(self) -> Locator:
        return self.root.locator(".vtk-selection")

    @property
    def scrubber(self) -> Locator:
        return self.player.locator("input[type=range][aria-label=Time]")

    @property
    def keep(self) -> Locator:
        return self.token_map.locator("input[type=range][aria-label=Keep]")

    @property
    def sheet(self) -> Locator:
        return self.token_map.locator("canvas")

    @property
    def tip(self) -> Locator:
        """What is said of the token pointed at, one for each recipe."""
        return self.token_map.locator(".vtk-tip")

    def find_cell(self) -> tuple[Position, int]:
        """Where some cell lies on the sheet, and in which frame, counted from 1; not the first."""
        box = self.sheet.bounding_box()
        assert box is not None
        for part in (0.4, 0.37):  # one of them is not between two frames
            place: Position = {"x": box["width"] * part, "y": 70}
            self.sheet.hover(position=place)
            cell = re.search(r"cell \((\d+),", status(self.selection))
            if cell:
                break
        else:
            raise AssertionError("no cell under the pointer")
        self.page.mouse.move(0, 0)
        expect(self.tip).to_be_hidden()
        return place, int(cell[1]) + 1

    def focusable(self) -> list[Locator]:
        """Everything that Tab stops at."""
        found = self.root.locator(".vtk").locator("button, input, select, [tabindex]").all()
        return [one for one in found if one.evaluate(_TAB_STOPS) and one.is_visible()]

    def ready(self) -> "Shown":
        """Itself, once all have painted."""
        for widget in (self.player, self.timeline, self.token_map, self.selection):
            widget.and_(self.root.locator("[data-ready=true]")).wait_for()
        return self


def status(widget: Locator) -> str:
    """What a widget says of itself."""
    return widget.locator("[role=status]").text_content() or ""


def says(widget: Locator, text: str) -> None:
    """Wait until a widget's status holds this text."""
    expect(widget.locator("[role=status]")).to_contain_text(text)


def says_now(widget: Locator, text: str) -> bool:
    """Whether a widget's status holds this text at this moment."""
    return text in widget.locator("[role=status]").inner_text()


def pixels(canvas: Locator) -> np.ndarray:
    """What a canvas shows, (h w 3), in device pixels."""
    png = b64decode(canvas.evaluate("(canvas) => canvas.toDataURL()").partition(",")[2])
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def patches(before: np.ndarray, after: np.ndarray, reach_px: int = 4) -> list[tuple[slice, ...]]:
    """Rectangles around what changed between two pictures; nearby changes count as one."""
    changed = binary_dilation((before != after).any(-1), iterations=reach_px)
    numbered, _ = label(changed)  # pyright: ignore[reportGeneralTypeIssues]
    return find_objects(numbered)
