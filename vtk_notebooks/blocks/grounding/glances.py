"""Glances: how far a single instant in a moment tells which moment it is.

The bells, the mixture and the counters of "D3G: Exploring Gaussian Prior for Temporal Sentence
Grounding with Glance Annotation" (Li et al., 2023, arXiv:2308.04197); `objectives.glance_gaussian`
says what is what.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def bells(parts: int, sigma: float) -> Float[Tensor, "p p"]:
    """A curve over the parts of a film for each part that could be the centre; its maximum is 1."""
    line = torch.linspace(-1, 1, parts)
    centre = 2 * torch.arange(parts) / parts - 1
    bell = (-((line - centre[:, None]) ** 2) / (2 * sigma**2)).exp()
    return bell / bell.amax(1, keepdim=True)


def counters(glance: Int[Tensor, "q"], parts: int, window: int) -> Int[Tensor, "q p"]:
    """3 at the glance, 0 in a window around it, -1 elsewhere."""
    away = torch.arange(parts, device=glance.device) - glance[:, None]
    near = (away >= -((window - 1) // 2)) & (away <= window // 2)
    return torch.where(away == 0, 3, torch.where(near, 0, -1))


def counted(
    counter: Int[Tensor, "q p"], alike: Float[Tensor, "q p"], threshold: float
) -> Int[Tensor, "q p"]:
    """Counters after one more look: one up where parts are alike, one down where they are not."""
    up = (counter >= 0) & (alike >= threshold)
    down = (counter >= 1) & (alike < threshold)
    return counter + up.long() - down.long()


def mixture(
    counter: Int[Tensor, "q p"], alike: Float[Tensor, "q p"], sigma: float
) -> Float[Tensor, "q p p"]:
    """The weight of every moment, first part by last part: the mean over centres of their bells."""
    centre = (counter > 0).to(alike)
    share = centre * alike / centre.sum(1, keepdim=True).clamp_min(1)
    return moment_weights(share @ bells(counter.shape[1], sigma).to(alike))


def looked_at(
    glance: Int[Tensor, "q"],
    alike: Float[Tensor, "q p"],
    sigma: float,
    window: int,
    threshold: float,
) -> Float[Tensor, "q p p"]:
    """The weight of every moment after one look at the parts around the glance."""
    counter = counters(glance, alike.shape[1], window)
    return mixture(counted(counter, alike, threshold), alike, sigma)


def moment_weights(curve: Float[Tensor, "q p"]) -> Float[Tensor, "q p p"]:
    """The mean of a curve at begin, middle and end of every moment, first part by last part."""
    part = torch.arange(curve.shape[1], device=curve.device)
    first, last = part[:, None].expand(len(part), -1), part[None].expand(len(part), -1)
    middle, end = (first + last + 1) // 2, (last + 1).clamp_max(len(part) - 1)
    return (curve[:, first] + curve[:, middle.clamp_max(len(part) - 1)] + curve[:, end]) / 3


def holds(glance: Int[Tensor, "q"], parts: int) -> Bool[Tensor, "q p p"]:
    """Which moments, first part by last part, contain the glance."""
    part = torch.arange(parts, device=glance.device)
    before, behind = part <= glance[:, None], part >= glance[:, None]
    return before[:, :, None] & behind[:, None]
