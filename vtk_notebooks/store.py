"""Store: everything computed once is remembered under the address of what it was computed from.

A folder of safetensors files, one per address, each with its own JSON record and checksum.
Files appear whole or not at all (written beside, then renamed), so that a killed kernel or a
second process leaves nothing half written; a damaged file counts as absent.
"""

import contextlib
import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import StoreError

if TYPE_CHECKING:
    from torch import Tensor


class StoreWarning(UserWarning):
    """A stored entry was damaged and will be computed again."""


def default_root() -> Path:
    """`$VTK_STORE`, or the user's cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("VTK_STORE") or cache / "vtk-notebooks" / "store")


@dataclass(frozen=True)
class Store:
    """A content-addressed folder of tensors with records."""

    root: Path = field(default_factory=default_root)

    def __post_init__(self) -> None:
        object.__setattr__(self, "root", Path(self.root))
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "Choose another folder: Store('path'), or $VTK_STORE."
            raise StoreError("Store", "a folder it may write to", str(error), hint) from None

    def put(self, address: str, tensors: dict[str, "Tensor"], record: dict[str, Any]) -> None:
        """Remember tensors and a JSON record under an address."""
        from safetensors.torch import save_file

        # Copies, for safetensors refuses tensors that share memory.
        tensors = {k: v.detach().cpu().contiguous().clone() for k, v in tensors.items()}
        meta = {"record": json.dumps(record, ensure_ascii=False)}
        meta["sum"] = _checksum(tensors, meta["record"])
        path = self._path(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
        try:
            save_file(tensors, name, metadata=meta)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)

    def get(self, address: str) -> tuple[dict[str, "Tensor"], dict[str, Any]] | None:
        """What was remembered, or None; a damaged entry is removed, with a warning."""
        from safetensors import SafetensorError, safe_open

        path = self._path(address)
        if not path.is_file():
            return None
        try:
            with safe_open(path, "pt") as file:
                meta = file.metadata() or {}
                tensors = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118 not a dict
            if meta.get("sum") != _checksum(tensors, meta["record"]):
                raise StoreError("Store", "the checksum it wrote", "another one")
            return tensors, json.loads(meta["record"])
        except (SafetensorError, StoreError, KeyError, ValueError, OSError) as error:
            message = f"{path.name} in the store is damaged ({error}); it will be computed again."
            warnings.warn(message, StoreWarning, stacklevel=2)
            with contextlib.suppress(OSError):
                path.unlink()
            return None

    def __contains__(self, address: str) -> bool:
        return self._path(address).is_file()

    def __iter__(self) -> Iterator[str]:
        return (p.stem for p in sorted(self.root.glob("*/*.safetensors")))

    def _path(self, address: str) -> Path:
        if not address.replace("-", "").isalnum():  # an address never leaves the folder
            raise StoreError("Store", "an address of letters and digits", repr(address))
        return self.root / address[:2] / f"{address}.safetensors"


def _checksum(tensors: dict[str, "Tensor"], record: str) -> str:
    import torch

    parts = (p for k in sorted(tensors) for p in (k, tensors[k].flatten().view(torch.uint8)))
    return digest(record, *parts)
