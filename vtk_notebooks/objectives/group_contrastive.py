"""Group contrast: the likeliest moments around a glance are what the sentence means, together.

After "D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation" (Li et
al., 2023, arXiv:2308.04197). As in its released code: of the moments that contain the glance, the k
of the highest similarity times prior are positive; each pays its cross-entropy at a temperature of
0.1, times its prior, against all positives, all moments of the same film without the glance and all
of the other films. Other moments with the glance count for nothing. Of the truth only the glance is
looked at.

What differs: the prior is adjusted by one look at the film as it is, not by counters that are kept
from epoch to epoch (`GlanceGaussian.adjust` has them); a moment without the glance is never
positive, where the released code takes one if those with it are less alike than 0. Defaults are the
paper's for ActivityNet.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding import moment_map
from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.glances import holds, looked_at
from vtk_notebooks.registry import register


@register(
    "objective",
    "group_contrastive",
    title="Group contrast (D3G)",
    paper="D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation",
    year=2023,
    arxiv="2308.04197",
    atlas=("d3g",),
)
@dataclass(frozen=True)
class GroupContrastive:
    """The loss of a glance per sentence.

    Args:
        group: weight of the term.
        topk: moments that are positive.
        tau: temperature.
        sigma: width of the prior's bells, where the film goes from -1 to 1.
        window: parts around the glance that may become centres of the prior.
        threshold: of their cosine with the glance's part; above 1 nothing is adjusted.
    """

    group: float = 1.0
    topk: int = 20
    tau: float = 0.1
    sigma: float = 0.6
    window: int = 8
    threshold: float = 0.9

    @property
    def weights(self) -> dict[str, float]:
        """How much the term counts."""
        return {"group": self.group}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The loss of a head's batch.

        Args:
            out: with aux "parts" (b p d), what is seen in equal parts of each film, "moments"
                (b n c) of all stretches of them, and "text" (b c).
            targets: only the glances are looked at.
        """
        seen = normalize(out.aux["parts"], dim=-1)
        parts = seen.shape[1]
        glance = (targets.glance * parts).long().clamp(0, parts - 1)
        rows = torch.arange(len(glance), device=glance.device)
        alike = torch.einsum("b p d, b d -> b p", seen, seen[rows, glance])
        prior = looked_at(glance, alike.detach(), self.sigma, self.window, self.threshold)
        first, last = moment_map.cells(parts).unbind(1)
        inside, prior = holds(glance, parts)[:, first, last], prior[:, first, last]
        loss = self(out.aux["moments"], out.aux["text"], rows, inside, prior)
        return {"group": loss}

    def __call__(
        self,
        moments: Float[Tensor, "b n c"],
        text: Float[Tensor, "q c"],
        film: Int[Tensor, "q"],
        inside: Bool[Tensor, "q n"],
        prior: Float[Tensor, "q n"],
    ) -> Float[Tensor, ""]:
        """The loss of any number of sentences about each film.

        Args:
            moments: of the films.
            text: the sentences.
            film: number of each sentence's film.
            inside: which moments contain its glance.
            prior: how much each of them may be meant.
        """
        alike = torch.einsum(
            "q c, b n c -> q b n", normalize(text, dim=-1), normalize(moments, dim=-1)
        )
        row = torch.arange(len(text), device=text.device)
        own = alike[row, film]
        many = min(self.topk, own.shape[1])
        likely = (own.detach() * prior).masked_fill(~inside, -torch.inf)
        best = likely.topk(many, dim=1).indices
        positive = inside.gather(1, best)
        counts = torch.ones_like(alike, dtype=torch.bool)
        counts[row, film] = ~inside | torch.zeros_like(inside).scatter(1, best, positive)
        total = (alike / self.tau).masked_fill(~counts, -torch.inf).flatten(1).logsumexp(1)
        each = own.gather(1, best) / self.tau - total[:, None]
        return -(prior.gather(1, best) * each * positive).sum() / positive.sum().clamp_min(1)
