"""Downloads, from a hub that runs on this machine and is as slow as a test wants it."""

import time
from threading import Event, Timer

import pytest

from vtk_notebooks.errors import CancelledError, WeightsError
from vtk_notebooks.models.door import load
from vtk_notebooks.models.fetching import beside

from ._hub import COMMIT, all_ended, hub
from .adapters import _tiny


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return _tiny.clip(tmp_path_factory.mktemp("clip"))


def whole(cache):
    """Names of files that the cache offers as whole."""
    return sorted(p.name for p in cache.glob("models--made--model/snapshots/*/*"))


def test_a_model_of_the_hub_is_pinned_to_its_commit(folder, monkeypatch, tmp_path):
    (folder / "weights.pt").write_bytes(b"pickled")
    with hub(folder, monkeypatch, tmp_path) as made:
        model = load("made/model")
        assert model.record.revision == COMMIT
        assert model.record.label.startswith("made/model@1234567890ab ")
        assert "model.safetensors" in whole(tmp_path)
        assert not any(path.endswith(".pt") for path in made.asked)  # never even fetched
        sent = made.sent
        assert load("made/model", COMMIT).record == model.record
        assert made.sent == sent


def test_bytes_are_told_as_they_come(folder, monkeypatch, tmp_path):
    told = []
    with hub(folder, monkeypatch, tmp_path, pause_s=0.003) as made:
        load("made/model", progress=lambda *step: told.append(step))
    fetch = [(done, total) for what, done, total in told if what == "fetch"]
    assert fetch[-1] == (made.sent, made.sent)
    assert len({done for done, _ in fetch}) > 3
    assert [done for done, _ in fetch] == sorted(done for done, _ in fetch)
    assert told[0] == ("find", 0, 1)


@pytest.mark.parametrize("how", ["event", "function", "interrupt"])
def test_a_slow_download_ends_at_once_and_leaves_nothing_that_looks_whole(
    folder, monkeypatch, tmp_path, how
):
    stop, began = Event(), []

    def progress(what, done, total):
        if what == "fetch" and done > 0:
            began.append(time.perf_counter())
            if how == "interrupt":
                raise KeyboardInterrupt
            stop.set()

    cancel = {"event": stop, "function": stop.is_set, "interrupt": None}[how]
    with hub(folder, monkeypatch, tmp_path, pause_s=0.2):  # a minute, if it went on
        error = KeyboardInterrupt if how == "interrupt" else CancelledError
        with pytest.raises(error):
            load("made/model", progress=progress, cancel=cancel)
        assert time.perf_counter() - began[0] < 2
        assert all_ended(2)  # its threads stop at their next kilobyte
    assert "model.safetensors" not in whole(tmp_path)
    with hub(folder, monkeypatch, tmp_path):  # and it can be taken up again
        assert load("made/model").record.revision == COMMIT


def test_what_was_fetched_in_part_is_not_taken_for_a_model_offline(folder, monkeypatch, tmp_path):
    stop = Event()

    def progress(what, done, total):
        if what == "fetch" and done > 4000:
            stop.set()

    with hub(folder, monkeypatch, tmp_path, pause_s=0.05), pytest.raises(CancelledError):
        load("made/model", progress=progress, cancel=stop)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsError, match="Go online once"):
        load("made/model")


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ((403, "GatedRepo"), r"Accept its terms at huggingface\.co/made/model"),
        ((404, "RepoNotFound"), "Check the spelling"),
        ((404, "RevisionNotFound"), "a branch, tag or commit that exists"),
        ((500, ""), "Go online once"),
    ],
)
def test_what_the_hub_refuses_is_said_with_what_to_do(folder, monkeypatch, tmp_path, status, hint):
    monkeypatch.setattr("huggingface_hub.utils._http._DEFAULT_RETRY_ON_STATUS_CODES", ())
    refusing = hub(folder, monkeypatch, tmp_path, status=status)
    with refusing, pytest.raises(WeightsError, match=hint):
        load("made/model", "old")


def test_work_beside_gives_its_value_and_its_errors():
    assert beside(lambda: "done", lambda: None, Event()) == "done"

    def fail():
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        beside(fail, lambda: None, Event())


def test_an_interrupt_does_not_wait_for_the_work():
    stop, looks = Event(), []

    def work():
        stop.wait(20)
        return ""

    def look():
        looks.append(1)
        if len(looks) == 2:
            raise KeyboardInterrupt

    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        beside(work, look, stop)
    assert stop.is_set()
    assert time.perf_counter() - start < 5


def test_work_that_ends_while_nobody_looks_is_noticed():
    done = Event()
    Timer(0.05, done.set).start()
    assert beside(lambda: "late" if done.wait(5) else "", lambda: None, Event()) == "late"
