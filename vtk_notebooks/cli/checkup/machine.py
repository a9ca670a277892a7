"""Machine: what computes, where results go, and how much room there is."""

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vtk_notebooks.cli.checkup.finding import Finding

if TYPE_CHECKING:
    from vtk_notebooks.store import Entry, Store

LOW_GB = 2.0
"""Free room below which a sweep is likely to end early."""


def device() -> Iterator[Finding]:
    """Whether torch computes, and on what."""
    import torch

    name = "cuda" if torch.cuda.is_available() else "cpu"
    a = torch.arange(6.0).reshape(2, 3)
    product = (a.to(name) @ a.T.to(name)).cpu().tolist()
    if product != [[5.0, 14.0], [14.0, 50.0]]:
        yield Finding(
            "torch",
            "broken",
            f"a product on {name} is {product}",
            "pip install --force-reinstall torch",
        )
        return
    said = f"torch {torch.__version__} on {name}, {torch.get_num_threads()} threads"
    if name == "cpu" and shutil.which("nvidia-smi"):
        todo = "Install a build of torch for CUDA: https://pytorch.org/get-started/locally"
        yield Finding("torch", "absent", f"{said}; there is a GPU that it cannot use", todo)
        return
    yield Finding("torch", "ok", said)


def memory() -> Iterator[Finding]:
    """Cores and memory."""
    import psutil

    size = psutil.virtual_memory()
    said = f"{os.cpu_count()} cores, {size.total / 2**30:.1f} GiB of memory"
    yield Finding("machine", "ok", f"{said}, {size.available / 2**30:.1f} GiB of it free")


def store() -> Iterator[Finding]:
    """Whether results can be remembered: writes an entry, reads it and forgets it."""
    from vtk_notebooks.errors import StoreError
    from vtk_notebooks.store import Store, default_root

    root, todo = default_root(), "Choose a folder you may write to: export VTK_STORE=~/vtk-store"
    try:
        entries = _tried(Store(root))
    except (StoreError, OSError) as error:
        got = error.got if isinstance(error, StoreError) else error
        yield Finding("store", "broken", f"{root} cannot be written to: {got}", todo)
        return
    size = sum(entry.bytes for entry in entries)
    yield Finding("store", "ok", f"{root}: {len(entries)} entries, {size / 1e9:.2f} GB")
    free = shutil.disk_usage(root).free / 1e9
    if free < LOW_GB:
        todo = "vtk-notebooks store gc --max-gb 1"
        yield Finding("disk", "broken", f"{free:.1f} GB free at {root}", todo)
    else:
        yield Finding("disk", "ok", f"{free:.0f} GB free")


def _tried(store: "Store") -> "list[Entry]":
    """Entries of a store that keeps what it is given."""
    from vtk_notebooks.errors import StoreError

    address = f"doctor{os.getpid()}"
    store.put(address, {}, {"seen": True})
    found = store.get(address)
    (store.root / address[:2] / f"{address}.safetensors").unlink()
    if not found or found[1] != {"seen": True}:
        raise StoreError("Store", "what was put into it", found)
    return store.entries()
