"""Tower: what its tokens should say before anybody asks: what is in a cell, and how it moves.

Each token has a linear read-out for what a made film knows exactly of its 16 x 16 pixels in its
two frames: is something there (in the first, in the second), in which colour and form, moving
which way, over which ground. The read-outs are thrown away afterwards.
"""

from typing import Any, NamedTuple

import numpy as np
import torch
from einops import rearrange, repeat
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from vtk_notebooks.tiny.build import MERGE, PATCH, PER
from vtk_notebooks.tiny.films import FRAMES, SIDE, LessonFilm
from vtk_notebooks.video.synth.scene import COLOURS, FORMS, GROUNDS, MOTIONS

CELL = PATCH * MERGE
GROUPS, SIDES = FRAMES // PER, SIDE // CELL
KINDS = {"colour": len(COLOURS), "form": len(FORMS), "motion": len(MOTIONS), "ground": len(GROUNDS)}
NONE = -100
"""Where there is nothing to say."""


class Truth(NamedTuple):
    """What is in each cell; g groups of frames, 4 x 4 cells each."""

    there: Float[Tensor, "g y x per"]
    kinds: dict[str, Int[Tensor, "g y x"]]


def truth(film: LessonFilm) -> Truth:
    """As the scene and the renderer know it."""
    labels = rearrange(film.drawn[1], "(g a) (y p) (x q) -> g y x a (p q)", a=PER, p=CELL, q=CELL)
    events = film.film.scene.events
    counts = np.stack([(labels == n).sum(-1) for n in range(len(events))], -1)  # g y x a events
    seen = counts >= 8
    there = torch.from_numpy(seen.any(-1)).float()
    main = torch.from_numpy(counts.sum(3).argmax(-1))
    some = there.amax(-1) > 0
    both = torch.from_numpy(seen.any((1, 2))).all(1)  # g events: in both frames of the group
    looks = {
        "colour": [list(COLOURS).index(e.shape.colour) for e in events],
        "form": [FORMS.index(e.shape.form) for e in events],
        "motion": [list(MOTIONS).index(e.motion) for e in events],
    }
    kinds = {k: torch.where(some, torch.tensor(v)[main], NONE) for k, v in looks.items()}
    moving = both.gather(1, main.flatten(1)).view_as(main)
    kinds["motion"] = torch.where(moving, kinds["motion"], NONE)
    names, scene = list(GROUNDS), film.film.scene
    over = [
        next(names.index(s.ground) for s in scene.shots if s.start_s <= t < s.end_s)
        for t in film.times_s[::PER]
    ]
    kinds["ground"] = repeat(torch.tensor(over), "g -> g y x", y=SIDES, x=SIDES)
    return Truth(there, kinds)


def patches(films: list[LessonFilm]) -> Float[Tensor, "b g n c"]:
    """Pixels in the order that the tower takes them, a group of frames a row."""
    frames = torch.from_numpy(np.stack([f.frames for f in films])).float() / 127.5 - 1
    return rearrange(
        frames,
        "b (g a) (y m p) (x n q) c -> b g (y x m n) (c a p q)",
        a=PER, m=MERGE, n=MERGE, p=PATCH, q=PATCH,
    )  # fmt: skip


def see(tower: Any, x: Float[Tensor, "g n c"]) -> Float[Tensor, "g y x d"]:
    """The tower's own layers over many groups at once; its forward pass takes them one by one."""
    from transformers.models.qwen3_vl.modeling_qwen3_vl import apply_rotary_pos_emb_vision
    from transformers.vision_utils import (
        get_vision_interpolation_indices_and_weights,
        get_vision_position_ids,
    )

    side = SIDE // PATCH
    grid = torch.tensor([[1, side, side]])
    where, weight = get_vision_interpolation_indices_and_weights(
        grid,
        num_grid_per_side=tower.num_grid_per_side,
        mode=tower.interpolation_mode,
        align_corners=tower.interpolation_align_corners,
        spatial_merge_size=MERGE,
    )
    g = len(x)
    h = rearrange(tower.patch_embed(rearrange(x, "g n c -> (g n) c")), "(g n) d -> g n d", g=g)
    h = h + (tower.pos_embed(where) * weight[..., None]).sum(1)
    cos, sin = tower.rotary_pos_emb(h[0], get_vision_position_ids(grid, MERGE))
    for block in tower.blocks:
        attn = block.attn
        qkv = rearrange(
            attn.qkv(block.norm1(h)), "g n (k h d) -> k (g n) h d", k=3, h=attn.num_heads
        )
        cosine, sine = cos.repeat(g, 1), sin.repeat(g, 1)
        q, k = apply_rotary_pos_emb_vision(qkv[0], qkv[1], cosine, sine)
        q, k, v = (rearrange(z, "(g n) h d -> g h n d", g=g) for z in (q, k, qkv[2]))
        out = nn.functional.scaled_dot_product_attention(q, k, v)
        h = h + attn.proj(rearrange(out, "g h n d -> g n (h d)"))
        h = h + block.mlp(block.norm2(h))
    y = tower.merger(rearrange(h, "g n d -> (g n) d"))
    return rearrange(y, "(g y x) d -> g y x d", g=g, y=SIDES, x=SIDES)


class Readouts(nn.Module):
    """One linear layer for each kind of fact."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.there = nn.Linear(width, PER)
        self.kinds = nn.ModuleDict({k: nn.Linear(width, n) for k, n in KINDS.items()})

    def losses(self, x: Float[Tensor, "g y x d"], true: Truth) -> dict[str, Float[Tensor, ""]]:
        """Each fact's mean over the cells that have it."""
        out = {"there": binary_cross_entropy_with_logits(self.there(x), true.there)}
        for kind, head in self.kinds.items():
            said, is_ = head(x).flatten(0, 2), true.kinds[kind].flatten()
            out[kind] = cross_entropy(said, is_, ignore_index=NONE)
        return out

    @torch.inference_mode()
    def right(self, x: Float[Tensor, "g y x d"], true: Truth) -> dict[str, float]:
        """How often the read-out is right."""
        out = {"there": ((self.there(x) > 0) == (true.there > 0.5)).float().mean().item()}
        for kind, head in self.kinds.items():
            has = true.kinds[kind] != NONE
            out[kind] = (head(x).argmax(-1) == true.kinds[kind])[has].float().mean().item()
        return out


def stacked(parts: list[Truth]) -> Truth:
    """Films one after the other."""
    kinds = {k: torch.cat([p.kinds[k] for p in parts]) for k in KINDS}
    return Truth(torch.cat([p.there for p in parts]), kinds)
