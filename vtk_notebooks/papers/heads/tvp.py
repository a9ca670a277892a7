"""TVP at work: a border learns in front of an encoder, prompts before the words of a question."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from einops import rearrange
from torch import Tensor
from torch.nn.functional import interpolate

from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.encoders.conse import ConSE
from vtk_notebooks.encoders.pad_prompt import Border, as_pixels, fit
from vtk_notebooks.heads.prompted_span import PromptedSpan
from vtk_notebooks.models.efficientnet import MEAN, STD, network
from vtk_notebooks.models.labels import convex_combination, label_vectors
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.heads._planted import beside_blind
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.video import open_clip

MECHANISMS = ("encoder:pad_prompt", "head:prompted_span", "objective:tdiou")
TESTS = (
    "tests/encoders/test_pad_prompt.py",
    "tests/heads/test_prompted_span.py",
    "tests/objectives/test_tdiou.py",
    "tests/oracles/test_tvp_loss.py",
    "tests/papers/heads/test_tvp.py",
)
DIFFERS = (
    "Border and span are trained one after the other: the border through EfficientNet, so that "
    "four frames of this film are more like the question, the span on made films with a planted "
    "moment. Films are read by ConSE instead of a ResNet; the paper's own trained model is the "
    "adapter tvp."
)


def demo(film: Path, query: str) -> Demo:
    """What a border does to the cosine of frames and question, and the span found through it."""
    asked = ConSE().read(query).vector.clone()
    frames = as_pixels(open_clip(film).sample(4, short_side=224).frames)
    border, look = Border(), looking()
    losses = fit(border, frames, lambda x: 1 - (look(x) @ asked).mean(), steps=4)
    with TemporaryDirectory() as folder:
        file = save_kernel(border, Path(folder) / "border.safetensors")
        encoder = Part("pad_prompt", {"file": file})
        head = Part("prompted_span", {"file": "conse"})
        done = run(Recipe((encoder,), head=head, name="TVP"), film, query)
    gained = losses[0] - losses[-1]
    return demo_of(done, cosine_gained=gained, **beside_blind(PromptedSpan("conse")))


def looking() -> Callable[[Tensor], Tensor]:
    """What ConSE makes of frames as a whole, by a way on which gradients come back."""
    net = deepcopy(network("cpu"))  # of its own: elsewhere it looks in inference mode
    vectors = label_vectors().clone()
    mean, std = (torch.tensor(x)[:, None, None] for x in (MEAN, STD))

    def look(pixels: Tensor) -> Tensor:
        x = (interpolate(pixels, (224, 224), mode="bilinear", antialias=True) - mean) / std
        cells = rearrange(net.extract_features(x), "t c y x -> t y x c").mean((1, 2))
        return convex_combination(net._fc(cells), vectors, 10)

    return look
