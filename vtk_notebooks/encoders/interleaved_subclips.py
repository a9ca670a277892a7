"""Interleaved sub-clips: a long clip is dealt like cards to several passes of a short encoder.

After INTP, "Interpolating Video-LLMs: Toward Longer-sequence LMMs in a Training-free Manner" (Shang
et al., 2024, arXiv:2409.12963). As there: an encoder that was trained on N = 8 frames sees F frames
as m = F / N sub-clips, the i-th of which has frames i, i + m, i + 2m, ..., so that each one spans
the whole film; the tokens are then put back in the order of the frames. No training, and no more
tokens than frames give.

What differs: any encoder of ours may do the passes. Those that ship with it look at each frame
alone, for which the detour changes nothing; it is for encoders that mix frames. Where N does not
divide F, sub-clips are a frame shorter. The paper has no public code; that its sub-clips are
strided as here was read in descriptions of it, not in its text. How positions of the longer
sequence fit into the language model is `mixer:ntk_positions`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch

from vtk_notebooks import registry
from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register(
    "encoder",
    "interleaved_subclips",
    title="Interleaved sub-clips (INTP)",
    paper="Interpolating Video-LLMs: Toward Longer-sequence LMMs in a Training-free Manner",
    year=2024,
    arxiv="2409.12963",
    atlas=("intp",),
)
@dataclass(frozen=True)
class InterleavedSubclips:
    """The tokens of another encoder that never sees more than so many frames at once.

    Args:
        encoder: by name, with its own defaults.
        frames: of a pass, at most.
    """

    encoder: str = "dinov2"
    frames: int = 8

    def __post_init__(self) -> None:
        if self.frames < 1:
            raise VtkError("InterleavedSubclips", "1 frame or more", self.frames)
        if self.encoder == "interleaved_subclips":
            raise VtkError("InterleavedSubclips", "another encoder", "itself")

    @property
    def space(self) -> str:
        """That of the encoder."""
        return registry.build("encoder", self.encoder).space

    def weights(self) -> str:
        """What the encoder's weights are."""
        return registry.build("encoder", self.encoder).weights()

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per cell of the encoder's grid; `progress` is told frames done and in all."""
        return interleaved(registry.build("encoder", self.encoder), clip, self.frames, progress)


def interleaved(
    encode: Callable[[Clip], Tokens], clip: Clip, most: int, progress: Progress | None = None
) -> Tokens:
    """What an encoder makes of a clip dealt to passes of at most `most` frames, in film order."""
    passes, done = -(-len(clip) // most), 0
    parts: list[Tokens] = []
    for i in range(passes):
        dealt = Clip(clip.frames[i::passes], clip.times_s[i::passes], clip.origin)
        parts.append(encode(dealt))
        if parts[-1].grid[0] != len(dealt):
            expected = f"an encoder that keeps {len(dealt)} frames"
            raise ShapeError("interleaved", expected, f"{parts[-1].grid[0]} of them")
        done += len(dealt)
        if progress is not None:
            progress(done, len(clip))
    x = parts[0].x.new_empty(len(clip), *parts[0].on_grid("interleaved").shape[1:])
    for i, part in enumerate(parts):
        x[i::passes] = part.on_grid("interleaved")
    made = Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s)
    return replace(made, spaces=parts[0].spaces, view=parts[0].view)
