"""Multi-positive NCE: a sentence is held against all frames at once, and several may be right.

After "A Strong Baseline for Temporal Video-Text Alignment" (Li et al., 2023, arXiv:2312.14055). As
in its released code: sentences and frames are compared by cosine over a temperature of 0.07, each
sentence with the frames of all films of a batch; the loss of a sentence is minus the log of the
share that its positive frames have of the sum of exponentials, averaged over sentences; it is
taken behind every decoder layer and averaged. A sentence that is never shown costs nothing, yet
counts in the mean.

What differs: `count_absent` can leave such sentences out of the mean instead, so that a batch of
many idle sentences does not train more slowly.
"""

from dataclasses import dataclass

import torch
from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.registry import register


@register(
    "objective",
    "multi_positive_nce",
    title="Multi-positive NCE (sentences and frames)",
    paper="A Strong Baseline for Temporal Video-Text Alignment",
    year=2023,
    arxiv="2312.14055",
    atlas=("temporal_alignment",),
)
@dataclass(frozen=True)
class MultiPositiveNCE:
    """How much of each sentence's likeness lies outside the frames that show it.

    Args:
        tau: temperature of the cosines.
        count_absent: sentences that are never shown count in the mean, as released.
    """

    tau: float = 0.07
    count_absent: bool = True

    def __call__(
        self,
        text: Float[Tensor, "k b s c"],
        video: Float[Tensor, "b t c"],
        shown: Bool[Tensor, "b s t"],
        text_mask: Bool[Tensor, "b s"],
        video_mask: Bool[Tensor, "b t"],
    ) -> dict[str, Tensor]:
        """The term of each decoder layer by name ("layer 0", ...), and "total", their mean.

        Args:
            text: sentences behind each of k decoder layers.
            video: frames, in the sentences' space.
            shown: when each sentence is on screen.
            text_mask: sentences that exist.
            video_mask: frames that exist.
        """
        films, _, frames = shown.shape
        own = torch.eye(films, dtype=torch.bool, device=shown.device)
        positive = rearrange(own[:, None, :, None] & shown[:, :, None], "b s c t -> (b s) (c t)")
        there, seen = text_mask.flatten(), video_mask.reshape(films * frames)
        against = normalize(video.flatten(0, 1), dim=-1)
        terms = {
            f"layer {k}": multi_positive_nce(
                normalize(layer.flatten(0, 1), dim=-1) @ against.T / self.tau,
                positive,
                there,
                seen,
                count_absent=self.count_absent,
            )
            for k, layer in enumerate(text)
        }
        return {**terms, "total": torch.stack(list(terms.values())).mean()}

    @property
    def weights(self) -> dict[str, float]:
        """How much each term counts."""
        return {"nce": 1.0}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The mean over decoder layers, as "nce", of a head's batch of one sentence per film.

        Args:
            out: with aux "sentences" (b k c), behind each of k decoder layers, and "frames".
            targets: what is true of its clips.
        """
        text = rearrange(out.aux["sentences"], "b k c -> k b 1 c")
        shown, there = targets.labels.f[:, None], torch.ones_like(text[0, ..., 0]).bool()
        loss = self(text, out.aux["frames"], shown, there, targets.mask)
        return {"nce": loss["total"]}


def multi_positive_nce(
    similarity: Float[Tensor, "s t"],
    positive: Bool[Tensor, "s t"],
    text_mask: Bool[Tensor, "s"],
    video_mask: Bool[Tensor, "t"],
    *,
    count_absent: bool = True,
) -> Float[Tensor, ""]:
    """The mean over sentences of -log(sum over positive frames / sum over all frames).

    Args:
        similarity: of sentences and frames, temperature and all.
        positive: which frames show which sentence; others are negatives.
        text_mask: sentences that exist.
        video_mask: frames that exist.
        count_absent: sentences without a positive frame cost 0 and count in the mean.
    """
    there = similarity.masked_fill(~video_mask, -torch.inf)
    right = positive & video_mask
    present = right.any(1) & text_mask
    share = there.masked_fill(~right, -torch.inf)[present].logsumexp(1)
    cost = (there[present].logsumexp(1) - share).sum()
    count = text_mask.sum() if count_absent else present.sum()
    return cost / count.clamp_min(1)
