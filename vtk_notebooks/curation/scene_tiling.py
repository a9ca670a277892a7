"""Scene tiling: a film is cut where frames stop being like their neighbours on both sides.

SceneTilling of "VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges" (Wang
et al., 2024, arXiv:2409.01071), after TextTiling; `vtk_notebooks.blocks.streaming.scenes` says how.
As there, a scene ends where a valley of likeness is deeper than the mean by half a standard
deviation, at 15 places at most, or at a fixed number of the deepest; the released form for streams
looks back only, but still takes mean and deviation of the whole film.

What differs: a frame's vector is the mean of its cells, in the channels of `space` where it is
named; there it is the class token of the encoder.
"""

from dataclasses import dataclass

import torch
from einops import reduce
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.blocks.streaming.scenes import scene_ends
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register(
    "curation",
    "scene_tiling",
    title="Scene tiling (VideoLLaMB)",
    paper="VideoLLaMB: Long-context Video Understanding with Recurrent Memory Bridges",
    year=2024,
    arxiv="2409.01071",
    atlas=("videollamb",),
)
@dataclass(frozen=True)
class SceneTiling:
    """The scenes of a film, in order; together they are the film.

    Args:
        alpha: standard deviations above the mean depth, from where on a scene ends.
        most: ends of scenes; of more, the deepest count.
        scenes: above 0, as many of the deepest places end a scene, whatever their depth.
        causal: only what came before counts, and `most` does not.
        space: whose channels are compared; "" for all.
    """

    alpha: float | int = 0.5
    most: int = 15
    scenes: int = 0
    causal: bool = False
    space: str = ""

    def __post_init__(self) -> None:
        if self.most < 1 or self.scenes < 0 or not self.alpha >= 0:
            got = f"alpha={self.alpha}, most={self.most}, scenes={self.scenes}"
            raise VtkError("SceneTiling", "most of 1 or more, the others of 0 or more", got)

    def __call__(self, tokens: Tokens) -> list[Moment]:
        """The scenes, each with the number of its last frame as its text.

        Args:
            tokens: of the film, one per cell.
        """
        ends_s, start_s, found = tokens.ends_s().tolist(), tokens.times_s[0].item(), []
        for last in self.ends(self._frames(tokens)):
            found.append(Moment(start_s, ends_s[last], 1.0, str(last)))
            start_s = ends_s[last]
        return found

    def ends(self, frames: Float[Tensor, "t d"]) -> list[int]:
        """Numbers of the last frames of scenes, from one vector a frame."""
        return scene_ends(frames, self.alpha, self.most, self.scenes, self.causal)

    @classmethod
    def example(cls) -> tuple[Tokens]:
        """Six frames, the last two of which show something else."""
        x = torch.tensor([[1.0, 0.1], [1.0, 0.2], [1.0, 0.1], [1.0, 0.2], [0.1, 1.0], [0.2, 1.0]])
        return (Tokens.from_grid(x[:, None, None], torch.arange(6) / 2),)

    def _frames(self, tokens: Tokens) -> Float[Tensor, "t d"]:
        tokens.on_grid("SceneTiling")
        x = tokens.part(self.space) if self.space else tokens.x
        return reduce(x.float(), "(t s) d -> t d", "mean", t=tokens.grid[0])
