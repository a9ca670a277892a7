"""Model picker: which model, how it is held, what that needs, and the model for the next cell."""

import gc
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import torch
from traitlets import Bool, Bytes, Dict, Int, List, Unicode, observe

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import load, unload
from vtk_notebooks.models.reading import DTYPES, QUANTIZATION, Wish
from vtk_notebooks.models.steps import Progress, Steps
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.selection import SAID

if TYPE_CHECKING:
    from vtk_notebooks.models.offers import Offer, Sized

CHOICES = ("id", "revision", "dtype", "device", "quantization", "positions")


class ModelPicker(Working):
    """Pick a model, see what it needs, load it; it is `model` in the next cell.

    Models that are here already come first. Loading another one, `release()` and `close()` let
    the one before go; whoever keeps `picker.model` under a name of their own keeps its memory.
    Code that a model brings along is never run.

    Keys: arrows walk the list, Enter picks.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    offers = Bytes(b"[]", help="UTF-8 JSON: a list of models.offers.Offer").tag(sync=True)
    devices = Dict(help="device -> bytes that it could still give").tag(sync=True)
    dtypes = List(Unicode(), ["auto", *DTYPES], help="that `load` knows").tag(sync=True)
    quantizations = List(Unicode(), list(QUANTIZATION), help="that `load` knows").tag(sync=True)
    quantization_trouble = Unicode("", help="why there is none here; '' where there is").tag(
        sync=True
    )
    search = Unicode("", help="words that an id, a licence or a kind hold").tag(**SAID)
    id = Unicode("", help="what `load` is told: a name, owner/name, or a folder").tag(**SAID)
    revision = Unicode("", help="branch, tag or commit of the hub; '' for the default").tag(**SAID)
    dtype = Unicode("auto", help="one of `dtypes`").tag(**SAID)
    device = Unicode("auto", help="'auto', or one of `devices`").tag(**SAID)
    quantization = Unicode("", help="one of `quantizations`; '' for none").tag(**SAID)
    positions = Int(4096, help="tokens of the longest prompt, for the estimate").tag(**SAID)
    estimate = Dict(
        help="for `id`: weights, activations, cache, total, free (bytes), fits, licence, revision"
    ).tag(sync=True)
    record = Dict(help="what was loaded: id, revision, dtype, device, ...; {} for none").tag(
        sync=True
    )
    live = Bool(True, help="whether a kernel can load").tag(sync=True)
    looks = Int(0, help="counted up by the browser to ask the hub about `id`").tag(sync=True)
    loads = Int(0, help="counted up by the browser to load").tag(sync=True)
    releases = Int(0, help="counted up by the browser to let the model go").tag(sync=True)

    _model: Any = None
    _loading = False

    @classmethod
    def of(
        cls, id: str = "", *, folders: Iterable[str | Path] = (), device: str = "auto"
    ) -> "ModelPicker":
        """All models that are here; nothing is asked of the network.

        Args:
            id: picked at first, not loaded.
            folders: with a model, or with folders of models.
            device: picked at first.
        """
        from vtk_notebooks.models import offers

        there = [asdict(offer) for offer in offers.offers(folders)]
        widget = cls(
            offers=json.dumps(there, ensure_ascii=False).encode(),
            devices=offers.devices(),
            quantization_trouble=offers.quantization_trouble(),
            device=device,
        )
        widget.id = id
        return widget

    @property
    def model(self) -> Any:
        """The loaded model."""
        if self._model is None:
            hint = "Press Load, or call picker.load()."
            raise VtkError("ModelPicker.model", "a model that was loaded", "none", hint)
        return self._model

    @property
    def loaded(self) -> bool:
        """Whether there is a model."""
        return self._model is not None

    def load(self) -> None:
        """Load what is picked, as it is picked; the model before is let go first."""
        offer, wish = self._offer(), self._wish()
        more = {} if offer.plain else self._more(wish)
        revision = self.revision or None
        self.release()

        def work(progress: Progress, stop: Event) -> Any:
            how: Any = {"device": wish.device, "progress": progress, "cancel": stop, **more}
            return load(offer.id, revision, **how) if revision else load(offer.id, **how)

        def then(model: Any) -> None:
            self._model, self.record = model, asdict(model.record)

        self._loading = True
        self.begin(work, then, f"loading {offer.id}")

    def release(self) -> None:
        """Let the model go, and give its memory back."""
        if self._model is None:
            return
        shared = not self.record["dtype"]  # none of transformers: its weights are kept by name
        self._model, self.record = None, {}
        gc.collect()
        if shared:
            unload()
        elif torch.cuda.is_initialized():
            torch.cuda.empty_cache()

    def close(self) -> None:
        """Stop what is under way, let the model go, and free the widget."""
        self.release()
        super().close()

    def _more(self, wish: Wish) -> dict[str, Any]:
        return {
            "dtype": wish.dtype,
            "quantization": wish.quantization,
            "positions": self.positions,
        }

    def _offer(self) -> "Offer":
        """The one that is picked; what is not in the list is a folder, or a model of the hub."""
        from vtk_notebooks.models.offers import Offer, in_folders

        if not self.id.strip():
            raise VtkError("ModelPicker", "a model", "none", "Pick one, or type its id.")
        name = self.id.strip()
        known = next((o for o in json.loads(self.offers) if o["id"] == name), None)
        if known is not None and (not self.revision or self.revision == known["revision"]):
            return Offer(**known)
        return next(in_folders([name]), Offer(name, "hub", revision=self.revision))

    def _wish(self) -> Wish:
        from vtk_notebooks.models.device import device_of

        return Wish(self.dtype, device_of(self.device), self.quantization or None)

    @observe(*CHOICES)
    def _chosen(self, _change: Any) -> None:
        """Say what it would need, as far as nobody must be asked."""
        self.estimate = {}
        if self.id and not self._loading:
            self._size(ask=False)

    @observe("busy")
    def _over(self, change: Any) -> None:
        if not change.new:
            self._loading = False

    @observe("looks")
    def _look_asked(self, _change: Any) -> None:
        self._size(ask=True)

    @observe("loads")
    def _load_asked(self, _change: Any) -> None:
        try:
            self.load()
        except VtkError as error:
            self.message = str(error)

    @observe("releases")
    def _release_asked(self, _change: Any) -> None:
        self.release()

    def _size(self, ask: bool) -> None:
        from vtk_notebooks.models.offers import sized

        try:
            offer, wish = self._offer(), self._wish()
        except VtkError as error:
            self.message = str(error)
            return
        if offer.trouble or (offer.origin == "hub" and not ask):
            self.message = ""
            return
        positions = self.positions

        def work(progress: Progress, stop: Event) -> "Sized":
            return sized(offer, wish, positions, Steps("ModelPicker", progress, stop))

        def then(found: "Sized") -> None:
            needs = found.needs
            bytes_of = {"weights": needs.weights, "activations": needs.activations}
            bytes_of |= {"cache": needs.cache, "total": needs.total, "free": needs.free}
            about = {"licence": found.licence, "revision": found.revision, "device": needs.device}
            self.estimate = {"id": offer.id, "fits": needs.fits, **bytes_of, **about}

        self.begin(work, then, f"sizing {offer.id}")

    def static_state(self) -> dict[str, Any]:
        """The list stays a list; nothing loads without a kernel."""
        idle = {"busy": False, "step": "", "part": -1.0, "message": "", "record": {}}
        return idle | {"live": False, "looks": 0, "loads": 0, "releases": 0}

    def __repr__(self) -> str:
        held = f"{self.record['id']!r} loaded" if self.loaded else "nothing loaded"
        return f"ModelPicker({len(json.loads(self.offers))} models here, {held})"
