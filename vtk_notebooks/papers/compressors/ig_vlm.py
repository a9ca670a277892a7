"""IG-VLM at work: six frames as one picture, asked of a model that knows only pictures."""

from pathlib import Path

import torch
from torch.nn.functional import cosine_similarity

from vtk_notebooks.clip import Clip
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.part import Part
from vtk_notebooks.pipelines.grid_answer import Ask, GridAnswer, Picture
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("compressor:image_grid", "pipeline:grid_answer")
TESTS = (
    "tests/compressors/pool/test_image_grid.py",
    "tests/pipelines/test_grid_answer.py",
    "tests/papers/compressors/test_ig_vlm.py",
)
DIFFERS = (
    "The vision-language model is not here. In its place ConSE, which sees a picture in 7 rows of "
    "cells, says which frame is most like the question, in a picture of six tiles, as published, "
    "and of four: a small eye loses small tiles. The figure shows what tiling does to the tokens "
    "of the recipe's encoders. Frames are taken from the 32 that were sampled."
)


def recipe() -> Recipe:
    """Six frames at the price of one."""
    return Recipe(stages=(Part("image_grid", {"frames": 6}),), name="IG-VLM")


def demo(film: Path, query: str) -> Demo:
    """The moments that one picture still gives, and which of its frames a small model picks."""
    done, told = run(recipe(), film, query), {}
    for frames in (4, 6):
        asked = GridAnswer(frames, prompt="{question}")
        told[f"found_in_{frames}_s"] = float(asked(done.clip, query, _looker(asked, done.clip)))
    return demo_of(done, **told)


def _looker(asked: GridAnswer, clip: Clip) -> Ask:
    """A model of pictures that answers with the time of the tile most like the text."""
    grid, eye = asked.grid(clip), ConSE()

    def look(picture: Picture, text: str) -> str:
        seen = eye(grid.clip(clip))
        like = cosine_similarity(seen.x, eye.read(text).vector[None])
        under = torch.tensor(grid.under(*seen.grid[1:])).flatten()
        best = under[like.masked_fill(under < 0, -1.0).argmax()]
        return str(clip.times_s[int(best)])

    return look
