"""A folder for what is dear to make and cheap to read: converted weights, label vectors.

What lies there was made whole or not at all: it is drafted aside and renamed into place, so that
two processes, an interrupt or a full disk leave nothing half made.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from vtk_notebooks.errors import WeightsError


def cache_folder() -> Path:
    """Where it is: `$VTK_CACHE`, or `vtk-notebooks` among the caches of this platform."""
    if said := os.environ.get("VTK_CACHE"):
        return Path(said).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "~/AppData/Local")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "vtk-notebooks"


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, filled by `make` if nobody has done it before.

    Args:
        name: must change whenever the content would: put hashes and a version into it.
        make: writes files into the empty folder it is given.
    """
    final = cache_folder() / name
    if final.is_dir():
        return final
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".draft-", dir=final.parent) as draft:
            folder = Path(draft) / "made"
            folder.mkdir()
            make(folder)
            _settle(folder, final)
    except OSError as error:
        hint = "Set VTK_CACHE to a folder with space that you may write to."
        raise WeightsError("cache", f"to write {final}", error, hint) from error
    return final


def tensors(path: Path) -> dict[str, Tensor]:
    """What a safetensors file of the cache holds; a damaged one is refused."""
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        hint = f"Delete the folder {path.parent}; it is made again."
        raise WeightsError("cache", "tensors that can be read", error, hint) from error


def _settle(folder: Path, final: Path) -> None:
    """Rename into place, unless another process was first."""
    try:
        folder.rename(final)
    except OSError:
        if not final.is_dir():
            raise
