"""Scenes: a film ends one where its frames' likeness falls into a deep valley.

SceneTilling of "VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges" (Wang
et al., 2024, arXiv:2409.01071), after TextTiling. The likeness s of two frames in a row is the
cosine of their vectors. From each place one climbs outwards while the next s is no lower; the depth
of the place is how far both peaks stand above it, together: left + right - 2 s. A scene ends where
the depth is above the mean of all by more than alpha standard deviations.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import cosine_similarity


def depths(x: Float[Tensor, "t d"], causal: bool = False) -> Float[Tensor, "_"]:
    """How deep the likeness of each frame and the next lies below the peaks around it.

    Args:
        x: one vector a frame.
        causal: look at the peak before only.
    """
    alike = cosine_similarity(x[:-1], x[1:], dim=1)
    left = _peaks(alike) - alike
    return left if causal else left + _peaks(alike.flip(0)).flip(0) - alike


def scene_ends(
    x: Float[Tensor, "t d"],
    alpha: float | int = 0.5,
    most: int = 15,
    scenes: int = 0,
    causal: bool = False,
) -> list[int]:
    """The last frame of each scene, rising.

    Args:
        x: one vector a frame.
        alpha: standard deviations (of a sample) above the mean depth, from where on a scene ends.
        most: ends; of more, the deepest count.
        scenes: above 0, as many of the deepest places end a scene, whatever their depth.
        causal: as the released code does it for streams: only the peak before counts, so is there
            no `most`, and the film's last frame ends a scene only where no other does.
    """
    last = len(x) - 1
    depth = depths(x, causal) if last else x.new_zeros(0)
    if scenes:
        found = depth.topk(min(scenes, last)).indices
    elif len(depth) < 2:  # nothing to deviate from
        found = depth[:0]
    else:
        found = (depth > depth.mean() + alpha * depth.std()).nonzero().squeeze(1)
        if len(found) > most and not causal:
            found = found[depth[found].topk(most).indices]
    ends = sorted(found.tolist())
    if causal and ends:
        return ends
    return ends if ends and ends[-1] == last else [*ends, last]


@dataclass
class SceneWatch:
    """Says of each frame whether a scene ended before it, from what came until then.

    The mean and the standard deviation are those of the depths so far, so that it never looks
    ahead, and the first scenes of a stream end more readily. It remembers a frame and five numbers.

    Args:
        alpha: as of `scene_ends`.
    """

    alpha: float | int = 0.5
    before: Tensor | None = None
    alike: float = 0.0
    peak: float = 0.0
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def __call__(self, x: Float[Tensor, "d"]) -> bool:
        """Whether the frame before this one was the last of its scene."""
        before, self.before = self.before, x
        if before is None:
            return False
        alike = cosine_similarity(before, x, dim=0).item()
        self.peak = self.peak if self.count and self.alike >= alike else alike
        self.alike = alike
        depth = self.peak - alike
        self.count += 1
        away = depth - self.mean
        self.mean += away / self.count
        self.squares += away * (depth - self.mean)
        if self.count < 2:
            return False
        return depth > self.mean + self.alpha * (self.squares / (self.count - 1)) ** 0.5


def _peaks(alike: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    """How high one gets by climbing to the left from each place."""
    peak = alike.clone()
    for i in range(1, len(alike)):
        if alike[i - 1] >= alike[i]:
            peak[i] = peak[i - 1]
    return peak
