from pathlib import Path

import pytest
import torch

from vtk_notebooks.errors import StoreError
from vtk_notebooks.store import Store, StoreWarning


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_what_goes_in_comes_out(store):
    x = torch.randn(3, 4, dtype=torch.float64)
    store.put("ab12", {"x": x, "n": torch.arange(3)}, {"word": "naïve", "list": [1, 2.5, None]})
    tensors, record = store.get("ab12")
    assert torch.equal(tensors["x"], x)
    assert torch.equal(tensors["n"], torch.arange(3))
    assert record == {"word": "naïve", "list": [1, 2.5, None]}
    assert "ab12" in store
    assert list(store) == ["ab12"]


def test_what_never_went_in_is_none(store):
    assert store.get("ffff") is None
    assert "ffff" not in store


def test_a_damaged_entry_counts_as_absent_and_says_so(store):
    store.put("ab12", {"x": torch.zeros(64)}, {})
    [path] = store.root.rglob("*.safetensors")
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1  # one flipped bit in the data, header intact
    path.write_bytes(raw)
    with pytest.warns(StoreWarning, match="damaged"):
        assert store.get("ab12") is None
    assert "ab12" not in store


def test_a_cut_off_entry_counts_as_absent(store):
    store.put("ab12", {"x": torch.zeros(64)}, {})
    [path] = store.root.rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:40])
    with pytest.warns(StoreWarning):
        assert store.get("ab12") is None


def test_a_write_that_fails_leaves_nothing_behind(store, monkeypatch):
    import safetensors.torch

    def fail(tensors, name, metadata):
        Path(name).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(safetensors.torch, "save_file", fail)
    with pytest.raises(OSError, match="disk full"):
        store.put("ab12", {"x": torch.zeros(4)}, {})
    assert [p for p in store.root.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("address", ["../x", "a/b", "", "a b"])
def test_an_address_never_leaves_the_folder(store, address):
    with pytest.raises(StoreError):
        store.put(address, {}, {})


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match="VTK_STORE"):
        Store(tmp_path / "file" / "store")
