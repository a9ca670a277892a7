"""Offers: models that can be picked here without asking anybody, and what each would need.

First those that ship in packages, then folders that `save_pretrained` wrote, then what lies whole
in the hub's cache. A model of the hub that is not here yet is sized from the headers of its files,
a few kilobytes, and only when that is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.estimate import MemoryEstimate, estimate, free_bytes
from vtk_notebooks.models.packaged import PACKAGED
from vtk_notebooks.models.reading import Wish
from vtk_notebooks.models.source import Source, stamp
from vtk_notebooks.models.steps import Steps

Origin = Literal["package", "folder", "cache", "hub"]
_HEADERS = ("*.json", "README.md")


@dataclass(frozen=True)
class Offer:
    """A model at the door.

    Args:
        id: what `load` is told.
        origin: where it is.
        folder: with its files, "" where a package holds them or nobody has fetched them.
        revision: commit or hash, "" where it is not known yet.
        licence: as stated, "" where none is.
        bytes: of its weight files, 0 where unknown.
        kind: model type of its config, "" where it is none of transformers.
        trouble: why it cannot be loaded, and what to do; "" where nothing is known against it.
        plain: whether only a device may be said.
    """

    id: str
    origin: Origin
    folder: str = ""
    revision: str = ""
    licence: str = ""
    bytes: int = 0
    kind: str = ""
    trouble: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Sized:
    """What a model would need, and what else became known by looking.

    Args:
        needs: bytes, by what they are for.
        licence: as stated.
        revision: commit or hash.
    """

    needs: MemoryEstimate
    licence: str
    revision: str


def offers(folders: Iterable[str | Path] = ()) -> list[Offer]:
    """All models that are here.

    Args:
        folders: with a model, or with folders of models.
    """
    return [*_packaged(), *in_folders(folders), *_cached()]


def sized(offer: Offer, wish: Wish, positions: int, steps: Steps) -> Sized:
    """What loading it so, and one prompt of that length, would need.

    Args:
        offer: one of `offers`, or one of the hub that is only an id.
        wish: how it would be held.
        positions: tokens of the prompt.
        steps: told; some packaged models are converted once, a hub is asked for headers.
    """
    device = device_of(wish.device)
    if offer.plain:
        needs = MemoryEstimate(offer.bytes, 0, 0, free_bytes(device), device)
        return Sized(needs, offer.licence, offer.revision)
    how: dict[str, Any] = {"dtype": wish.size, "device": device, "positions": positions}
    if offer.origin == "hub":
        source, held = _headers(offer.id, offer.revision or None, steps)
        return Sized(estimate(source, **how, held=held), source.licence, source.revision)
    if offer.origin == "package":
        source = PACKAGED[offer.id].source(offer.id, steps)
    else:
        source = Source(offer.id, Path(offer.folder), offer.revision)
    return Sized(estimate(source, **how), source.licence, source.revision)


def quantization_trouble() -> str:
    """Why weights cannot be quantised here; "" where they can."""
    import torch

    gaps = [] if find_spec("bitsandbytes") else ["bitsandbytes is not installed"]
    gaps += [] if torch.cuda.is_available() else ["there is no CUDA device"]
    return " and ".join(gaps)


def devices() -> dict[str, int]:
    """Devices of this machine, and what each could still give, in bytes."""
    import torch

    names = ["cpu", *(f"cuda:{n}" for n in range(torch.cuda.device_count()))]
    return {name: free_bytes(name) for name in names}


def _packaged() -> Iterator[Offer]:
    for name, known in PACKAGED.items():
        size, trouble = 0, ""
        try:
            size = sum(BUNDLED[file]._find().stat().st_size for file in known.files)
        except WeightsError as error:
            trouble = error.hint
        yield Offer(
            id=name,
            origin="package",
            revision=known.revision,
            licence=known.licence,
            bytes=size,
            trouble=trouble,
            plain=bool(known.opener),
        )


def in_folders(folders: Iterable[str | Path]) -> Iterator[Offer]:
    """Models that lie in these folders, or in folders right below them."""
    for folder in folders:
        root = Path(folder).expanduser()
        inside = sorted(p.parent for p in root.glob("*/config.json")) if root.is_dir() else []
        for found in [root] if (root / "config.json").is_file() else inside:
            yield _of_folder(str(found), "folder", found, stamp(found))


def _cached() -> Iterator[Offer]:
    """Commits in the hub's cache that have their config; the newest of each model first."""
    from huggingface_hub import CacheNotFound, scan_cache_dir

    try:
        repos = scan_cache_dir().repos
    except CacheNotFound:
        return
    for repo in sorted(repos, key=lambda repo: repo.repo_id.lower()):
        commits = sorted(repo.revisions, key=lambda commit: -commit.last_modified)
        there = [c for c in commits if (c.snapshot_path / "config.json").is_file()]
        if repo.repo_type == "model" and there:
            newest = there[0]
            yield _of_folder(repo.repo_id, "cache", newest.snapshot_path, newest.commit_hash)


def _of_folder(id: str, origin: Origin, folder: Path, revision: str) -> Offer:
    source, kind, size, trouble = Source(id, folder, revision), "", 0, ""
    try:
        kind = str(source.config["model_type"])
        size = sum(path.stat().st_size for path in source.weight_files)
    except (WeightsError, OSError) as error:
        trouble = str(error)
    return Offer(id, origin, str(folder), revision, source.licence, size, kind, trouble)


def _headers(id: str, revision: str | None, steps: Steps) -> tuple[Source, tuple[int, str]]:
    """A model's small files, and how many parameters of which dtype its weight files hold."""
    from huggingface_hub import errors, get_safetensors_metadata, snapshot_download

    steps("look at the hub", 0, 2)
    try:
        folder = Path(snapshot_download(id, revision=revision, allow_patterns=[*_HEADERS]))
        steps("look at the hub", 1, 2)
        counts = get_safetensors_metadata(id, revision=revision).parameter_count
    except errors.NotASafetensorsRepoError:
        hint = "Pickled weights can run code: ask its authors for safetensors."
        raise WeightsError(id, "weights as safetensors", "none", hint) from None
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError) as error:
        hint = "Check the id and the revision, or go online; a private model needs: hf auth login"
        got = f"no answer about it ({type(error).__name__})"
        raise WeightsError("hub", f"a model {id}", got, hint) from None
    steps("look at the hub", 2, 2)
    most = max(counts, key=lambda kind: counts[kind], default="F32")
    names = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
    return Source(id, folder, folder.name), (sum(counts.values()), names.get(most, "float32"))
