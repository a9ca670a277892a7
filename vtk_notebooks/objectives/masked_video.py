"""Masked video modelling: what is made of some tokens should be what is made of all of them.

After ST-LLM, "ST-LLM: Large Language Models Are Effective Temporal Learners" (Liu et al., 2024,
arXiv:2404.00308). As there, and in its released code: the language model reads the film twice, once
with random tokens left out (`compressors.route.random_token_drop`) and once whole; the loss is the
mean of 2 - 2 cos between the last hidden states of each token that stayed, in both readings. It is
added to the loss of the answer, with a weight of 1; the whole reading is a target and gets no
gradient.

What differs: the released code can put a linear layer and a layer norm behind the first reading;
that is for the caller to do. Tokens are told apart by their numbers, so nothing depends on both
readings being laid out alike.
"""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import cosine_similarity

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.registry import register


@register(
    "objective",
    "masked_video",
    title="Masked video modelling (ST-LLM)",
    paper="ST-LLM: Large Language Models Are Effective Temporal Learners",
    year=2024,
    arxiv="2404.00308",
    atlas=("st_llm",),
)
@dataclass(frozen=True)
class MaskedVideoLoss:
    """How far the reading of some tokens is from the reading of all; 0 at best, 4 at worst.

    Args:
        weight: beside the loss of the answer.
    """

    weight: float | int = 1

    def __call__(
        self, some: Float[Tensor, "b k d"], whole: Float[Tensor, "b n e"], kept: Int[Tensor, "b j"]
    ) -> dict[str, Tensor]:
        """The term by its name, and "total".

        Args:
            some: hidden states of the tokens that stayed, in the reading without the others.
            whole: of all tokens, in the reading of all.
            kept: which of all tokens each of `some` is.
        """
        fit = some.shape[:2] == kept.shape and some.shape[2] == whole.shape[2]
        if not fit or not ((kept >= 0) & (kept < whole.shape[1])).all():
            got = f"{tuple(some.shape)}, {tuple(whole.shape)} and {tuple(kept.shape)}"
            hint = "RandomTokenDrop.stays gives the numbers."
            raise ShapeError(
                "MaskedVideoLoss", "(b k d), (b n d) and k of n numbers (b k)", got, hint
            )
        target = whole.detach().gather(1, kept[..., None].expand_as(some))
        mvm = (2 - 2 * cosine_similarity(some, target, dim=-1)).mean()
        return {"mvm": mvm, "total": self.weight * mvm}
