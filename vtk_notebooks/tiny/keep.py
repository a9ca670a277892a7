"""Keep: a trained vtk-tiny as a folder that `load` and transformers read, with its card."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from vtk_notebooks.models.bundled import SUMS
from vtk_notebooks.tiny.build import SETTINGS


def keep(model: Any, tokenizer: Any, folder: Path, card: str = "") -> Path:
    """Write the folder beside, then give it its name; one of that name is replaced.

    Args:
        model: in single precision.
        tokenizer: its words.
        folder: to write.
        card: text of its README.md.
    """
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    model.save_pretrained(beside)
    tokenizer.save_pretrained(beside)
    settings = {**SETTINGS, "processor_class": "Qwen3VLProcessor"}
    (beside / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    if card:
        (beside / "README.md").write_text(card, encoding="utf-8")
    (beside / SUMS).write_text(summed(beside), encoding="utf-8")
    if folder.exists():
        old = folder.with_name(f".{folder.name}.{os.getpid()}.old")
        folder.rename(old)
        beside.rename(folder)
        shutil.rmtree(old)
    else:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside.rename(folder)
    return folder


def summed(folder: Path) -> str:
    """The SHA-256 of every file of a folder, as its sums.json lists them."""
    files = sorted(f for f in folder.iterdir() if f.name != SUMS)
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return json.dumps(sums, indent=2) + "\n"
