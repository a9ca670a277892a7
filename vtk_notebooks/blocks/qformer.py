"""Q-Former: a few queries that read one another, a text, and a memory of any length.

After "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders and Large
Language Models" (Li et al., 2023, arXiv:2301.12597), as the kernel that several compressors train.
As there: queries and words go in behind one layer norm, as BERT's embeddings do; layers of BERT's
kind (norms behind the sums, feed-forward four times as wide); queries and words share the
self-attention; only queries look at the memory, in every other layer from the first on; and each of
the two has a feed-forward network of its own. What differs: it is small and starts from nothing;
words come in as vectors and carry no positions of their own.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

_EPS = 1e-12
"""Of the layer norms, BERT's."""


class QFormer(nn.Module):
    """Queries in, as many vectors out.

    Args:
        memory: channels of what is looked at.
        hidden: channels inside, a multiple of `heads`; queries have them already.
        layers: one or more.
        heads: of every attention.
        words: channels of the words' vectors; 0 reads no text.
        every: so many layers apart, queries look at the memory.
    """

    def __init__(
        self,
        memory: int,
        hidden: int = 256,
        layers: int = 2,
        heads: int = 4,
        words: int = 0,
        every: int = 2,
    ) -> None:
        super().__init__()
        self.read = nn.Linear(words, hidden) if words else None
        self.norm = nn.LayerNorm(hidden, _EPS)
        looks = [i % every == 0 for i in range(layers)]
        self.layers = nn.ModuleList(_Layer(hidden, heads, memory, look, words) for look in looks)

    def forward(
        self,
        queries: Float[Tensor, "b q c"],
        memory: Float[Tensor, "b m d"],
        *,
        seen: Bool[Tensor, "b m"] | None = None,
        words: Float[Tensor, "b l e"] | None = None,
    ) -> Float[Tensor, "b q c"]:
        x = queries
        if self.read is not None and words is not None:
            x = torch.cat([x, self.read(words)], 1)
        x, gone = self.norm(x), None if seen is None else ~seen
        for layer in self.layers:
            x = layer(x, queries.shape[1], memory, gone)
        return x[:, : queries.shape[1]]


class _Layer(nn.Module):
    def __init__(self, hidden: int, heads: int, memory: int, looks: bool, words: int) -> None:
        super().__init__()
        self.attend = nn.MultiheadAttention(hidden, heads, batch_first=True)
        self.attend_norm = nn.LayerNorm(hidden, _EPS)
        if looks:
            self.look = nn.MultiheadAttention(
                hidden, heads, kdim=memory, vdim=memory, batch_first=True
            )
            self.look_norm = nn.LayerNorm(hidden, _EPS)
        self.think, self.think_norm = _feed_forward(hidden), nn.LayerNorm(hidden, _EPS)
        if words:
            self.word, self.word_norm = _feed_forward(hidden), nn.LayerNorm(hidden, _EPS)

    def forward(
        self, x: Float[Tensor, "b n c"], many: int, memory: Tensor, gone: Tensor | None
    ) -> Float[Tensor, "b n c"]:
        x = self.attend_norm(x + self.attend(x, x, x, need_weights=False)[0])
        asked, said = x[:, :many], x[:, many:]
        if hasattr(self, "look"):
            seen = self.look(asked, memory, memory, key_padding_mask=gone, need_weights=False)[0]
            asked = self.look_norm(asked + seen)
        asked = self.think_norm(asked + self.think(asked))
        if said.shape[1]:
            said = self.word_norm(said + self.word(said))
        return torch.cat([asked, said], 1)


def _feed_forward(hidden: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(hidden, 4 * hidden), nn.GELU(), nn.Linear(4 * hidden, hidden))
