"""Reading: from a folder of files whose revision is known to a model in memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any

import torch

from vtk_notebooks.errors import CancelledError, WeightsError
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.source import Source
from vtk_notebooks.models.steps import Steps
from vtk_notebooks.registry import unknown

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
ATTENTION = ("sdpa", "eager", "flash_attention_2", "flex_attention")
QUANTIZATION = ("8bit", "4bit")
_READING = RLock()
_LOOK_S = 0.05


@dataclass(frozen=True)
class Wish:
    """How a model is to be held and run.

    Args:
        dtype: "auto", or a key of `DTYPES`.
        device: of this machine.
        quantization: None, or a member of `QUANTIZATION`.
        attention: a member of `ATTENTION`.
        trust_remote_code: run the model's own code.
    """

    dtype: str = "auto"
    device: str = "cpu"
    quantization: str | None = None
    attention: str = "sdpa"
    trust_remote_code: bool = False

    def __post_init__(self) -> None:
        if self.dtype not in ("auto", *DTYPES):
            raise unknown("load", "dtype", self.dtype, ("auto", *DTYPES))
        if self.attention not in ATTENTION:
            raise unknown("load", "attention", self.attention, ATTENTION)
        if self.quantization not in (None, *QUANTIZATION):
            raise unknown("load", "quantization", str(self.quantization), QUANTIZATION)

    @property
    def size(self) -> str:
        """Its dtype as an estimate counts it."""
        return {"8bit": "int8", "4bit": "int4"}.get(self.quantization or "", self.dtype)

    def plain(self, who: str) -> None:
        """An error where more than a device is wished for: not every model has such settings."""
        if self != Wish(device=self.device):
            hint = "It is none of transformers; only a device may be said."
            raise WeightsError(who, "no dtype, quantization or attention", self, hint)


def read_model(source: Source, auto: str, wish: Wish, steps: Steps) -> Any:
    """The model in eval mode, without gradients, on its device.

    Args:
        source: where its files are.
        auto: the class of transformers that loads it.
        wish: how it is held.
        steps: told each tensor; may end the reading.
    """
    import transformers

    files = source.weight_files  # refuses pickles before transformers looks for them
    kind: Any = getattr(transformers, auto)
    more = {"quantization_config": _quantized(wish.quantization)} if wish.quantization else {}
    try:
        with _alone(steps), _told(steps):
            model = kind.from_pretrained(
                source.folder,
                dtype=DTYPES.get(wish.dtype, "auto"),
                attn_implementation=wish.attention,
                use_safetensors=True,
                trust_remote_code=wish.trust_remote_code,
                local_files_only=True,
                **more,
            )
    except CancelledError:
        raise
    except (ValueError, OSError, ImportError, KeyError, RuntimeError) as error:
        got = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
        hint = f"Its files: {', '.join(p.name for p in files[:3])}. Try attention='eager'."
        raise WeightsError(source.id, f"a model for {auto}", got, hint) from error
    model = model.eval().requires_grad_(False)
    return model if wish.quantization else model.to(wish.device)


def read_tokenizer(source: Source) -> Any:
    """Of its text side, None where it has none."""
    if not source.has_tokenizer:
        return None
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source.folder, local_files_only=True)
    except (ValueError, OSError, KeyError) as error:
        got = f"{type(error).__name__}: {str(error)[:120]}"
        raise WeightsError(source.id, "tokenizer files that can be read", got) from error


def record_of(source: Source, model: Any, device: str) -> Record:
    """What was loaded, exactly."""
    return Record(
        id=source.id,
        revision=source.revision,
        model_type=source.config["model_type"],
        dtype=str(model.dtype).removeprefix("torch."),
        device=device,
        attention=str(getattr(model.config, "_attn_implementation", "")),
        weights_bytes=sum(p.numel() * p.element_size() for p in model.parameters()),
        licence=source.licence,
    )


@contextmanager
def _alone(steps: Steps) -> Iterator[None]:
    """One model at a time: what transformers switches meanwhile holds for every thread."""
    while not _READING.acquire(timeout=_LOOK_S):
        steps("waiting for another model", 0, None)
    try:
        yield
    finally:
        _READING.release()


@contextmanager
def _told(steps: Steps) -> Iterator[None]:
    """The bar of transformers over a model's tensors goes to `steps` instead."""
    from transformers.utils import logging

    def hook(make: Callable[..., Any], args: tuple[Any, ...], more: dict[str, Any]) -> Any:
        ours = args and more.get("desc") == "Loading weights"
        return _Bar(steps, *args) if ours else make(*args, **more)

    before = logging.set_tqdm_hook(hook)
    try:
        yield
    finally:
        logging.set_tqdm_hook(before)


class _Bar:
    """Goes through a model's tensors, and tells each."""

    def __init__(self, steps: Steps, items: Iterable[Any]) -> None:
        self._steps, self._items = steps, list(items)

    def __iter__(self) -> Iterator[Any]:
        for done, item in enumerate(self._items):
            self._steps("read", done, len(self._items))
            yield item
        self._steps("read", len(self._items), len(self._items))


def _quantized(quantization: str) -> Any:
    from importlib.util import find_spec

    from transformers import BitsAndBytesConfig

    if find_spec("bitsandbytes") is None or not torch.cuda.is_available():
        hint = "Run: pip install bitsandbytes, on a machine with a GPU; else choose a dtype."
        raise WeightsError("load", "bitsandbytes and a CUDA device", quantization, hint)
    return BitsAndBytesConfig(
        load_in_8bit=quantization == "8bit", load_in_4bit=quantization == "4bit"
    )
