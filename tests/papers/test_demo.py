"""Demos: a working paper runs on a real film and says what it found, in numbers."""

import json
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from vtk_notebooks import papers
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import CancelledError, UnknownNameError, VtkError
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.moment import Moment
from vtk_notebooks.papers import Demo, demo, run_demo
from vtk_notebooks.papers.heads import _planted, me_retriever
from vtk_notebooks.part import Part
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.registry import build
from vtk_notebooks.runs import Run, Stage
from vtk_notebooks.store import Store
from vtk_notebooks.tokens import Tokens


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch):
    """A working paper whose demo looks at nothing."""
    file = SimpleNamespace(demo=lambda film, query: Demo({"length_s": 3.0, "tokens": 4.0}, query))
    monkeypatch.setattr(demo, "status_of", lambda key: "working")
    monkeypatch.setattr(demo, "paper_file", lambda key: file)
    return file


def test_a_planned_paper_has_no_demo_and_says_what_is_missing():
    with pytest.raises(VtkError, match=r"papers/generation/phenaki\.py.*Working: "):
        run_demo("phenaki")


def test_a_paper_whose_file_is_there_but_incomplete_has_no_demo(fake, monkeypatch):
    monkeypatch.setattr(demo, "status_of", lambda key: "planned")
    monkeypatch.setattr(demo, "missing", lambda key: ("head:nobody",))
    with pytest.raises(VtkError, match="Missing: head:nobody"):
        run_demo("x")


def test_an_unknown_paper_is_answered_with_the_nearest_one():
    with pytest.raises(UnknownNameError, match="timesuite"):
        run_demo("timesuit")


def test_a_demo_is_timed_and_plain(fake, tmp_path: Path):
    done = run_demo("x", film=tmp_path)
    assert done.seconds > 0
    told = json.loads(json.dumps(done.as_dict()))
    assert told["numbers"] == {"length_s": 3.0, "tokens": 4.0}
    assert told["figure"] is None


@pytest.mark.parametrize(
    "work",
    [
        lambda: _planted.trained(UniVTG, films=4, steps=9),
        lambda: me_retriever.retrieval(films=4, steps=9),
    ],
)
def test_a_demo_that_trains_ends_between_two_steps(fake, tmp_path: Path, work):
    told = []

    def stop(step, done, total):
        told.append((step, total))
        if len(told) == 3:
            raise CancelledError("demo", "to finish", "a stop")

    fake.demo = lambda film, query: work()
    with pytest.raises(CancelledError):
        run_demo("x", film=tmp_path, progress=stop)
    assert told == [("training", 9)] * 3


def test_every_demo_that_trains_says_how_far_it_is():
    """A loop of its own that calls backward counts with `counted`."""
    texts = {path.name: path.read_text() for path in Path(papers.__path__[0]).rglob("*.py")}
    training = [name for name, text in texts.items() if ".backward()" in text]
    assert len(training) > 5
    assert [name for name in training if "in counted(" not in texts[name]] == []


def test_a_demo_is_drawn_where_the_caller_can_draw(fake, tmp_path: Path):
    seen = []

    def draw(run: object, path: Path) -> Path:
        seen.append(run)
        return path

    done = run_demo("x", tmp_path, "why?", out=tmp_path / "new", draw=draw)
    assert seen == ["why?"]
    assert done.figure == tmp_path / "new" / "x.pdf"
    assert done.as_dict()["figure"] == str(done.figure)


def test_nothing_is_drawn_without_a_folder_or_a_run(fake, tmp_path: Path):
    def draw(run: object, path: Path) -> Path:
        raise AssertionError("nobody asked")

    assert run_demo("x", tmp_path, draw=draw).figure is None
    fake.demo = lambda film, query: Demo({})
    assert run_demo("x", tmp_path, out=tmp_path, draw=draw).figure is None


def test_runs_inside_a_demo_are_followed_and_remembered(fake, monkeypatch, tmp_path: Path):
    """Demos call `run` without a store or a progress; they get those of whoever runs the demo."""
    from vtk_notebooks import runs

    heard, kept, said = [], Store(tmp_path / "store"), []

    def demo(film, query):
        said.append(runs._SAID.get())
        return Demo({})

    fake.demo = demo
    run_demo("x", tmp_path, store=kept, progress=lambda *step: heard.append(step))
    [(store, progress)] = said
    assert store is kept
    assert progress is not None
    progress("encode", 1, 2)
    assert heard == [("encode", 1, 2)]
    assert runs._SAID.get() == (None, None)


def made_run(timecodec: Part | None = None) -> Run:
    """Eight tokens, of which the recipe kept two, and two moments in 4 s."""
    tokens = Tokens.from_grid(torch.ones(4, 1, 2, 3), torch.arange(4.0), 4.0)
    stages = [
        Stage("encode", tokens, 0.0, 0),
        Stage("keep", tokens.select(torch.arange(2)), 0.0, 0),
    ]
    return Run(
        recipe=Recipe(timecodec=timecodec),
        clip=Clip(np.zeros((4, 2, 2, 3), np.uint8), np.arange(4.0), Origin("made", 4.0)),
        query=Query("why?", torch.ones(3), torch.ones(1, 3), ("why?",), "features"),
        stages=tuple(stages),
        saliency=torch.ones(4),
        moments=(Moment(1.0, 2.2, 0.5), Moment(3.0, 4.0, 0.25)),
        weights=(),
    )


def test_a_demo_of_a_run_tells_its_tokens_and_its_best_moment():
    run = made_run()
    told = demo.demo_of(run, more=7.0)
    assert told.run is run
    assert told.numbers == {
        "tokens_before": 8.0,
        "tokens_after": 2.0,
        "score": 0.5,
        "start_s": 1.0,
        "end_s": 2.2,
        "more": 7.0,
    }


def test_a_demo_of_a_run_with_a_time_code_tells_its_error():
    told = demo.demo_of(made_run(timecodec=Part("relative_tokens", {"n": 5}))).numbers
    assert told["time_error_s"] == pytest.approx(0.2)  # 5 marks in 4 s: whole seconds
    assert told["time_error_bound_s"] == pytest.approx(0.5)


def test_the_time_error_is_the_worst_of_all_ends_and_within_the_bound():
    codec = build("timecodec", "relative_tokens", n=11)  # a film of 10 s: whole seconds
    told = demo.time_error(codec, [Moment(0.1, 2.0), Moment(3.4, 6.0)], 10.0)
    assert told == {"time_error_s": pytest.approx(0.4), "time_error_bound_s": pytest.approx(0.5)}


def test_a_time_that_cannot_be_read_back_is_infinitely_far(monkeypatch):
    codec = build("timecodec", "relative_tokens", n=11)
    monkeypatch.setattr(type(codec), "decode", lambda self, ids, duration_s: None)
    assert math.isinf(demo.time_error(codec, [Moment(0.1, 2.0)], 10.0)["time_error_s"])
