"""Relational memory: a few slots that hear of each word, and keep as much of it as gates let in.

As in the released decoder of "Hybrid Reasoning Network for Video-based Commonsense Captioning" (Yu
et al., 2021, arXiv:2108.02365): slots start as rows of the identity; with each word they attend to
themselves and the word, pass through an MLP, and an input and a forget gate for every channel say
how much of the new and of the old remains.
"""

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn


class RelationalMemory(nn.Module):
    """What is remembered of a sentence, word by word.

    Args:
        d: channels of a word and of a slot.
        slots: that remember.
        heads: of their attention; they divide d.
    """

    def __init__(self, d: int, slots: int = 3, heads: int = 4) -> None:
        super().__init__()
        self.attend = nn.MultiheadAttention(d, heads, batch_first=True)
        self.think = nn.Sequential(nn.Linear(d, d), nn.ReLU(), nn.Linear(d, d), nn.ReLU())
        self.of_word, self.of_slot = nn.Linear(d, 2 * d), nn.Linear(d, 2 * d)
        self.slots, self.d = slots, d

    def start(self, films: int) -> Float[Tensor, "b s d"]:
        """The memory before any word."""
        one = torch.eye(self.slots, self.d).to(self.of_word.weight)
        return one.expand(films, -1, -1)

    def step(
        self, memory: Float[Tensor, "b s d"], word: Float[Tensor, "b d"]
    ) -> Float[Tensor, "b s d"]:
        """The memory after one more word."""
        heard = torch.cat([memory, word[:, None]], 1)
        new = memory + self.attend(memory, heard, heard, need_weights=False)[0]
        new = new + self.think(new)
        gates = self.of_word(word)[:, None] + self.of_slot(memory.tanh())
        take, keep = gates.sigmoid().chunk(2, -1)
        return take * new.tanh() + keep * memory

    def forward(self, words: Float[Tensor, "b l d"]) -> Float[Tensor, "b l m"]:
        """All slots, one behind the other, after each word; it has heard of no later one."""
        memory, after = self.start(len(words)), []
        for word in words.unbind(1):
            memory = self.step(memory, word)
            after.append(memory)
        return rearrange(torch.stack(after, 1), "b l s d -> b l (s d)")
