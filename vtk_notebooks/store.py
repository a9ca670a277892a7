"""Store: everything computed once is remembered under the address of what it was computed from.

A folder of safetensors files, one per address, each with its own JSON record and checksum.
Files appear whole or not at all (written beside, then renamed), so that a killed kernel or a
second process leaves nothing half written; a damaged file counts as absent. A store with a limit
makes room by forgetting what was not used for longest: it can be computed again.
"""

import contextlib
import json
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import StoreError

if TYPE_CHECKING:
    from torch import Tensor


_STALE_S = 3600.0
"""Older parts of files belong to no process that is still writing."""


class StoreWarning(UserWarning):
    """A stored entry was damaged and will be computed again."""


def default_root() -> Path:
    """`$VTK_STORE`, or the user's cache folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("VTK_STORE") or cache / "vtk-notebooks" / "store")


@dataclass(frozen=True)
class Entry:
    """One file of a store.

    Args:
        address: of what it holds.
        bytes: on disk.
        used: when it was last read or written, in seconds since 1970.
    """

    address: str
    bytes: int
    used: float


@dataclass(frozen=True)
class Store:
    """A content-addressed folder of tensors with records.

    Args:
        root: the folder; made where it is missing.
        max_bytes: above which entries are forgotten, least recently used first; None is no limit.
            The newest entry stays even if it alone is larger.
    """

    root: Path = field(default_factory=default_root)
    max_bytes: int | None = None

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
        if self.max_bytes is not None:
            self._make_room(self.max_bytes, keep=address)

    def get(self, address: str) -> tuple[dict[str, "Tensor"], dict[str, Any]] | None:
        """What was remembered, or None; a damaged entry is removed, with a warning."""
        path = self._path(address)
        try:
            found = _read(path)
        except FileNotFoundError:  # never there, or another process just made room
            return None
        except StoreError as error:
            message = f"{path.name} in the store is damaged ({error.got}); it is computed again."
            warnings.warn(message, StoreWarning, stacklevel=2)
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):  # gone by now, or in a folder that may only be read
            os.utime(path)  # it was of use just now
        return found

    def record(self, address: str) -> dict[str, Any] | None:
        """The record alone, without reading the tensors; None where it is absent or damaged."""
        try:
            with self._path(address).open("rb") as file:
                return json.loads(_metadata(file)["record"])
        except (KeyError, ValueError, OSError):
            return None

    def damage(self, address: str) -> str:
        """What is wrong with an entry that is there, "" where nothing is; it stays as it is."""
        try:
            _read(self._path(address))
        except StoreError as error:
            return str(error.got)
        return ""

    def entries(self) -> list[Entry]:
        """All files, least recently used first; those that vanish meanwhile are left out."""
        found = []
        for path in self.root.glob("*/*.safetensors"):
            with contextlib.suppress(FileNotFoundError):
                facts = path.stat()
                found.append(Entry(path.stem, facts.st_size, facts.st_mtime))
        return sorted(found, key=lambda e: (e.used, e.address))

    def collect(self, max_bytes: int | None = None, *, check: bool = False) -> list[Entry]:
        """Make room: what was left by killed processes goes, and what is above the limit.

        Args:
            max_bytes: by default the store's own limit.
            check: read every entry, and remove damaged ones.

        Returns:
            The entries that were removed.
        """
        for part in self.root.glob("*/*.part"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > _STALE_S:
                    part.unlink()
        damaged = [e for e in self.entries() if check and self._is_damaged(e.address)]
        limit = self.max_bytes if max_bytes is None else max_bytes
        gone = [e for e in damaged if self._forget(e)]
        return gone + ([] if limit is None else self._make_room(limit))

    def __contains__(self, address: str) -> bool:
        return self._path(address).is_file()

    def __iter__(self) -> Iterator[str]:
        return (p.stem for p in sorted(self.root.glob("*/*.safetensors")))

    def _make_room(self, limit: int, keep: str = "") -> list[Entry]:
        """Forget the least recently used until the rest is within the limit."""
        entries, gone = self.entries(), []
        size = sum(e.bytes for e in entries)
        for entry in entries:
            if size <= limit:
                break
            if entry.address != keep:
                size -= entry.bytes
                gone += [entry] if self._forget(entry) else []
        return gone

    def _forget(self, entry: Entry) -> bool:
        """Whether it was we who removed it: another process may have been faster."""
        try:
            self._path(entry.address).unlink()
        except FileNotFoundError:
            return False
        return True

    def _is_damaged(self, address: str) -> bool:
        try:
            return bool(self.damage(address))
        except FileNotFoundError:
            return False

    def _path(self, address: str) -> Path:
        if not address.replace("-", "").isalnum():  # an address never leaves the folder
            raise StoreError("Store", "an address of letters and digits", repr(address))
        return self.root / address[:2] / f"{address}.safetensors"


def _read(path: Path) -> tuple[dict[str, "Tensor"], dict[str, Any]]:
    """Tensors and record of a file.

    Raises:
        FileNotFoundError: where there is none.
        StoreError: where it is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        with path.open("rb") as file:  # once: another process may put another file under the name
            meta = _metadata(file)
            file.seek(0)
            tensors = load(file.read())
        if meta.get("sum") != _checksum(tensors, meta["record"]):
            raise ValueError("the checksum is another one")
        return tensors, json.loads(meta["record"])
    except FileNotFoundError:
        raise
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise StoreError("Store", "an entry as it was written", error) from None


def _metadata(file: BinaryIO) -> dict[str, str]:
    """What a safetensors file says of itself: the length of a header, and the header as JSON."""
    header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return header["__metadata__"] if isinstance(header, dict) else {}


def _checksum(tensors: dict[str, "Tensor"], record: str) -> str:
    import torch

    parts = (p for k in sorted(tensors) for p in (k, tensors[k].flatten().view(torch.uint8)))
    return digest(record, *parts)
