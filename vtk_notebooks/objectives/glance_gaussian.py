"""Glance prior: one annotated instant spreads as a bell curve over all moments that contain it.

After "D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation" (Li et
al., 2023, arXiv:2308.04197). As in its released code: part g of n stands at 2 g / n - 1, parts lie
on a line from -1 to 1, each bell has the maximum 1; a moment weighs the mean of the curve at its
begin, its middle and its end, the part after its last one. Dynamic adjustment counts for every part
near the glance how often it looked like it: the glance starts at 3, a look at or above the
threshold adds 1, one below takes 1 away, and every part that counts above 0 is a centre of the
mixture, weighed by its similarity. Similarities are carried on with a momentum of 0.7 for the new
ones.

What differs: the window's place where it is even (one more part behind the glance) is as in the
reference case, not as read.
"""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.blocks.grounding import glances
from vtk_notebooks.errors import VtkError
from vtk_notebooks.registry import register


@register(
    "objective",
    "glance_gaussian",
    title="Glance prior (D3G)",
    paper="D3G: Exploring Gaussian Prior for Temporal Sentence Grounding with Glance Annotation",
    year=2023,
    arxiv="2308.04197",
    atlas=("d3g",),
)
@dataclass(frozen=True)
class GlanceGaussian:
    """How much each moment may be meant, if only one instant of it is known.

    Args:
        sigma: width of a bell, where the film goes from -1 to 1.
        window: parts around the glance that may become centres.
        threshold: of the cosine with the glance's part.
        momentum: how much new similarities count beside those of the time before.
    """

    sigma: float = 0.3
    window: int = 5
    threshold: float = 0.9
    momentum: float = 0.7

    def __post_init__(self) -> None:
        if not self.sigma > 0 or self.window < 1:
            got = f"sigma={self.sigma}, window={self.window}"
            raise VtkError("GlanceGaussian", "sigma above 0 and window of 1 or more", got)

    def __call__(self, glance: Int[Tensor, "q"], parts: int) -> Float[Tensor, "q p p"]:
        """The weight of every moment, first part by last part, before any adjustment.

        Args:
            glance: number of the part that was annotated.
            parts: of the film.
        """
        return glances.moment_weights(glances.bells(parts, self.sigma).to(glance.device)[glance])

    def counters(self, glance: Int[Tensor, "q"], parts: int) -> Int[Tensor, "q p"]:
        """3 at the glance, 0 in its window, -1 elsewhere."""
        return glances.counters(glance, parts, self.window)

    def adjust(
        self,
        counter: Int[Tensor, "q p"],
        alike: Float[Tensor, "q p"],
        before: Float[Tensor, "q p"] | None = None,
    ) -> tuple[Int[Tensor, "q p"], Float[Tensor, "q p"]]:
        """Counters and similarities after one more look.

        Args:
            counter: as `counters` or the look before left them.
            alike: cosine of each part with the glance's.
            before: similarities that the look before left.
        """
        if before is not None:
            alike = self.momentum * alike + (1 - self.momentum) * before
        return glances.counted(counter, alike, self.threshold), alike

    def mixture(
        self, counter: Int[Tensor, "q p"], alike: Float[Tensor, "q p"]
    ) -> Float[Tensor, "q p p"]:
        """The weight of every moment around all centres, the mean of theirs."""
        return glances.mixture(counter, alike, self.sigma)
