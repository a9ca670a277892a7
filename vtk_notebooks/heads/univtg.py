"""UniVTG's head: each clip says if it is foreground, where its moment lies, how salient it is.

After "UniVTG: Towards Unified Video-Language Temporal Grounding" (Lin et al., 2023,
arXiv:2307.16715). As there: a transformer encoder reads [video | text] with type embeddings; f is
three convolutions and a sigmoid; b is three convolutions and a sigmoid, the distances back to the
start and on to the end, from the clip's own time; s is the cosine of the clip and the text pooled
by attention.

What differs: it is small (64 wide and 2 layers deep instead of 1024 and 4), because it is meant to
be trained in a notebook; one projection serves video and text, because tokens and questions here
share a space; the cosine of clip and text is told to the encoder as well, so that after seconds of
training it finds what it was never trained to ask for; the text pooling starts as the mean; clips
are frames, as the means of their tokens. That s compares the projected features, not those behind
the encoder, could not be verified.
"""

from dataclasses import dataclass
from itertools import pairwise

from einops import rearrange
from jaxtyping import Bool, Float
from torch import Tensor, nn

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.joint_encoder import JointEncoder
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.registry import register


class Convolutions(nn.Module):
    """Three convolutions over time, three clips wide; what is masked counts as silence."""

    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        sizes = pairwise([width, width, width, out])
        self.layers = nn.ModuleList(nn.Conv1d(a, b, 3, padding=1) for a, b in sizes)

    def forward(
        self, x: Float[Tensor, "b t c"], mask: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b t o"]:
        x = rearrange(x, "b t c -> b c t")
        for i, layer in enumerate(self.layers):
            x = layer((x.relu() if i else x) * mask[:, None])
        return rearrange(x, "b o t -> b t o")


class Kernel(nn.Module):
    """The trainable part: padded clips and words in, one proposal for each clip out.

    As aux: "offset" (b t 2), start and end from the clip's own time, parts of the film in [-1, 0]
    and [0, 1]; "video" (b t c) and "text" (b c), whose cosine is the saliency.
    """

    def __init__(self, width: int, hidden: int = 64, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.encoder = JointEncoder(width, hidden, layers, heads)
        self.foreground = Convolutions(hidden, 1)
        self.offset = Convolutions(hidden, 2)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        read = self.encoder(video, video_mask, text, text_mask)
        foreground = self.foreground(read.video, video_mask)[..., 0].sigmoid() * video_mask
        offset = self.offset(read.video, video_mask).sigmoid() * video.new_tensor([-1, 1])
        centre = (even_clips(video_mask) if clips is None else clips).mean(-1, keepdim=True)
        aux = {"offset": offset, "video": read.clips, "text": read.pooled}
        return Grounding(centre + offset, foreground, read.cosine, aux)


@register(
    "head",
    "univtg",
    title="UniVTG (f, b, s)",
    paper="UniVTG: Towards Unified Video-Language Temporal Grounding",
    year=2023,
    arxiv="2307.16715",
    atlas=("univtg",),
)
@dataclass(frozen=True, eq=False)
class UniVTG(TrainedHead):
    """A trained (f, b, s) head.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("univtg",)
