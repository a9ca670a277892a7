"""Conditional masks: track what was found, but turn to what answers better once it appears.

After SAMWISE, "SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation" (Cuttano et
al., 2025, arXiv:2411.17646). As there: film is read clip by clip; cross-modal temporal adapters
tell cells of words and of their patch through time, and words of cells; two vectors of the words
become the prompt for all frames of a clip. A frame's mask is tracked from a memory of the last
frames, and found once more without it; where a learned decision takes the two for different
objects, the memory is moved towards the second (`blocks.grounding.conditional_memory`). So a
tracker that began with the wrong thing leaves it, a frame after the right one appears.

What differs: no SAM 2. Its memory and its decoder are stand-ins of a few weights; how far memory is
believed is a setting (`trust`) and not learnt, because there the tracker is frozen. Adapters stand
on one grid, with smaller patches in the later ones, where in the paper the grid shrinks with them;
and they start a little off identity. The second vector of the prompt is a word chosen by attention
for the verb, and the prompt starts out as the words themselves, because they share a space with the
cells. As a head it says when: a frame's saliency is what its surest cell says without memory, since
memory may hold what was not asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from einops import rearrange, repeat
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, pad

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.cells import CellHead
from vtk_notebooks.blocks.grounding.conditional_memory import (
    Decision,
    MemoryReader,
    Remembered,
    corrected,
    other_object,
    remembered,
)
from vtk_notebooks.blocks.grounding.cross_modal_adapter import CrossModalAdapter
from vtk_notebooks.blocks.grounding.curves import runs_of
from vtk_notebooks.blocks.grounding.joint_encoder import AttentivePool
from vtk_notebooks.errors import ShapeError, SpaceError
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens

Decoder = Callable[[Float[Tensor, "n c h w"], Float[Tensor, "n c"]], Float[Tensor, "n h w"]]
"""Features of frames, and a prompt for each, to a logit for each cell."""
Correct = Literal["learned", "overlap", "never"]
"""Who decides that the memory is to be corrected: the trained decision, its training label, or
nobody."""
NO = -30.0  # the logit of a cell that nothing speaks for


class CandidateDecoder(nn.Module):
    """The default decoder: cells like the prompt, if they are nearly as like it as the best one."""

    def __init__(self, nearly: float = 0.75) -> None:
        super().__init__()
        self.nearly = nearly
        self.sharpness = nn.Parameter(torch.tensor(20.0))
        self.threshold = nn.Parameter(torch.tensor(0.5))

    def forward(
        self, features: Float[Tensor, "n c h w"], prompt: Float[Tensor, "n c"]
    ) -> Float[Tensor, "n h w"]:
        cells = rearrange(features, "n c h w -> n h w c")
        alike = cosine_similarity(cells, prompt[:, None, None], dim=-1)
        best = alike.flatten(1).amax(1)[:, None, None]
        return self.sharpness * (alike - torch.maximum(self.threshold, self.nearly * best))


class Kernel(nn.Module):
    """The trainable part: padded cells and words in, a mask for each frame out.

    As aux: "mask_logits" and "fresh_logits", tracked and found without memory (b t h w);
    "decisions", "others" and "judged" (b t): the logit of the decision, what it should say, and
    whether a memory and a candidate were there to be judged; "features" (b t h w c) and "prompt"
    (b t c).
    """

    def __init__(
        self,
        width: int,
        hidden: int = 64,
        patches: Sequence[int] = (4, 2),
        heads: int = 4,
        clip: int = 8,
        memory: int = 6,
        trust: float = 0.8,
    ) -> None:
        super().__init__()
        self.clip, self.memory, self.trust = clip, memory, trust
        self.project = nn.Linear(width, hidden)
        self.adapters = nn.ModuleList(
            CrossModalAdapter(hidden, hidden // 2, patch, clip, heads, start=0.02)
            for patch in patches
        )
        self.choose = AttentivePool(hidden)
        self.to_prompt = nn.Sequential(
            nn.Linear(2 * hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.gain = nn.Parameter(torch.tensor(0.1))
        self.decoder = CandidateDecoder()
        self.reader = MemoryReader()
        self.decision = Decision(hidden, heads)

    def forward(
        self,
        video: Float[Tensor, "b t h w d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
        *,
        correct: Correct = "learned",
        begin: Bool[Tensor, "b h w"] | None = None,
        decoder: Decoder | None = None,
    ) -> Grounding:
        there = (video.norm(dim=-1) > 0) & video_mask[..., None, None]
        cells, prompt = self.adapted(video, there, text, text_mask)
        frames = rearrange(cells, "b t h w c -> (b t) c h w")
        fresh = (decoder or self.decoder)(frames, rearrange(prompt, "b t c -> (b t) c"))
        fresh = rearrange(fresh, "(b t) h w -> b t h w", b=len(cells)).masked_fill(~there, NO)
        aux = self.tracked(cells, fresh, there, correct, begin)
        curve = fresh.flatten(2).amax(2).sigmoid()
        clips = even_clips(video_mask) if clips is None else clips
        spans, scores = runs_of(curve, video_mask, clips)
        given = {"fresh_logits": fresh, "features": cells, "prompt": prompt}
        return Grounding(spans, scores, curve, aux | given)

    def adapted(
        self,
        video: Float[Tensor, "b t h w d"],
        there: Bool[Tensor, "b t h w"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
    ) -> tuple[Float[Tensor, "b t h w c"], Float[Tensor, "b t c"]]:
        """Cells that have heard of words and their clip, and the prompt for each frame."""
        b, t = video.shape[:2]
        rest, many = -t % self.clip, -(-t // self.clip)
        x, seen = (
            pad(self.project(video), (0, 0) * 3 + (0, rest)),
            pad(there, (0, 0) * 2 + (0, rest)),
        )
        x, seen = (rearrange(v, "b (k t) ... -> (b k) t ...", k=many) for v in (x, seen))
        words = repeat(self.project(text), "b l c -> (b k) l c", k=many)
        said = repeat(text_mask, "b l -> (b k) l", k=many)
        plain = (words * said[..., None]).sum(1) / said.sum(1, keepdim=True)
        for adapter in self.adapters:
            x, words = adapter(x, seen, words, said)
        context = (words * said[..., None]).sum(1) / said.sum(1, keepdim=True)
        both = torch.cat([context, self.choose(words, said)], 1)
        prompt = plain + self.gain * self.to_prompt(both)
        cells = rearrange(x, "(b k) t h w c -> b (k t) h w c", b=b)[:, :t]
        return cells, prompt.view(b, many, -1).repeat_interleave(self.clip, 1)[:, :t]

    def tracked(
        self,
        cells: Float[Tensor, "b t h w c"],
        fresh: Float[Tensor, "b t h w"],
        there: Bool[Tensor, "b t h w"],
        correct: Correct,
        begin: Bool[Tensor, "b h w"] | None,
    ) -> dict[str, Tensor]:
        """Masks, frame after frame; none knows of a later one.

        Args:
            cells: of all frames.
            fresh: logits of the masks found without memory.
            there: cells that something speaks for.
            correct: who decides that the memory is to be corrected.
            begin: what is tracked from the first frame on, as if it had been found before it.
        """
        memory: list[Remembered] = []
        if begin is not None:
            memory.append(remembered(cells[:, 0], self.reader.clarity * (2 * begin.float() - 1)))
        found: list[tuple[Tensor, ...]] = []
        for i in range(cells.shape[1]):
            now, alone, mask = cells[:, i], fresh[:, i], fresh[:, i]
            known = torch.zeros_like(alone[:, 0, 0], dtype=torch.bool)
            if memory:
                known = torch.stack([m.strength > 0 for m in memory]).any(0)
                led = (
                    self.reader(now, memory)
                    .masked_fill(~there[:, i], NO)
                    .lerp(alone, 1 - self.trust)
                )
                mask = torch.where(known[:, None, None], led, alone)
            judged = known & (alone > 0).flatten(1).any(1)  # there is something to turn to
            other = judged & other_object(mask > 0, alone > 0)
            turn = judged & False if correct == "never" else other
            if correct == "learned" and not self.training:  # in training the label stands for it
                turn = judged & (self.decision(now, mask, alone) > 0)
            kept = torch.where(turn[:, None, None], corrected(mask, alone), mask)
            memory = [*memory, remembered(now, kept)][-self.memory :]
            found.append((mask, other, judged))
        masks, others, judged = (torch.stack(v, 1) for v in zip(*found, strict=True))
        flat = [x.flatten(0, 1) for x in (cells, masks.detach(), fresh.detach())]
        points = self.decision(*flat).view(others.shape)
        return {
            "mask_logits": masks,
            "decisions": points,
            "others": others,
            "judged": judged,
        }


@register(
    "head",
    "conditional_masks",
    title="Tracked masks with a conditional memory (SAMWISE)",
    paper="SAMWISE: Infusing wisdom in SAM2 for Text-Driven Video Segmentation",
    year=2025,
    arxiv="2411.17646",
    atlas=("samwise",),
)
@dataclass(frozen=True, eq=False)
class ConditionalMasks(CellHead):
    """A trained head that answers with tracked masks, and with when they are not empty.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("mask_prediction", "switch_detection")

    @torch.no_grad()
    def masks(
        self,
        tokens: Tokens,
        query: Query,
        decoder: Decoder | None = None,
        *,
        correct: Correct = "learned",
        begin: Bool[Tensor, "h w"] | None = None,
    ) -> Float[Tensor, "t h w"]:
        """The probability that each cell is part of what is asked for; nan where no token is left.

        Args:
            tokens: of the film.
            query: in the head's space.
            decoder: finds masks without memory in place of the trained one.
            correct: who decides that the memory is to be corrected.
            begin: what is tracked from the first frame on, right or wrong.
        """
        if query.space != self.space:
            raise SpaceError("ConditionalMasks", f"a question in {self.space!r}", query.space)
        if begin is not None and begin.shape != tokens.grid[1:]:
            raise ShapeError("ConditionalMasks", f"a mask of {tokens.grid[1:]}", begin.shape)
        batch = self.collate([(tokens, query)])
        first = None if begin is None else begin[None].to(batch.video.device)
        kernel = self.kernel.to(batch.video.device)
        out = kernel(*batch, correct=correct, begin=first, decoder=decoder)
        return torch.where(tokens.kept(), out.aux["mask_logits"][0].sigmoid(), torch.nan)
