"""Tower: a vision model without words, which sees a film window by window.

Towers with learned positions see a fixed number of frames; a longer film is cut into windows of
that many, and the last one repeats its last frame, whose copies leave no tokens behind.
"""

from abc import abstractmethod

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._adapter import Adapter
from vtk_notebooks.models.adapters._patches import grouped
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens


class Tower(Adapter):
    """Base of towers: how many frames a window has and a token spans, and what it sees."""

    @property
    @abstractmethod
    def window(self) -> int:
        """Frames that it sees at a time."""

    @property
    def span(self) -> int:
        """Frames that one token speaks for."""
        return 1

    @property
    @abstractmethod
    def side(self) -> int:
        """Cells along a side of its square frame."""

    @property
    @abstractmethod
    def side_px(self) -> int:
        """Pixels along it."""

    @abstractmethod
    def see(self, x: Float[Tensor, "t 3 y x"]) -> Float[Tensor, "g h w d"]:
        """Tokens of one window, the groups of frames first."""

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per patch and group of frames, window after window."""
        ready, seen = Preparation.of(self.settings, self.side_px), list[Tensor]()
        for start in range(0, len(clip), self.window):
            frames = clip.frames[start : start + self.window]
            x = ready(frames)
            x = torch.cat([x, x[-1:].expand(self.window - len(x), -1, -1, -1)])
            with torch.inference_mode():
                tokens = self.see(x.to(self.model.device, self.model.dtype)).float().cpu()
            seen.append(tokens[: -(-len(frames) // self.span)].clone())
            if progress is not None:
                progress(start + len(frames), len(clip))
        _, height, width, _ = clip.frames.shape
        tokens = grouped(torch.cat(seen), clip, self.span, self.space)
        return ready.seen(tokens, height, width)

    def cube(self, hidden: Float[Tensor, "n d"], groups: int) -> Float[Tensor, "g h w d"]:
        """Tokens in order of time, row and column as a cube."""
        return rearrange(hidden, "(g h w) d -> g h w d", g=groups, h=self.side)
