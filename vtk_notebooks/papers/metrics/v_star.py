"""V-STaR at work: what is shown, when and where, asked in both orders of films with one picture."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from einops import rearrange
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.heads import BestSpan
from vtk_notebooks.metrics.questions.v_star import Box, Chained, VStar, rated
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.metrics._seen import DECOYS, needle_for
from vtk_notebooks.part import Part
from vtk_notebooks.query import Query
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.tokens import Tokens

MECHANISMS = ("metric:v_star",)
TESTS = ("tests/metrics/questions/test_v_star.py",)
DIFFERS = (
    "Not the benchmark's films or questions, and no language model. A picture of this film, and "
    "one of another, are each laid over a grey film of six frames at a known time and place. ConSE "
    "says which of four texts shows, a training-free head when, and the box around the cells most "
    "alike where; a rule, not a judge, rates what was said. What and when are easy there, and then "
    "LGM says little more than where its cut lies; where is hard: ConSE's cells each see much of "
    "the frame, so the score of the whole frame as an answer stands beside."
)
SIDE_PX, INSET_PX, FRAMES = 224, 128, 6
SPAN_S = (2.0, 5.0)
PLACES: tuple[Box, ...] = ((0.0, 0.0, 128.0, 128.0), (96.0, 96.0, 224.0, 224.0))


@dataclass(frozen=True)
class Asked:
    """A made film, where its picture lies, and which text is right."""

    clip: Clip
    box: Box
    text: str


def demo(film: Path, query: str) -> Demo:
    """The chained scores, beside what is found in the film itself."""
    done = run(Recipe((Part("conse"),), frames=12, short_side=SIDE_PX, name="V-STaR"), film, query)
    best = done.clip.frames[int(np.nanargmax(done.saliency.numpy()))]
    shown = ((best, query), needle_for(film))
    films = [
        Asked(laid_over(picture, box), box, text)
        for (picture, text), box in zip(shown * 2, PLACES + PLACES[::-1], strict=True)
    ]
    texts = (query, shown[1][1], *DECOYS[:2])
    numbers = VStar()([chained(one, texts) for one in films])
    names = ("Acc", "chain 1 m_tIoU", "chain 1 m_vIoU", "chain 2 m_tIoU", "chain 2 m_vIoU")
    told = {n.lower().replace(" ", "_"): float(numbers[n]) for n in (*names, "mAM", "mLGM")}
    whole = {f"{t:g}": (0.0, 0.0, float(SIDE_PX), float(SIDE_PX)) for t in range(FRAMES)}
    guessed = VStar()([Chained(SPAN_S, {"2": one.box}, where=(whole, whole)) for one in films])
    return demo_of(done, **told, whole_frame_m_viou=float(guessed["chain 1 m_vIoU"]))


def laid_over(picture: UInt8[np.ndarray, "h w 3"], box: Box) -> Clip:
    """Six grey seconds, over three of which a picture lies."""
    from PIL import Image

    frames = np.full((FRAMES, SIDE_PX, SIDE_PX, 3), 128, np.uint8)
    left, top, right, bottom = map(int, box)
    inset = Image.fromarray(picture).resize((INSET_PX, INSET_PX))
    start, end = map(int, SPAN_S)
    frames[start:end, top:bottom, left:right] = np.asarray(inset)
    origin = Origin("a picture on grey", float(FRAMES), 1.0, SIDE_PX, SIDE_PX)
    return Clip(frames, np.arange(float(FRAMES)), origin)


def chained(one: Asked, texts: tuple[str, ...]) -> Chained:
    """What, then when and where; and what, then where and when."""
    encoder, head = ConSE(), BestSpan()
    tokens = encoder(one.clip)
    queries = [encoder.read(text) for text in texts]
    curves = torch.stack([head.saliency(tokens, query) for query in queries])
    rises = (curves - curves.mean(1, keepdim=True)).amax(1)  # whatever is like grey stays out
    pick = int(rises.argmax())
    said, query = texts[pick], queries[pick]

    heat = alike(tokens, query)
    moment = head(tokens, query)[0]
    first = frames_in(one.clip, moment.start_s, moment.end_s)
    boxes = {f"{t:g}": warm_box(heat[first].mean(0)) for t in one.clip.times_s[first]}

    place = warm_box(heat[int(curves[pick].argmax())])
    inside = head(tokens.select(cells_in(tokens, place)), query)[0]
    later = frames_in(one.clip, inside.start_s, inside.end_s)

    rating = rated("What is shown?", one.text, said, lambda _: "3" if said == one.text else "0")
    true = frames_in(one.clip, *SPAN_S)
    return Chained(
        SPAN_S,
        {f"{t:g}": one.box for t in one.clip.times_s[true]},
        rating,
        ((moment.start_s, moment.end_s), (inside.start_s, inside.end_s)),
        (boxes, {f"{t:g}": place for t in one.clip.times_s[later]}),
    )


def alike(tokens: Tokens, query: Query) -> Float[Tensor, "t h w"]:
    """How much every cell looks like the query."""
    cosine = cosine_similarity(tokens.part(query.space), query.vector[None], dim=-1)
    return tokens.spread(cosine.to(tokens.share.dtype))


def warm_box(heat: Float[Tensor, "h w"]) -> Box:
    """Around the cells that lie nearer to the warmest than to the mean, in pixels."""
    warm = heat > (heat.mean() + heat.max()) / 2
    rows, columns = warm.any(1).nonzero(), warm.any(0).nonzero()
    cell = SIDE_PX / heat.shape[0]
    edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    left, top, right, bottom = (float(edge) * cell for edge in edges)
    return left, top, right, bottom


def cells_in(tokens: Tokens, box: Box) -> Tensor:
    """Numbers of the tokens whose cells lie in a box, in every frame."""
    t, h, w = tokens.grid
    left, top, right, bottom = (round(edge * h / SIDE_PX) for edge in box)
    number = torch.arange(t * h * w).reshape(t, h, w)
    return rearrange(number[:, top:bottom, left:right], "t h w -> (t h w)")


def frames_in(clip: Clip, start_s: float, end_s: float) -> np.ndarray:
    """Numbers of the frames that start within a stretch."""
    return np.flatnonzero((clip.times_s >= start_s) & (clip.times_s < end_s))
