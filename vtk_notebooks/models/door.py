"""The door: one call from a name, an id or a folder to a model that answers every question.

Before anything is read, the memory it needs is held against what the machine has. Weights load as
safetensors only; code that a model brings along never runs unless it is asked for by name. Models
that ship in packages go through the same door, under the names in `PACKAGED`.
"""

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters import Adapter, adapter_for
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.estimate import check, estimate
from vtk_notebooks.models.packaged import PACKAGED
from vtk_notebooks.models.reading import DTYPES as DTYPES
from vtk_notebooks.models.reading import Wish, read_model, read_tokenizer, record_of
from vtk_notebooks.models.source import Source, find
from vtk_notebooks.models.steps import Cancel, Progress, Steps

if TYPE_CHECKING:
    from vtk_notebooks.models.packaged.ppocr import PPOCR
    from vtk_notebooks.models.packaged.whisper import Whisper

_TOLD = set[str]()
"""Models whose licence was shown in this process."""


@overload
def load(  # pyright: ignore[reportOverlappingOverload]  # a name is more than a str
    id_or_path: Literal["whisper-tiny.en"],
    *,
    device: str = "auto",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> "Whisper": ...
@overload
def load(
    id_or_path: Literal["ppocr"],
    *,
    device: str = "auto",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> "PPOCR": ...
@overload
def load(
    id_or_path: str | Path,
    revision: str | None = None,
    *,
    dtype: str = "auto",
    device: str = "auto",
    quantization: str | None = None,
    attention: str = "sdpa",
    positions: int = 4096,
    frames: int | None = None,
    force: bool = False,
    trust_remote_code: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Adapter: ...
def load(
    id_or_path: str | Path,
    revision: str | None = None,
    *,
    dtype: str = "auto",
    device: str = "auto",
    quantization: str | None = None,
    attention: str = "sdpa",
    positions: int = 4096,
    frames: int | None = None,
    force: bool = False,
    trust_remote_code: bool = False,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Any:
    """A model, ready to encode, read and answer (or to listen, or to read what is written).

    Its licence is named in the step that reads it, or on stderr where no progress is asked for.

    Args:
        id_or_path: a name in `PACKAGED`, "owner/name" on the hub, or a folder that
            `save_pretrained` wrote (one that is called like a packaged model is "./minilm").
        revision: branch, tag or commit; what it was resolved to is in `record.revision`.
        dtype: "auto" for the files' own, or a key of `DTYPES`.
        device: "auto" is CUDA where there is one.
        quantization: "8bit" or "4bit" (needs bitsandbytes and a CUDA device).
        attention: implementation that runs; `capture` reads attention beside any of them.
        positions: tokens of the longest prompt, for the estimate of memory.
        frames: of the longest film, for that estimate; instead of `positions`.
        force: load with a warning where the estimate says that it does not fit.
        trust_remote_code: run the model's own code. Only for code that you have read.
        progress: told about each step: bytes that are fetched, tensors that are read.
        cancel: an event, or a function, asked between steps whether to stop.

    Raises:
        WeightsError: when it cannot be found, read, or held; the message says what to do.
        CancelledError: when it was asked to stop; nothing half made is left behind.
    """
    wish = Wish(dtype, device_of(device), quantization, attention, trust_remote_code)
    steps, name = Steps("load", progress, cancel), str(id_or_path)
    known = PACKAGED.get(name)
    if known is not None and revision is not None:
        hint = "Leave it out: its revision is the hash of its package's files."
        raise WeightsError("load", f"no revision for {name}", repr(revision), hint)
    if known is not None and known.opener:
        wish.plain(name)
        made = known.opened(name, wish.device, steps)
        _tell_licence(name, known.licence, steps)
        return made
    source = known.source(name, steps) if known else _found(name, revision, steps)
    adapter = adapter_for(source.config["model_type"])
    how = {"dtype": wish.size, "device": wish.device, "positions": positions, "frames": frames}
    check(estimate(source, **how), source.id, force)
    _tell_licence(source.id, source.licence, steps)
    model = read_model(source, adapter.auto, wish, steps)
    steps("tokenizer", 0, 1)
    record = record_of(source, model, wish.device)
    made = adapter(model, source.settings, read_tokenizer(source), record, source.folder)
    steps("done", 1, 1)
    return made


def _found(name: str, revision: str | None, steps: Steps) -> Source:
    steps("find", 0, 1)
    if "/" not in name and not Path(name).expanduser().exists():
        near = get_close_matches(name, PACKAGED, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Packaged: {', '.join(PACKAGED)}."
        expected = "a folder that is there, a packaged model, or a hub id owner/name"
        raise WeightsError("load", expected, repr(name), hint)
    return find(name, revision, steps)


def _tell_licence(name: str, licence: str, steps: Steps) -> None:
    said = f"licence: {licence or 'not stated'}"
    steps(said, 1, 1)
    if steps.progress is None and name not in _TOLD:
        _TOLD.add(name)
        print(f"{name}: {said}", file=sys.stderr)
