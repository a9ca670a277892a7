"""The door: what is loaded, how it is refused, and that it gives its memory back."""

import gc
import json
import weakref

import pytest
import torch

from vtk_notebooks.errors import UnknownNameError, WeightsError
from vtk_notebooks.models.door import load
from vtk_notebooks.models.estimate import MemoryWarning

from .adapters import _tiny


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return _tiny.clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture
def copy(saved, tmp_path):
    """A copy of the folder that a test may spoil."""
    for path in saved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def test_a_record_says_exactly_what_was_loaded(saved):
    record = load(saved).record
    assert record.id == str(saved)
    assert (record.model_type, record.dtype, record.device) == ("clip", "float32", "cpu")
    assert record.attention == "sdpa"
    assert record.weights_bytes == 4 * sum(p.numel() for p in load(saved).model.parameters())
    assert record.label == f"{saved}@{record.revision[:12]} float32"


def test_a_changed_file_is_another_revision(copy):
    before = load(copy).record.revision
    settings = json.loads((copy / "preprocessor_config.json").read_text())
    (copy / "preprocessor_config.json").write_text(json.dumps({**settings, "resample": 2}))
    assert load(copy).record.revision != before


def test_dtype_and_attention_are_chosen(saved):
    model = load(saved, dtype="bfloat16", attention="eager")
    assert model.model.dtype == torch.bfloat16
    assert model.record.attention == "eager"


def test_each_step_is_told_down_to_the_tensor(saved):
    told = []
    model = load(saved, progress=lambda *step: told.append(step))
    count = len(model.model.state_dict())
    read = [step for step in told if step[0] == "read"]
    assert read[-1] == ("read", read[-1][2], read[-1][2])
    assert [done for _, done, _ in read] == list(range(len(read)))
    assert 0.9 * count <= len(read) - 1 <= count  # buffers are not read
    around = [step for step in told if step[0] != "read"]
    assert around == [
        ("find", 0, 1),
        ("licence: not stated", 1, 1),
        ("tokenizer", 0, 1),
        ("done", 1, 1),
    ]


def test_what_is_let_go_gives_its_memory_back(saved):
    model = load(saved)
    alive = weakref.ref(model.model)
    del model
    gc.collect()
    assert alive() is None


def test_its_licence_is_read_from_its_card(copy):
    (copy / "README.md").write_text("---\nlicense: mit\n---\n# A model\nlicense: not this one")
    assert load(copy).record.licence == "mit"


def test_pickled_weights_are_refused(copy):
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"as safetensors, got only pytorch_model\.bin"):
        load(copy)


def test_damaged_weights_are_refused(copy):
    whole = (copy / "model.safetensors").read_bytes()
    (copy / "model.safetensors").write_bytes(whole[:20])
    with pytest.raises(WeightsError, match="Fetch or save it again"):
        load(copy)


def test_code_that_a_model_brings_along_does_not_run(copy, tmp_path):
    config = json.loads((copy / "config.json").read_text())
    config["auto_map"] = {"AutoConfig": "mine.Config", "AutoModel": "mine.Model"}
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "mine.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    load(copy)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ("no/such/folder", "hub id owner/name"),
        ("./here", "hub id owner/name"),
        ("just-a-name", "hub id owner/name"),
        ("owner/na me", "hub id owner/name"),
    ],
)
def test_what_is_no_model_is_named(where, hint):
    with pytest.raises(WeightsError, match=hint):
        load(where)


def test_without_a_network_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match="Go online once to fetch it, or give a folder"):
        load("vtk-notebooks/there-is-no-such-model")


def test_a_folder_without_a_config_or_of_an_unknown_kind_is_named(copy, tmp_path_factory):
    with pytest.raises(WeightsError, match=r"holds config\.json"):
        load(tmp_path_factory.mktemp("empty"))
    (copy / "config.json").write_text(json.dumps({"model_type": "gpt9"}))
    with pytest.raises(WeightsError, match=r"'gpt9'. Known: .*clip"):
        load(copy)


def test_a_folder_has_no_other_revision(saved):
    with pytest.raises(WeightsError, match="Leave it out"):
        load(saved, "main")


@pytest.mark.parametrize(
    "wish", [{"dtype": "float23"}, {"attention": "spda"}, {"quantization": "4-bit"}]
)
def test_a_setting_that_is_not_known_is_answered_with_the_nearest(saved, wish):
    with pytest.raises(UnknownNameError, match="Did you mean"):
        load(saved, **wish)


def test_quantised_weights_need_a_device_that_has_them(saved):
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(WeightsError, match="bitsandbytes"):
        load(saved, quantization="4bit", device="cpu")


def test_what_does_not_fit_is_refused_before_it_is_read_unless_forced(saved, monkeypatch):
    monkeypatch.setattr("vtk_notebooks.models.estimate.free_bytes", lambda device: 1000)
    with pytest.raises(WeightsError, match=r"free 0\.00 MB|0\.00 MB free"):
        load(saved)
    with pytest.warns(MemoryWarning, match=r"may not fit: weights 0\.\d\d MB \+ activations"):
        assert load(saved, force=True).record.model_type == "clip"


def test_a_film_that_does_not_fit_is_answered_with_the_frames_that_would(saved, monkeypatch):
    monkeypatch.setattr("vtk_notebooks.models.estimate.free_bytes", lambda device: 6_000_000)
    assert load(saved, frames=16).record.model_type == "clip"
    with pytest.raises(WeightsError, match=r"Try frames=\d+, or force=True") as error:
        load(saved, frames=4000)
    fits = int(str(error.value).split("frames=")[1].split(",")[0])
    assert load(saved, frames=fits).record.model_type == "clip"
