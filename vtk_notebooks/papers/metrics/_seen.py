"""Seen: how well each frame of a clip shows each of some texts, for demos that answer questions."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from jaxtyping import Float, UInt8

from vtk_notebooks.arrays import digest
from vtk_notebooks.clip import Clip
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.heads import BestSpan
from vtk_notebooks.video import gallery_film, open_clip

DECOYS = ("a bowl of fruit", "a grand piano", "a dog on a sofa", "a computer keyboard")
"""What a film is not likely to show."""
SIDE_PX = 224
_NEEDLES = {"bigbuckbunny": ("a rabbit", 1.0), "bikes": ("a person riding a bicycle", 4.8)}
"""What a film of the gallery shows, and when."""


def seen(clip: Clip, texts: Sequence[str]) -> Float[np.ndarray, "c t"]:
    """Similarity of every text with the best cells of every frame, as ConSE sees them."""
    encoder, head = ConSE(), BestSpan()
    tokens = encoder(clip)
    return np.stack([head.saliency(tokens, encoder.read(text)).numpy() for text in texts])


def seen_in_each(clips: Sequence[Clip], texts: Sequence[str]) -> list[Float[np.ndarray, "c t"]]:
    """`seen` of several clips of one size; a frame that several of them hold is looked at once."""
    addresses = [[digest(frame) for frame in clip.frames] for clip in clips]
    frames = dict(zip(chain(*addresses), chain(*(clip.frames for clip in clips)), strict=True))
    together = Clip(np.stack(list(frames.values())), np.arange(len(frames)) / 1, clips[0].origin)
    scores, number = seen(together, texts), {address: n for n, address in enumerate(frames)}
    return [scores[:, [number[address] for address in held]] for held in addresses]


def odd_frame(scores: Float[np.ndarray, "c t"]) -> int:
    """Where some text lies farthest above its own mean: something else came into view."""
    return int((scores - scores.mean(1, keepdims=True)).max(0).argmax())


def needle_for(film: Path) -> tuple[UInt8[np.ndarray, "y x 3"], str]:
    """A frame of another film of the gallery, and what it shows."""
    name = next(name for name in _NEEDLES if gallery_film(name).name != film.name)
    text, time_s = _NEEDLES[name]
    clip = open_clip(gallery_film(name)).sample(times_s=[time_s], short_side=SIDE_PX)
    return clip.frames[0], text
