"""What every widget promises: no misspelt trait, a picture without a kernel, a page on disk."""

from base64 import b64encode
from collections.abc import Callable
from difflib import get_close_matches
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anywidget

from vtk_widgets._framed import framed

if TYPE_CHECKING:
    from PIL.Image import Image


T = TypeVar("T")


class Widget(anywidget.AnyWidget):
    """A widget that refuses unknown names and still shows something when its kernel is gone."""

    def __init__(self, **traits: Any) -> None:
        for name in traits.keys() - set(self.trait_names()):
            near = get_close_matches(name, self.trait_names(), n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{type(self).__name__} has no trait {name!r}.{hint}")
        super().__init__(**traits)

    def to_html(self, path: str | Path, title: str = "") -> Path:
        """Save it as one HTML file that works offline; its controls keep working there."""
        from vtk_widgets._export import page

        return page([self], path, title or type(self).__name__)

    def snapshot(self) -> "Image | None":
        """How it looks now, as a small picture; None where words say it all."""
        return None

    def static_state(self) -> dict[str, Any]:
        """Traits that mean something else on a page without a kernel."""
        return {}

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The live widget, and a picture for viewers that have no kernel or no anywidget."""
        try:
            bundle = super()._repr_mimebundle_(**kwargs)
        except Exception as error:  # a display never raises
            return panel(type(self).__name__, error), {}
        picture, frame = _tried(self._picture), _tried(lambda: framed(self))
        if bundle is not None and picture:
            bundle[0]["image/png"] = picture
        if bundle is not None and frame:
            bundle[0]["text/html"] = frame
        return bundle

    def _picture(self) -> str:
        image = self.snapshot()
        return "" if image is None else b64encode(_png(image)).decode()


def panel(name: str, error: Exception) -> dict[str, str]:
    """What stands in a widget's place when it cannot be displayed, in words and as HTML."""
    said = f"{type(error).__name__}: {error}"
    text = f"{name} could not be displayed.\n{said}"
    markup = (
        '<div role="alert" style="border-left:3px solid #d55e00;padding:4px 12px">'
        f"<strong>{escape(name)} could not be displayed.</strong>"
        f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(said)}</pre></div>'
    )
    return {"text/plain": text, "text/html": markup}


def _tried(make: Callable[[], T]) -> T | None:
    """What it makes; None where that fails: a display never raises, the live view needs it not."""
    try:
        return make()
    except Exception:
        return None


def _png(image: "Image") -> bytes:
    """Few colours: the picture goes into the notebook file at every display."""
    out = BytesIO()
    image.convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()
