import os
import subprocess
import sys
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


def filled(root, names, limit=None):
    """A store with entries of about 4 kB, used in the order of their names."""
    store = Store(root, limit)
    for second, name in enumerate(names):
        store.put(name, {"x": torch.zeros(1024)}, {})
        os.utime(store._path(name), (second, second))
    return store


def test_the_least_recently_used_entry_makes_room(tmp_path):
    store = filled(tmp_path, ["aa1", "bb2", "cc3"], limit=None)
    size = store.entries()[0].bytes
    small = Store(tmp_path, max_bytes=3 * size + 10)
    assert small.get("aa1") is not None  # used just now
    small.put("dd4", {"x": torch.zeros(1024)}, {})
    assert set(small) == {"aa1", "cc3", "dd4"}
    assert sum(e.bytes for e in small.entries()) <= 3 * size + 10


def test_the_newest_entry_stays_even_if_it_is_too_large(tmp_path):
    store = filled(tmp_path, ["aa1", "bb2"], limit=100)
    assert list(store) == ["bb2"]


def test_collecting_forgets_the_oldest_and_what_killed_processes_left(tmp_path):
    store = filled(tmp_path, ["aa1", "bb2", "cc3"])
    size = store.entries()[0].bytes
    old, new = tmp_path / "aa" / "old.part", tmp_path / "aa" / "new.part"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))
    assert [e.address for e in store.collect(2 * size)] == ["aa1"]
    assert not old.exists()
    assert new.exists()  # somebody may still be writing it
    assert store.collect() == []


def test_collecting_removes_damaged_entries_when_asked_to_check(tmp_path):
    store = filled(tmp_path, ["aa1", "bb2"])
    path = store._path("bb2")
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    assert store.damage("aa1") == ""
    assert "checksum" in store.damage("bb2")
    assert store.collect() == []
    assert [e.address for e in store.collect(check=True)] == ["bb2"]
    assert list(store) == ["aa1"]


def test_an_entry_that_another_process_removes_meanwhile_is_absent_without_a_warning(
    store, monkeypatch
):
    store.put("ab12", {"x": torch.zeros(4)}, {"n": 1})
    assert store.record("ab12") == {"n": 1}
    store._path("ab12").unlink()
    assert store.get("ab12") is None
    assert store.record("ab12") is None


WRITER = """
import sys
import torch
import os
import subprocess
import sys
from pathlib import Path
from vtk_notebooks.store import Store

store, mine = Store(Path(sys.argv[1]), max_bytes=200_000), float(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for k in range(40):
    store.put("ab12", {"x": torch.full((4096,), mine)}, {"mine": mine})
    store.put(f"cd{k % 16}", {"x": torch.full((4096,), mine)}, {"mine": mine})
    for address in ("ab12", f"cd{(k + 7) % 16}"):
        found = store.get(address)  # a damaged entry would warn, and -W error makes that an error
        if found is not None:
            assert (found[0]["x"] == found[1]["mine"]).all()
"""


def test_two_processes_may_write_read_and_forget_the_same_entries(tmp_path):
    command = [sys.executable, "-W", "error::UserWarning", "-c", WRITER, str(tmp_path)]
    both = [
        subprocess.Popen([*command, n], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in ("1", "2")
    ]
    for writer in both:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in both:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.communicate()[0] for writer in both] == ["", ""]
    assert [writer.returncode for writer in both] == [0, 0]
    store = Store(tmp_path)
    assert not list(tmp_path.rglob("*.part"))
    assert sum(e.bytes for e in store.entries()) <= 200_000
    found = store.get("ab12")
    assert found is None or found[1]["mine"] in (1.0, 2.0)
