import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.comparison import Answerer, Asked, compare_tokens
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.door import load
from vtk_notebooks.training import planted

from ..models.adapters import _tiny_language as _tiny

QUERY = Query("what happens?", torch.ones(6), torch.ones(1, 6), ("what",), "words")


@dataclass
class Said:
    text: str


class Parrot:
    """Says how bright the film is, by its tokens; each speaks for two frames."""

    def __init__(self, tokens=None):
        self.given = tokens

    def encode(self, clip):
        light = torch.from_numpy(clip.frames).float().mean(-1)[:, ::4, ::4]  # t, h, w
        t, h, w = light.shape
        cells = torch.arange(t * h * w).view(t // 2, 2, h, w)
        pairs = torch.stack(
            [torch.arange(t // 2 * h * w).view(-1, 1, h, w).expand_as(cells), cells]
        )
        tokens = Tokens.from_grid(light[..., None], torch.from_numpy(clip.times_s).float())
        x = light.view(t // 2, 2, h, w).mean(1).reshape(-1, 1)
        return tokens.derive(x, pairs.flatten(1).T, torch.ones(cells.numel()), "mean")

    def answer(self, prompt, tokens, *, most=64):
        return Said(f"{prompt} {tokens.x.mean():.0f}")


@pytest.fixture
def clip():
    frames = np.full((8, 8, 12, 3), 40, dtype=np.uint8)
    frames[4:] = 200
    return Clip(frames, np.arange(8.0), Origin("made", 8.0))


@pytest.fixture
def asked(clip):
    return Asked.of(Parrot(), clip, QUERY)


def test_the_whole_film_is_asked_about_first(asked):
    assert isinstance(Parrot(), Answerer)
    assert asked.text == "what happens? 120"
    assert asked.places.grid == (4, 2, 3)
    assert asked.places.times_s.tolist() == [0, 2, 4, 6]


def test_what_is_compressed_is_tied_to_the_frames_that_the_model_saw(asked):
    few = asked.compressed(build("compressor", "uniform"), 0.5)
    assert few.grid == asked.tokens.grid
    assert len(few) == 12
    frames = few.kept().flatten(1).any(1).nonzero().flatten().tolist()
    assert frames == [2, 3, 6, 7]  # the second and the last pair
    every = asked.compressed(build("compressor", "uniform"), 1.0)
    assert torch.equal(every.x, asked.tokens.x)
    assert torch.equal(every.edges, asked.tokens.edges)


def test_it_agrees_where_the_answer_is_the_same_word_for_word(asked):
    assert asked.agrees(build("compressor", "uniform"), 0.5)  # half of it dark, half bright
    assert asked.agrees(build("compressor", "temporal_pool"), 0.25)
    assert not asked.agrees(build("compressor", "first_tokens"), 0.5)  # all dark


def test_the_table_tells_for_how_many_films(asked):
    cases = [planted(seed, frames=16, side=4)[:2] for seed in range(2)]
    side = compare_tokens(
        cases, ["first_tokens", "prompt_guided_pool"], 0.5, made_films=0, repeats=1,
        asked=[asked, asked],
    )  # fmt: skip
    assert side["uniform"].same_answer_percent == 100
    assert side["first_tokens"].same_answer_percent == 0
    assert side["uniform"].same_answer_percent.n == 2
    assert side["uniform"].same_answer_percent.low < 50  # two of two say little about the third
    guided = side["prompt_guided_pool"]
    assert math.isnan(guided.same_answer_percent)  # the question is in no space of the model's
    assert "answers:" in guided.note
    assert not math.isnan(guided.error)
    alone = compare_tokens(cases, "uniform", made_films=0, repeats=1)
    assert math.isnan(alone["uniform"].same_answer_percent)


def test_a_model_that_merges_unevenly_is_told_from_one_that_does_not(clip):
    class Uneven(Parrot):
        def encode(self, clip):
            return super().encode(clip).select(torch.tensor([0, 1, 2, 5, 9]))

    with pytest.raises(ShapeError, match="compare"):
        Asked.of(Uneven(), clip, QUERY)


def test_a_video_language_model_is_asked_through_its_adapter(tmp_path):
    model = load(_tiny.qwen3_vl(tmp_path))
    frames = np.random.default_rng(0).integers(0, 256, (4, 56, 84, 3), dtype=np.uint8)
    clip = Clip(frames, np.arange(4.0), Origin("made", 4.0))
    asked = Asked.of(model, clip, QUERY, most=4)
    assert asked.places.grid[0] == 2  # pairs of frames
    assert asked.text == model.answer("what happens?", model.encode(clip), most=4).text
    assert asked.agrees(build("compressor", "uniform"), 1.0)
    few = asked.compressed(build("compressor", "bipartite_merge"), 0.5)
    assert len(few) == len(asked.tokens) // 2
    assert few.spaces == asked.tokens.spaces
    assert few.grid == asked.tokens.grid
    assert isinstance(model.answer("what happens?", few, most=4).text, str)
    with pytest.raises(VtkError, match="channels"):
        asked.agrees(build("compressor", "text_top_frames"), 0.5)
