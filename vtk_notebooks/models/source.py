"""Source: from a hub id or a folder to a folder of files whose revision is known.

A hub id is resolved to a commit and its files are fetched once into the hub's own cache; a folder
is taken as it is, and its revision is a hash of its files' names, sizes and times. Only what is
needed to load safetensors is fetched.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from vtk_notebooks.arrays import digest
from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.fetching import fetched
from vtk_notebooks.models.steps import Steps

_SETTINGS = ("preprocessor_config.json", "video_preprocessor_config.json", "processor_config.json")


@dataclass(frozen=True)
class Source:
    """A folder of a model's files.

    Args:
        id: as asked for.
        folder: where the files lie.
        revision: commit on the hub, or a hash of the folder.
        stated: licence that is known from elsewhere than its README.
    """

    id: str
    folder: Path
    revision: str
    stated: str = ""

    @cached_property
    def config(self) -> Mapping[str, Any]:
        """The model's config, plain."""
        config = self.json("config.json")
        if not isinstance(config.get("model_type"), str):
            hint = "Is it a model for transformers? Give the folder that holds config.json."
            raise WeightsError(self.id, "a config.json that names its model_type", "none", hint)
        return config

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """How its frames are prepared, of all files that say so, the most special last."""
        merged: dict[str, Any] = {}
        for name in _SETTINGS:
            merged |= self.json(name)
        return merged

    @property
    def weight_files(self) -> list[Path]:
        """Its safetensors files; an error where there are none."""
        found = sorted(self.folder.glob("*.safetensors"))
        if not found:
            other = sorted(p.name for p in self.folder.glob("*.bin"))
            got = f"only {', '.join(other)}" if other else "no weights"
            hint = "Pickled weights can run code: convert them, or ask its authors for safetensors."
            raise WeightsError(self.id, "weights as safetensors", got, hint)
        return found

    @property
    def licence(self) -> str:
        """As its README's header states it; "" where it states none."""
        if self.stated:
            return self.stated
        card = self.folder / "README.md"
        lines = card.read_text("utf-8", "replace").splitlines() if card.is_file() else []
        found = [x.partition(":")[2].strip() for x in lines[:60] if x.startswith("license:")]
        return found[0] if found else ""

    @property
    def has_tokenizer(self) -> bool:
        """Whether a text side's files are there."""
        names = ("tokenizer.json", "tokenizer_config.json", "vocab.json", "tokenizer.model")
        return any((self.folder / name).is_file() for name in names)

    def json(self, name: str) -> dict[str, Any]:
        """One of its JSON files; empty where it is not there."""
        path = self.folder / name
        if not path.is_file():
            return {}
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise WeightsError(f"{self.id}/{name}", "a JSON object", str(error)[:80]) from None


def find(id_or_path: str | Path, revision: str | None = None, steps: Steps | None = None) -> Source:
    """Where a model's files are, fetched if they must be.

    Args:
        id_or_path: "owner/name" on the hub, or a folder.
        revision: branch, tag or commit; the default branch unless said. Folders have none.
        steps: told bytes as they come; may end the download.
    """
    path = Path(id_or_path).expanduser()
    if path.is_dir():
        return _folder(path, revision)
    if path.is_file() or str(id_or_path).count("/") != 1 or str(id_or_path).startswith((".", "~")):
        got = repr(str(id_or_path))
        hint = "Save a model with save_pretrained(folder), or say its id."
        raise WeightsError("load", "a folder that is there, or a hub id owner/name", got, hint)
    folder = _fetched(str(id_or_path), revision, steps or Steps("load"))
    return Source(str(id_or_path), folder, folder.name)


def _folder(path: Path, revision: str | None) -> Source:
    if revision is not None:
        hint = "Leave it out: a folder's revision is the hash of its files."
        raise WeightsError("load", "no revision for a folder", repr(revision), hint)
    return Source(str(path), path, stamp(path))


def stamp(id_or_path: str | Path) -> str:
    """Hash of the names, sizes and times of a folder's files; "" for what is no folder."""
    path = Path(id_or_path).expanduser()
    if not path.is_dir():
        return ""
    files = sorted(p for p in path.iterdir() if p.is_file())
    return digest(*((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files))


def _fetched(id: str, revision: str | None, steps: Steps) -> Path:
    """The snapshot of a commit in the hub's cache."""
    from huggingface_hub import errors

    at = f"{id}@{revision}" if revision else id
    try:
        return fetched(id, revision, steps)
    except errors.GatedRepoError:
        hint = f"Accept its terms at huggingface.co/{id}, then run: hf auth login"
        raise WeightsError("load", f"access to {at}", "a gated model", hint) from None
    except errors.RevisionNotFoundError:
        hint = "Give a branch, tag or commit that exists."
        raise WeightsError("load", f"a revision of {id}", repr(revision), hint) from None
    except errors.RepositoryNotFoundError:
        hint = "Check the spelling; a private model needs: hf auth login"
        raise WeightsError("load", f"a model {at} on the hub", "none of that id", hint) from None
    except errors.HFValidationError:
        raise WeightsError("load", "a hub id owner/name", repr(id)) from None
    except (errors.LocalEntryNotFoundError, errors.HfHubHTTPError, OSError) as error:
        hint = "Go online once to fetch it, or give a folder. Bundled models need no network."
        got = f"neither a copy in the cache nor the hub ({type(error).__name__})"
        raise WeightsError("load", f"the files of {at}", got, hint) from None
