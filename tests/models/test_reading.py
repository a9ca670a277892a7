"""Reading weights: told tensor by tensor, ended between two of them, with nothing left behind."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import torch
from transformers.utils import logging

from vtk_notebooks.errors import CancelledError, VtkError, WeightsError
from vtk_notebooks.models.door import load
from vtk_notebooks.models.reading import Wish

from .adapters import _tiny


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return _tiny.clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture
def built(monkeypatch):
    """Weak references to every model that was begun."""
    from transformers import CLIPModel

    seen, init = [], CLIPModel.__init__

    def note(self, *args, **more):
        seen.append(weakref.ref(self))
        init(self, *args, **more)

    monkeypatch.setattr(CLIPModel, "__init__", note)
    return seen


def hook():
    """What transformers' bars go through now."""
    now = logging.set_tqdm_hook(None)
    logging.set_tqdm_hook(now)
    return now


@pytest.mark.parametrize("how", ["event", "function", "interrupt"])
def test_reading_ends_between_two_tensors_and_leaves_nothing(saved, built, how):
    stop, told, before = Event(), [], sorted(p.name for p in saved.iterdir())

    def progress(what, done, total):
        told.append((what, done))
        if (what, done) == ("read", 5):
            if how == "interrupt":
                raise KeyboardInterrupt
            stop.set()

    cancel = {"event": stop, "function": stop.is_set, "interrupt": None}[how]
    error = KeyboardInterrupt if how == "interrupt" else CancelledError
    with pytest.raises(error) as caught:
        load(saved, progress=progress, cancel=cancel)
    assert told[-1] == ("read", 5)
    assert hook() is None
    del caught
    gc.collect()
    assert built
    assert all(model() is None for model in built)  # nor is half a model held in memory
    assert sorted(p.name for p in saved.iterdir()) == before
    assert load(saved).record.model_type == "clip"


def test_a_cancel_before_it_began_reads_nothing(saved, built):
    with pytest.raises(CancelledError, match="'find'"):
        load(saved, cancel=lambda: True)
    assert not built


def test_a_second_model_waits_for_the_first_and_can_be_stopped_meanwhile(saved, built):
    stop = Event()

    def second(what, done, total):
        if what == "waiting for another model":
            stop.set()

    def first(what, done, total):
        if (what, done) == ("read", 5):
            later.append(beside.submit(load, saved, progress=second, cancel=stop))
            assert isinstance(later[0].exception(60), CancelledError)

    later = []
    with ThreadPoolExecutor(1) as beside:
        assert load(saved, progress=first).record.model_type == "clip"
    assert "waiting for another model" in str(later[0].exception())
    assert len(built) == 1
    assert hook() is None


def test_bars_of_others_are_left_alone(saved):
    ours = []

    def theirs(make, args, more):
        ours.append(more)
        return make(*args, **more)

    before = logging.set_tqdm_hook(theirs)
    try:
        load(saved)
        assert hook() is theirs
        list(logging.tqdm([1, 2], desc="mine", disable=True))
    finally:
        logging.set_tqdm_hook(before)
    assert [more["desc"] for more in ours] == ["mine"]


def test_a_wish_counts_weights_as_they_will_be_held():
    assert Wish("bfloat16").size == "bfloat16"
    assert Wish("bfloat16", quantization="4bit").size == "int4"


def test_a_model_without_settings_takes_only_a_device():
    Wish(device="cuda:1").plain("whisper")
    for wish in (Wish("float16"), Wish(attention="eager"), Wish(trust_remote_code=True)):
        with pytest.raises(WeightsError, match="only a device"):
            wish.plain("whisper")


def test_an_error_of_the_files_says_what_else_to_try(saved, tmp_path):
    import safetensors.torch as st

    for path in saved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    state = st.load_file(tmp_path / "model.safetensors")
    name = next(n for n, v in state.items() if v.ndim == 2)
    st.save_file(
        {**state, name: torch.zeros(3, 5)}, tmp_path / "model.safetensors", {"format": "pt"}
    )
    with pytest.raises(VtkError, match=r"a model for AutoModel.*Its files: model\.safetensors"):
        load(tmp_path)
