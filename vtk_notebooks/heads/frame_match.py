"""Frame match: times are not written but pointed at, by a token whose state picks a frame.

After E.T. Chat, in "E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding" (Liu
et al., 2024, arXiv:2409.18111). As in its released code: where a time is due, the language model
emits a token <vid>; its hidden state in the last layer but one and the frames, one token each, go
through two projections, and the frame with the largest product, over the root of the width, is the
time. The frame that was matched is added to the <vid> token before the model reads on. A moment is
two such tokens, its start and its end.

What differs: in place of a language model a small transformer reads [frames | words | <vid> <vid>],
causal among the last two; its last layer is read, as there are no words to predict, and frames are
compared as they are behind it. Frames are told how much better than the film's mean they fit the
words, so that what is learnt in seconds holds for other words. A frame is sought for both ends of a
moment; of all pairs in the right order the most probable ones are the answers, where the released
model decodes one by one. Saliency is the probability of having begun and not ended.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity

from vtk_notebooks.blocks.grounding.batch import Grounding, even_clips
from vtk_notebooks.blocks.grounding.joint_encoder import LAYER
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.blocks.positions import sinusoids
from vtk_notebooks.registry import register


class FrameMatch(nn.Module):
    """The likeness of a token's hidden state and each frame, in one space for both.

    Args:
        d_state: channels of hidden states.
        d_frame: of frames.
        d: of the space they are compared in.
    """

    def __init__(self, d_state: int, d_frame: int, d: int) -> None:
        super().__init__()
        self.vid_head, self.frm_head = nn.Linear(d_state, d), nn.Linear(d_frame, d)

    def forward(
        self, state: Float[Tensor, "b c"], frames: Float[Tensor, "b t e"]
    ) -> Float[Tensor, "b t"]:
        return matching(self.vid_head(state), self.frm_head(frames))


def matching(state: Float[Tensor, "b d"], frames: Float[Tensor, "b t d"]) -> Float[Tensor, "b t"]:
    """Products of a state and each frame, over the root of their width."""
    return torch.einsum("b d, b t d -> b t", state, frames) / state.shape[-1] ** 0.5


class Kernel(nn.Module):
    """The trainable part: padded frames and words in, two <vid> tokens matched with the frames.

    As aux: "logits" (b 2 t), of the start and the end, finite also where a film has ended.
    """

    def __init__(self, width: int, hidden: int = 64, layers: int = 2, heads: int = 4) -> None:
        super().__init__()
        self.project = nn.Linear(width, hidden)
        self.kind = nn.Parameter(0.02 * torch.randn(2, hidden))  # frame, word
        self.match = nn.Parameter(torch.randn(hidden))
        self.content, self.pace = (nn.Parameter(torch.tensor(x)) for x in (0.1, 0.3))
        self.vid = nn.Parameter(0.02 * torch.randn(2, hidden))
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(hidden, heads, 2 * hidden, **LAYER) for _ in range(layers)
        )
        self.compare = FrameMatch(hidden, hidden, hidden)

    def forward(
        self,
        video: Float[Tensor, "b t d"],
        video_mask: Bool[Tensor, "b t"],
        text: Float[Tensor, "b l d"],
        text_mask: Bool[Tensor, "b l"],
        clips: Float[Tensor, "b t 2"] | None = None,
    ) -> Grounding:
        frames, words = self.project(video), self.project(text)
        said = _mean(words, text_mask)
        alike = cosine_similarity(frames, said[:, None], dim=-1)
        alike = (alike - _mean(alike[..., None], video_mask))[..., None] * self.match
        place = self.pace * sinusoids(torch.arange(video.shape[1]).to(video), frames.shape[-1])
        told = self.content * frames + place + alike + self.kind[0]
        before = torch.cat([told, self.content * words + self.kind[1]], 1)
        gone = ~torch.cat([video_mask, text_mask], 1)
        asked = self.vid.expand(len(video), -1, -1)
        start = self.pointed(before, gone, asked[:, :1], told)
        best = start.masked_fill(~video_mask, -torch.inf).argmax(1)
        seen = asked[:, :1] + told[torch.arange(len(told)), best][:, None]
        end = self.pointed(before, gone, torch.cat([seen, asked[:, 1:]], 1), told)
        clips = even_clips(video_mask) if clips is None else clips
        return _grounding(torch.stack([start, end], 1), video_mask, clips)

    def pointed(
        self,
        before: Float[Tensor, "b n c"],
        gone: Bool[Tensor, "b n"],
        vids: Float[Tensor, "b k c"],
        frames: Float[Tensor, "b t c"],
    ) -> Float[Tensor, "b t"]:
        """How well each frame matches the last of the <vid> tokens so far."""
        (n, k), x = (before.shape[1], vids.shape[1]), torch.cat([before, vids], 1)
        number = torch.arange(n + k, device=x.device)
        later = (number > number[:, None]) & (number >= n)  # only <vid> tokens are causal
        missing = torch.cat([gone, gone.new_zeros(len(gone), k)], 1)
        for layer in self.layers:
            x = layer(x, src_mask=later, src_key_padding_mask=missing)
        return self.compare(x[:, -1], x[:, : frames.shape[1]])


def _mean(x: Float[Tensor, "b l c"], mask: Bool[Tensor, "b l"]) -> Float[Tensor, "b c"]:
    return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp_min(1)


def _grounding(
    logits: Float[Tensor, "b 2 t"], mask: Bool[Tensor, "b t"], clips: Float[Tensor, "b t 2"]
) -> Grounding:
    """From each frame on to the most probable end, and how probable both are."""
    start, end = logits.masked_fill(~mask[:, None], -torch.inf).softmax(-1).unbind(1)
    ahead = end[:, None].expand(-1, end.shape[1], -1).triu()
    best = ahead.max(-1)
    spans = torch.stack([clips[..., 0], clips[..., 1].gather(1, best.indices)], -1)
    between = start.cumsum(1) * end.flip(1).cumsum(1).flip(1)
    return Grounding(spans, start * best.values * mask, between, {"logits": logits})


@register(
    "head",
    "frame_match",
    title="Frame matching by a <vid> token (E.T. Chat)",
    paper="E.T. Bench: Towards Open-Ended Event-Level Video-Language Understanding",
    year=2024,
    arxiv="2409.18111",
    atlas=("et_bench",),
)
@dataclass(frozen=True, eq=False)
class FrameMatching(TrainedHead):
    """A trained head that points at the first and the last frame.

    Args:
        file: safetensors that `save` wrote, or the name of weights that come with the package.
        overlap: two answers never have a larger IoU.
        most: moments to answer with.
    """

    network = Kernel
    objectives = ("soft_match",)
