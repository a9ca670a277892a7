"""Tower: a vision model without words, which sees a film window by window.

Towers with learned positions see a fixed number of frames; a longer film is cut into windows of
that many, and the last one repeats its last frame, whose copies leave no tokens behind.
"""

from abc import abstractmethod
from typing import Any

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import WeightsError
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


class WindowTower(Tower):
    """Base of towers that learned windows of so many frames: their configs say how many, and how.

    A tubelet's size is one number, of frames, beside a patch's; or three, of frames and pixels.
    """

    @property
    def window(self) -> int:
        return _first(self.model.config, "num_frames", "frames_per_clip")

    @property
    def span(self) -> int:
        tube = getattr(self.model.config, "tubelet_size", 1)
        return tube if isinstance(tube, int) else tube[0]

    @property
    def side(self) -> int:
        tube = getattr(self.model.config, "tubelet_size", 1)
        return self.side_px // (self.model.config.patch_size if isinstance(tube, int) else tube[1])

    @property
    def side_px(self) -> int:
        return _first(self.model.config, "image_size", "crop_size")


def _first(config: Any, *names: str) -> int:
    """The number under the first of these names that a config has."""
    found = [getattr(config, name) for name in names if hasattr(config, name)]
    if not found:
        expected = f"a config with {' or '.join(names)}"
        raise WeightsError(type(config).__name__, expected, "neither")
    return int(found[0])
