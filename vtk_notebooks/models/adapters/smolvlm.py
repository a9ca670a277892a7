"""SmolVLM: one image block per frame, each after its time, minutes and seconds.

After "SmolVLM: Redefining small and efficient multimodal models" (Marafioti et al., 2025,
arXiv:2504.05299). Frames are squared, as its processor does without splitting; patches are shuffled
`scale_factor` x `scale_factor` into one token. The number of frames is written in words in the
prompt, as the model was trained.
"""

from typing import Any, ClassVar

import torch
from einops import rearrange
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters._language import LanguageAdapter, Segment
from vtk_notebooks.models.adapters._patches import rows_by_frame
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Tokens

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(n: int) -> str:
    """A number from 0 to 9,999 as English says it; larger ones in digits."""
    if n < 20:
        return _SMALL[n]
    if n < 100:
        return _TENS[n // 10 - 2] + (f"-{_SMALL[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{_SMALL[n // 100]} hundred" + (f" and {in_words(n % 100)}" if n % 100 else "")
    if n >= 10_000:
        return str(n)
    rest = n % 1000
    join = " and " if rest < 100 else ", "
    return f"{_SMALL[n // 1000]} thousand" + (f"{join}{in_words(rest)}" if rest else "")


class SmolVLM(LanguageAdapter):
    """A SigLIP tower, a pixel shuffle, a SmolLM2."""

    model_types: ClassVar[tuple[str, ...]] = ("smolvlm",)
    fallback: ClassVar[str] = "User: {video}{prompt}<end_of_utterance>\nAssistant:"
    fence: ClassVar[str] = "<fake_token_around_image>"
    whole: ClassVar[str] = "<global-img>"
    placeholder: ClassVar[str] = "<video>"  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        """How many frames, of how long a film; then each frame after its time."""
        before, _, after = self.template(prompt).partition(self.placeholder)
        count, length = len(rows_by_frame(tokens)), int(tokens.duration_s)
        clock = f"{length // 3600}:{length // 60 % 60:02d}:{length % 60:02d}"
        intro = f"You are provided the following series of {in_words(count)} frames"
        intro += f" from a {clock} [H:MM:SS] video.\n"

        def label(frame: int, time_s: float) -> str:
            when = f"{int(time_s // 60):02d}:{int(time_s % 60):02d}"
            return f"\nFrame from {when}:{self.fence}{self.whole}"

        return self._frame_by_frame(before + intro, tokens, f"\n\n{after}", label, self.fence)

    def encode(self, clip: Clip, progress: Progress | None = None, *, batch: int = 8) -> Tokens:
        """One token for each square of patches of each frame."""
        config, size = self.model.config, self.settings.get("max_image_size") or {}
        side_px = int(size.get("longest_edge", config.vision_config.image_size))
        square = {"height": side_px, "width": side_px}
        ready = Preparation.of({**self.settings, "size": square, "do_center_crop": False}, side_px)
        side = side_px // config.vision_config.patch_size // config.scale_factor

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            seen = self.model.model.get_image_features(pixel_values=x[None]).pooler_output
            return rearrange(torch.cat(list(seen)), "(t y x) d -> t y x d", y=side, x=side)

        x = in_batches(clip.frames, batch, look, progress)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)
