"""What every widget promises: no misspelt trait, a picture without a kernel, a page on disk."""

from base64 import b64encode
from collections.abc import Callable
from difflib import get_close_matches
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
        bundle = super()._repr_mimebundle_(**kwargs)
        image, frame = _tried(self.snapshot), _tried(lambda: framed(self))
        if bundle is not None and image is not None:
            bundle[0]["image/png"] = b64encode(_png(image)).decode()
        if bundle is not None and frame:
            bundle[0]["text/html"] = frame
        return bundle


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
