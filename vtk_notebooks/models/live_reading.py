"""Live reading: a causal language model reads a stream bit by bit and keeps what it computed."""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from vtk_notebooks.errors import ShapeError


def embedded(
    model: nn.Module,
    ids: Int[Tensor, "*b l"],
    frames: Bool[Tensor, "*b l"],
    features: Float[Tensor, "n d"],
) -> Float[Tensor, "*b l d"]:
    """A stream as the model's input: words as it embeds them, features in the places of frames.

    Args:
        model: a causal language model of transformers.
        ids: tokens; what stands in the places of frames is not looked at.
        frames: these places.
        features: one row for each, in order.
    """
    if int(frames.sum()) != len(features):
        raise ShapeError("embedded", f"features for {int(frames.sum())} places", len(features))
    embed: Any = model.get_input_embeddings()  # pyright: ignore[reportCallIssue]
    x = embed(ids.masked_fill(frames, 0)).clone()
    x[frames] = features.to(x)
    return x


class LiveReader:
    """Reads on, and says what it expects next. One reader, one stream.

    Args:
        model: a causal language model of transformers; not changed.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.reset()

    def reset(self) -> None:
        """Forget the stream."""
        self.cache: Any = None
        self.tokens = 0

    @torch.no_grad()
    def read(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "v"]:
        """Take in embeddings; gives the logits of the token after them."""
        if not len(x):
            raise ShapeError("LiveReader.read", "one or more tokens", 0)
        asked: Any = self.model
        out = asked(inputs_embeds=x[None], past_key_values=self.cache, use_cache=True)
        self.cache = out.past_key_values
        self.tokens += len(x)
        return out.logits[0, -1]

    @torch.no_grad()
    def say(self, ids: Int[Tensor, "n"]) -> Float[Tensor, "v"]:
        """Take in tokens."""
        embed: Any = self.model.get_input_embeddings()  # pyright: ignore[reportCallIssue]
        return self.read(embed(ids))

    def reply(self, logits: Float[Tensor, "v"], end: int, most: int = 100) -> list[int]:
        """Speak on, the most probable token each time, until the end token or `most` of them.

        What was said becomes part of what was read, its end token too.

        Args:
            logits: of the first token.
            end: number of the token that ends a reply.
            most: 1 or more.
        """
        said: list[int] = []
        while len(said) < most:
            said.append(int(logits.argmax()))
            logits = self.say(torch.tensor(said[-1:], device=logits.device))
            if said[-1] == end:
                break
        return said
