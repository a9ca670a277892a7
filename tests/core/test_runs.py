import numpy as np
import pytest
import torch

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import RecipeError, StoreError
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import counted, run, unless_said
from vtk_notebooks.saved import load_run, save_run, saved_runs
from vtk_notebooks.store import Store
from vtk_notebooks.tokens import Tokens

calls: list[str] = []


class Reddish:
    """A stand-in encoder: mean colour of each of 2 x 3 cells; "red" is the only word it knows."""

    space = "reddish"

    def weights(self):
        return "none"

    def __call__(self, clip, progress=None):
        calls.append("encode")
        cells = torch.tensor(clip.frames).float().unflatten(1, (2, -1)).unflatten(3, (3, -1))
        x = cells.mean((2, 4)) - 60
        return Tokens.from_grid(
            x, torch.tensor(clip.times_s).float(), clip.duration_s, space="reddish"
        )

    def read(self, text):
        red = torch.tensor([1.0, -0.5, -0.5])
        return Query(text, red, red[None], ("red",), "reddish")


class Blind(Reddish):
    """It cannot read."""

    space = "blind"
    read = None  # type: ignore[assignment]

    def __getattribute__(self, name):
        if name == "read":
            raise AttributeError(name)
        return super().__getattribute__(name)


@pytest.fixture(autouse=True)
def stand_ins():
    registry.names("encoder")  # the real ones move in first
    for name, maker in {"reddish": Reddish, "blind": Blind}.items():
        registry.register("encoder", name, title=name, paper="test")(maker)
    calls.clear()
    yield
    for name in ("reddish", "blind"):
        del registry._TABLE["encoder", name]


@pytest.fixture
def clip():
    frames = np.full((8, 4, 6, 3), 60, np.uint8)
    frames[3:6, :2, :2] = (220, 10, 10)  # a red square from 1.5 s to 3 s
    return Clip(frames, np.arange(8) / 2, Origin("red <square>.mp4", duration_s=4.0))


def half():
    """Half of the frames of the stand-in encoder."""
    return Recipe(encoders="reddish", stages="uniform").with_("stages.0.keep", 0.5)


def test_the_planted_moment_is_found(clip):
    best = run(half().with_("stages", ()), clip, "red").moments[0]
    assert (best.start_s, best.end_s) == (1.5, 3.0)


def test_every_stage_is_kept_with_its_cost(clip):
    done = run(half(), clip, "red")
    assert [s.name for s in done.stages] == ["reddish", "uniform keep=0.5"]
    assert [len(s.tokens) for s in done.stages] == [48, 24]
    assert all(s.seconds > 0 for s in done.stages)
    assert done.saliency.shape == (8,)


def test_what_the_store_knows_is_not_computed_again(clip, tmp_path):
    store = Store(tmp_path)
    first = run(half(), clip, "red", store=store)
    again = run(half(), clip, "red", store=store)
    assert calls == ["encode"]
    assert all(s.reused for s in again.stages)
    assert not any(s.reused for s in first.stages)
    assert again.moments == first.moments
    assert torch.equal(again.tokens.x, first.tokens.x)


def test_recipes_that_begin_alike_share_the_beginning(clip, tmp_path):
    store = Store(tmp_path)
    first, second = half().vary({"stages.0.keep": [0.5, 0.25]})
    run(first, clip, "red", store=store)
    done = run(second, clip, "red", store=store)
    assert calls == ["encode"]
    assert [s.reused for s in done.stages] == [True, False]


def test_other_pixels_are_another_clip(clip, tmp_path):
    store = Store(tmp_path)
    run(half(), clip, "red", store=store)
    frames = clip.frames.copy()
    frames[0, 0, 0, 0] += 1
    run(half(), Clip(frames, clip.times_s, clip.origin), "red", store=store)
    assert calls == ["encode", "encode"]


