from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.cache import cache_folder, made_once, tensors


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("VTK_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def write(content, name="a.txt"):
    def make(draft):
        (draft / name).write_bytes(content)

    return make


def test_the_variable_says_where_the_cache_is(folder):
    assert cache_folder() == folder


@pytest.mark.parametrize(
    ("platform", "variable", "base"),
    [
        ("linux", "XDG_CACHE_HOME", "~/.cache"),
        ("darwin", "", "~/Library/Caches"),
        ("win32", "LOCALAPPDATA", "~/AppData/Local"),
    ],
)
def test_each_platform_keeps_it_among_its_caches(monkeypatch, tmp_path, platform, variable, base):
    monkeypatch.delenv("VTK_CACHE")
    monkeypatch.setattr("sys.platform", platform)
    if variable:
        monkeypatch.delenv(variable, raising=False)
    assert cache_folder() == Path(base).expanduser() / "vtk-notebooks"
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
        assert cache_folder() == tmp_path / "vtk-notebooks"


def test_what_was_made_once_is_not_made_again(folder):
    first = made_once("a", write(b"first"))
    assert made_once("a", write(b"second")) == first == folder / "a"
    assert (first / "a.txt").read_text() == "first"
    made_once("a", lambda draft: pytest.fail("made again"))
    assert made_once("b", write(b"second")) != first


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_an_interrupt_leaves_nothing_half_made(folder, stop):
    def make(draft):
        (draft / "half.txt").write_text("half")
        raise stop

    with pytest.raises(stop):
        made_once("a", make)
    assert list(folder.iterdir()) == []
    assert (made_once("a", write(b"whole")) / "a.txt").read_text() == "whole"


def test_two_that_make_the_same_at_once_both_get_the_first_one_whole(folder):
    both = Barrier(2, timeout=10)

    def make(draft):
        both.wait()  # neither is done before the other has begun
        for name in "abc":
            (draft / name).write_text("whole")

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: made_once("a", make), range(2)))
    assert made == [folder / "a"] * 2
    assert [path.read_text() for path in sorted(made[0].iterdir())] == ["whole"] * 3
    assert list(folder.iterdir()) == [folder / "a"]


def test_a_folder_that_cannot_be_written_says_what_to_set(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VTK_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(WeightsError, match="Set VTK_CACHE"):
        made_once("a", write(b"x"))


@pytest.mark.parametrize("content", [b"", b"damaged", b"\xff" * 64])
def test_a_damaged_file_says_which_folder_to_delete(folder, content):
    made = made_once("a", write(content, "x.safetensors"))
    with pytest.raises(WeightsError, match=r"Delete the folder .*cache"):
        tensors(made / "x.safetensors")
