"""The door: one call from an id or a folder to a model that answers every adapter's questions.

Before anything is read, the memory it needs is held against what the machine has. Weights load as
safetensors only; code that a model brings along never runs unless it is asked for by name.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters import Adapter, Record, adapter_for
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.estimate import check, estimate
from vtk_notebooks.models.source import Source, find
from vtk_notebooks.registry import unknown

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
ATTENTION = ("sdpa", "eager", "flash_attention_2", "flex_attention")
QUANTIZATION = ("8bit", "4bit")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many of its steps are, and of how many."""


def load(
    id_or_path: str | Path,
    revision: str | None = None,
    *,
    dtype: str = "auto",
    device: str = "auto",
    quantization: str | None = None,
    attention: str = "sdpa",
    positions: int = 4096,
    force: bool = False,
    trust_remote_code: bool = False,
    progress: Progress | None = None,
) -> Adapter:
    """A model, ready to encode, read and answer.

    Args:
        id_or_path: "owner/name" on the hub, or a folder that `save_pretrained` wrote.
        revision: branch, tag or commit; what it was resolved to is in `record.revision`.
        dtype: "auto" for the files' own, or a key of `DTYPES`.
        device: "auto" is CUDA where there is one.
        quantization: "8bit" or "4bit" (needs bitsandbytes and a CUDA device).
        attention: implementation that runs; `capture` reads attention beside any of them.
        positions: tokens of the longest prompt, for the estimate of memory.
        force: load even where the estimate says that it does not fit.
        trust_remote_code: run the model's own code. Only for code that you have read.
        progress: told about each step.

    Raises:
        WeightsError: when it cannot be found, read, or held; the message says what to do.
    """
    _known(dtype, attention, quantization)
    tell = progress or (lambda what, done, total: None)
    tell("find", 0, 3)
    source, place = find(id_or_path, revision), device_of(device)
    adapter = adapter_for(source.config["model_type"])
    size = {"8bit": "int8", "4bit": "int4"}.get(quantization or "", dtype)
    if not force:
        check(estimate(source, dtype=size, device=place, positions=positions), source.id)
    tell("read", 1, 3)
    model = _model(source, adapter, dtype, place, attention, quantization, trust_remote_code)
    tell("tokenizer", 2, 3)
    record = _record(source, model, place)
    made = adapter(model, source.settings, _tokenizer(source), record, source.folder)
    tell("done", 3, 3)
    return made


def _known(dtype: str, attention: str, quantization: str | None) -> None:
    if dtype not in ("auto", *DTYPES):
        raise unknown("load", "dtype", dtype, ("auto", *DTYPES))
    if attention not in ATTENTION:
        raise unknown("load", "attention", attention, ATTENTION)
    if quantization not in (None, *QUANTIZATION):
        raise unknown("load", "quantization", str(quantization), QUANTIZATION)


def _model(
    source: Source,
    adapter: type[Adapter],
    dtype: str,
    device: str,
    attention: str,
    quantization: str | None,
    trust_remote_code: bool,
) -> Any:
    import transformers

    files = source.weight_files  # refuses pickles before transformers looks for them
    kind: Any = getattr(transformers, adapter.auto)
    more = {"quantization_config": _quantized(quantization)} if quantization else {}
    try:
        model = kind.from_pretrained(
            source.folder,
            dtype=DTYPES.get(dtype, "auto"),
            attn_implementation=attention,
            use_safetensors=True,
            trust_remote_code=trust_remote_code,
            local_files_only=True,
            **more,
        )
    except (ValueError, OSError, ImportError, KeyError, RuntimeError) as error:
        got = f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
        hint = f"Its files: {', '.join(p.name for p in files[:3])}. Try attention='eager'."
        raise WeightsError(source.id, f"a model for {adapter.auto}", got, hint) from error
    model = model.eval().requires_grad_(False)
    return model if quantization else model.to(device)


def _quantized(quantization: str) -> Any:
    from importlib.util import find_spec

    from transformers import BitsAndBytesConfig

    if find_spec("bitsandbytes") is None or not torch.cuda.is_available():
        hint = "Run: pip install bitsandbytes, on a machine with a GPU; else choose a dtype."
        raise WeightsError("load", "bitsandbytes and a CUDA device", quantization, hint)
    return BitsAndBytesConfig(
        load_in_8bit=quantization == "8bit", load_in_4bit=quantization == "4bit"
    )


def _tokenizer(source: Source) -> Any:
    if not source.has_tokenizer:
        return None
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(source.folder, local_files_only=True)
    except (ValueError, OSError, KeyError) as error:
        got = f"{type(error).__name__}: {str(error)[:120]}"
        raise WeightsError(source.id, "tokenizer files that can be read", got) from error


def _record(source: Source, model: Any, device: str) -> Record:
    size = sum(p.numel() * p.element_size() for p in model.parameters())
    return Record(
        id=source.id,
        revision=source.revision,
        model_type=source.config["model_type"],
        dtype=str(model.dtype).removeprefix("torch."),
        device=device,
        attention=str(getattr(model.config, "_attn_implementation", "")),
        weights_bytes=size,
        licence=source.licence,
    )