def test_a_saved_run_comes_back_whole_without_computing(clip, tmp_path, monkeypatch):
    store = Store(tmp_path)
    done = run(half(), clip, "red", store=store)
    address = save_run(done, store)
    monkeypatch.setattr(Reddish, "__call__", lambda *_: pytest.fail("it computed"))
    again = load_run(address, store)
    assert saved_runs(store) == [address]
    assert again.address == done.address == address
    assert again.moments == done.moments
    assert again.clip.origin == done.clip.origin
    assert np.array_equal(again.clip.frames, clip.frames)
    for a, b in zip(again.stages, done.stages, strict=True):
        assert (a.name, a.seconds, a.address) == (b.name, b.seconds, b.address)
        assert torch.equal(a.tokens.x, b.tokens.x)
        assert torch.equal(a.tokens.edges, b.tokens.edges)
        assert (a.tokens.kind, a.tokens.spaces) == (b.tokens.kind, b.tokens.spaces)


def test_two_encoders_stand_side_by_side_and_come_back_so(clip, tmp_path):
    store = Store(tmp_path)
    done = run(Recipe(encoders=("blind", "reddish")), clip, "red", store=store)
    assert [s.name for s in done.tokens.spaces] == ["reddish", "reddish"]
    assert done.tokens.x.shape == (48, 6)
    again = load_run(save_run(done, store), store)
    assert torch.equal(again.tokens.x, done.tokens.x)


def test_a_run_that_was_never_saved_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="Run the recipe again"):
        load_run("abc", Store(tmp_path))


def test_a_recipe_without_a_reader_is_refused_before_anything_is_computed(clip):
    with pytest.raises(RecipeError, match="reads text"):
        run(Recipe(encoders="blind"), clip, "red")
    assert calls == []


def test_an_empty_question_is_refused(clip):
    with pytest.raises(RecipeError, match="question"):
        run(half(), clip, "  ")


def test_progress_names_every_step_and_may_stop_the_run(clip, tmp_path):
    steps = []
    run(half(), clip, "red", progress=lambda step, done, total: steps.append(step))
    assert list(dict.fromkeys(steps)) == ["encode reddish", "uniform", "moments"]

    def stop(step, done, total):
        if step == "uniform":
            raise KeyboardInterrupt

    store = Store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(half(), clip, "red", store=store, progress=stop)
    run(half(), clip, "red", store=store)
    assert calls == ["encode", "encode"]  # once above, once before the stop; kept by the store


def test_a_store_and_a_progress_reach_runs_that_are_given_none(clip, tmp_path):
    steps, store = [], Store(tmp_path)
    with unless_said(store, lambda step, done, total: steps.append(step)):
        run(half(), clip, "red")
        run(half(), clip, "red", store=Store(tmp_path / "own"))
    run(half(), clip, "red", store=store)
    assert calls == ["encode", "encode"]  # the third was remembered, the second had its own store
    assert steps.count("moments") == 4  # twice each; out here nobody listens


def test_what_is_counted_is_told_and_ends_between_two():
    told, done = [], []

    def stop(*step):
        told.append(step)
        if step == ("training", 2, 5):
            raise KeyboardInterrupt

    def work():
        done.extend(counted(5, "training"))

    with unless_said(None, stop), pytest.raises(KeyboardInterrupt):
        work()
    assert told == [("training", n, 5) for n in range(3)]
    assert done == [0, 1]
    assert list(counted(3, "training")) == [0, 1, 2]  # out here nobody listens
    assert len(told) == 3


def test_the_recipes_seed_reaches_the_parts_that_draw(clip):
    recipe = Recipe(encoders="reddish", stages=("random_tokens",))
    kept = [run(recipe.with_("seed", s), clip, "red").tokens.kept() for s in (0, 0, 1)]
    assert torch.equal(kept[0], kept[1])
    assert not torch.equal(kept[0], kept[2])


def test_the_last_compressor_runs_again_at_another_budget(clip):
    done = run(half(), clip, "red")
    assert len(done.at(0.25)) < len(done.tokens) < len(done.at(1.0)) == 48
    with pytest.raises(RecipeError, match="compressor"):
        run(half().with_("stages", ()), clip, "red").at(0.5)
