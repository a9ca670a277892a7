"""Intervention: what follows from x when x is set, not met; confounders keep their own frequency.

What is seen together need not cause one another: a third thing z may bring both. The backdoor
adjustment takes z as often as it is, P(z), and not as often as it comes with x, P(z|x) ("Causality:
Models, Reasoning, and Inference", Pearl, 2000). `Commonsense` does that for features, after "Visual
Commonsense R-CNN" (Wang et al., 2020, arXiv:2002.12204), on which iPerceive (arXiv:2011.07735)
builds: of each, the page's beginning was read; formulas are as known from the literature, not
checked against the text.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.functional import normalize

from vtk_notebooks.errors import VtkError


def intervene(given: Float[Tensor, "x z y"], prior: Float[Tensor, "z"]) -> Float[Tensor, "x y"]:
    """P(y|do(x)), the sum over z of P(y|x,z) P(z).

    Args:
        given: P(y|x,z); adds up to 1 over y.
        prior: P(z); adds up to 1.

    Raises:
        VtkError: if one of them is no probability.
    """
    for name, p in (("P(y|x,z)", given), ("P(z)", prior)):
        total = p.sum(-1)
        if (p < 0).any() or not torch.allclose(total, torch.ones_like(total), atol=1e-4):
            raise VtkError("intervene", f"{name} of 0 or more that adds up to 1", total.tolist())
    return torch.einsum("x z y, z -> x y", given, prior)


class Commonsense(nn.Module):
    """A dictionary of confounders with a prior, and what each thing expects of it.

    Args:
        width: channels of a thing and of an entry.
        entries: of the dictionary.
        inner: channels in which things and entries are compared.
    """

    def __init__(self, width: int, entries: int = 8, inner: int = 32) -> None:
        super().__init__()
        self.config = {"width": width, "entries": entries, "inner": inner}
        self.dictionary = nn.Parameter(torch.randn(entries, width))
        self.log_odds = nn.Parameter(torch.zeros(entries))
        self.ask, self.key = nn.Linear(width, inner), nn.Linear(width, inner)
        self.own, self.near = nn.Linear(width, entries), nn.Linear(width, entries)
        self.beyond = nn.Linear(width, entries, bias=False)

    def forward(
        self,
        x: Float[Tensor, "*b d"],
        dictionary: Float[Tensor, "z d"] | None = None,
        prior: Float[Tensor, "z"] | None = None,
    ) -> Float[Tensor, "*b d"]:
        """The causal feature of each thing: the sum over z of attention(x, z) P(z) z.

        Args:
            x: things seen.
            dictionary: another one than its own.
            prior: of that one.
        """
        z = self.dictionary if dictionary is None else dictionary
        prior = self.log_odds.softmax(0) if prior is None else prior
        logits = self.ask(x) @ self.key(z).T / self.ask.out_features**0.5
        return (logits.softmax(-1) * prior) @ z

    def context(
        self, x: Float[Tensor, "*b d"], feature: Float[Tensor, "*b d"]
    ) -> Float[Tensor, "*b z"]:
        """Logits of what is seen beside a thing, the expectation over z inside the softmax."""
        return self.near(x) + self.beyond(feature)

    def classes(self, x: Float[Tensor, "*b d"]) -> tuple[Int[Tensor, "*b"], Float[Tensor, "*b"]]:
        """The entry that is most like each thing, and how far from it it is (1 - cosine)."""
        fits = normalize(x, dim=-1) @ normalize(self.dictionary, dim=-1).T
        best = fits.max(-1)
        return best.indices, 1 - best.values
