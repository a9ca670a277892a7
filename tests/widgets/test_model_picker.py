"""Model picker: an estimate before anything is loaded, and one model at a time."""

import asyncio
import gc
import json
import weakref
from types import SimpleNamespace

import pytest

from vtk_notebooks.errors import CancelledError, VtkError
from vtk_notebooks.models.adapters import Record
from vtk_notebooks.models.offers import Offer
from vtk_widgets import ModelPicker, model_picker


class Model:
    def __init__(self, name):
        self.record = Record(name, "abc", "clip", "float32", "cpu", "sdpa", 1000, "mit")


@pytest.fixture
def calls(monkeypatch):
    """What was asked of `load`, which makes nothing real."""
    calls = []

    def load(id, revision=None, *, progress, cancel, **how):
        calls.append(SimpleNamespace(id=id, revision=revision, how=how))
        if id == "fail/fail":
            raise OSError("<b>no disk</b>")
        return Model(id)

    monkeypatch.setattr(model_picker, "load", load)
    return calls


@pytest.fixture
def picker(monkeypatch, calls):
    from vtk_notebooks.models import offers

    there = [
        Offer("vtk-tiny", "package", licence="apache-2.0"),
        Offer("plain", "package", bytes=1000, licence="mit", plain=True),
        Offer("broken", "cache", trouble="only pickles"),
    ]
    monkeypatch.setattr(offers, "offers", lambda folders: there)
    made = ModelPicker.of()
    yield made
    made.close()


def test_the_list_travels_as_bytes(picker):
    assert [o["id"] for o in json.loads(picker.offers)] == ["vtk-tiny", "plain", "broken"]


def test_picking_sizes_and_loads_nothing(picker, calls):
    picker.id = "vtk-tiny"
    first = picker.estimate
    assert first["id"] == "vtk-tiny"
    assert first["weights"] > 1e6
    assert first["fits"] is True
    picker.dtype = "bfloat16"
    assert picker.estimate["weights"] == first["weights"] // 2
    assert calls == []
    assert not picker.loaded


def test_a_model_of_the_hub_is_not_asked_about_before_somebody_says_so(picker, monkeypatch):
    from vtk_notebooks.models import offers

    asked = []
    monkeypatch.setattr(offers, "_headers", lambda *args: asked.append(args) or 1 / 0)
    picker.id = "owner/name"
    assert asked == []
    assert (picker.message, picker.estimate) == ("", {})
    picker.set_state({"looks": 1})
    assert asked[0][:2] == ("owner/name", None)
    assert "ZeroDivisionError" in picker.message


def test_a_loaded_model_is_the_value_of_the_next_cell(picker, calls):
    with pytest.raises(VtkError, match="Press Load"):
        _ = picker.model
    picker.set_state({"id": "owner/name", "revision": "v1", "dtype": "float16", "loads": 1})
    assert picker.model.record.id == "owner/name"
    assert picker.record["licence"] == "mit"
    (call,) = calls
    assert (call.id, call.revision, call.how["dtype"]) == ("owner/name", "v1", "float16")
    assert "trust_remote_code" not in call.how
    assert "force" not in call.how


def test_what_is_none_of_transformers_is_only_told_a_device(picker, calls):
    picker.id, picker.dtype = "plain", "bfloat16"
    picker.load()
    assert calls[0].how == {"device": "cpu"}


@pytest.mark.parametrize("how", ["another", "release", "close"])
def test_a_model_is_let_go(picker, how):
    picker.id = "owner/first"
    picker.load()
    held = weakref.ref(picker.model)
    if how == "another":
        picker.id = "owner/second"
        picker.load()
        assert picker.model.record.id == "owner/second"
    elif how == "release":
        picker.set_state({"releases": 1})
        assert picker.record == {}
    else:
        picker.close()
    gc.collect()
    assert held() is None


def test_an_error_is_a_message_and_the_picker_lives_on(picker):
    picker.id = "fail/fail"
    picker.load()
    assert picker.message == "OSError: <b>no disk</b>"
    assert not picker.loaded
    picker.id = ""
    picker.set_state({"loads": 7})
    assert "Pick one" in picker.message


def test_a_load_is_stopped_and_choices_do_not_stop_it(picker, monkeypatch, until):
    def slow(id, *, progress, cancel, **how):
        progress("read", 1, 2)
        if cancel.wait(5):
            raise CancelledError("load", "to finish", "a cancel")
        return Model(id)

    monkeypatch.setattr(model_picker, "load", slow)

    async def session():
        picker.id = "owner/name"
        picker.load()
        await until(lambda: picker.step == "read")
        picker.dtype = "float16"
        await asyncio.sleep(0.05)
        assert picker.busy
        picker.set_state({"stops": 1})
        await until(lambda: not picker.busy)

    asyncio.run(session())
    assert picker.message == "Stopped."
    assert not picker.loaded


def test_a_page_is_a_list_and_loads_nothing(picker, tmp_path):
    text = picker.to_html(tmp_path / "models.html").read_text("utf-8")
    assert '"live":false' in text
