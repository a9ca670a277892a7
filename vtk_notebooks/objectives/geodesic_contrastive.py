"""Geodesic contrast: moments are near if a path of neighbours leads from one to the other.

After "G2L: Semantically Aligned and Uniform Video Grounding via Geodesic and Game Theory" (Li et
al., 2023, arXiv:2307.14277). As in its released code: every moment of a film points to its k
nearest ones, an edge is as long as the largest cosine of its row is above its own, paths are the
shortest ones that way and end at a limit of 0.5, beyond which a distance is 1. The moments nearest
to the true one are positive, each weighed by 1 - distance; negative are moments of the same film
that overlap the truth by less than half, and all moments of the other films.

What differs: the loss is the plain cross-entropy of each positive, times its weight; the released
code takes the exponential of similarities twice. It has two more terms with mined negatives, which
are left out, as is its cross-entropy on IoU.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.blocks.grounding.batch import Grounding, Targets
from vtk_notebooks.blocks.grounding.intervals import iou
from vtk_notebooks.registry import register


@register(
    "objective",
    "geodesic_contrastive",
    title="Geodesic contrast (G2L)",
    paper="G2L: Semantically Aligned and Uniform Video Grounding via Geodesic and Game Theory",
    year=2023,
    arxiv="2307.14277",
    atlas=("g2l",),
)
@dataclass(frozen=True)
class GeodesicContrastive:
    """The contrast of sentences with all moments of a batch.

    Args:
        geodesic: weight of the term.
        k: neighbours that a moment points to.
        limit: distance beyond which no path is followed.
        topk: moments that are positive.
        tau: temperature.
        apart: IoU with the truth below which a moment of the same film is negative.
    """

    geodesic: float = 1.0
    k: int = 5
    limit: float = 0.5
    topk: int = 3
    tau: float = 0.1
    apart: float = 0.5

    @property
    def weights(self) -> dict[str, float]:
        """How much the term counts."""
        return {"geodesic": self.geodesic}

    def terms(self, out: Grounding, targets: Targets) -> dict[str, Tensor]:
        """The loss of a head's batch.

        Args:
            out: with one proposal for each moment, and aux "moments" (b n c) and "text" (b c).
            targets: the first span of each film is the truth.
        """
        overlap = iou(out.spans, targets.spans[:, :1])
        return {"geodesic": self(out.aux["moments"], out.aux["text"], overlap)}

    def __call__(
        self,
        moments: Float[Tensor, "b n c"],
        text: Float[Tensor, "b c"],
        overlap: Float[Tensor, "b n"],
    ) -> Float[Tensor, ""]:
        """The loss of one sentence a film.

        Args:
            moments: of each film.
            text: its sentence.
            overlap: IoU of each moment with the truth.
        """
        z, q = normalize(moments, dim=-1), normalize(text, dim=-1)
        true = overlap.argmax(1)
        near = torch.stack([self.nearness(m, int(i)) for m, i in zip(moments, true, strict=True)])
        weight, positive = near.topk(min(self.topk, near.shape[1]), dim=1)
        alike = torch.einsum("q c, b n c -> q b n", q, z) / self.tau
        own = torch.arange(len(q), device=q.device)
        counts = torch.ones_like(alike, dtype=torch.bool)
        counts[own, own] = (overlap < self.apart).scatter(1, positive, True)
        total = alike.masked_fill(~counts, -torch.inf).flatten(1).logsumexp(1)
        each = total[:, None] - alike[own, own].gather(1, positive)
        return (weight * each).sum() / weight.sum().clamp_min(1e-9)

    @torch.no_grad()
    def nearness(self, moments: Float[Tensor, "n c"], true: int) -> Float[Tensor, "n"]:
        """1 - geodesic distance from one moment to each, in [0, 1]; its own is 1."""
        edges = neighbour_edges(moments, self.k)
        return 1 - geodesics(edges, true, self.limit).to(moments)


def neighbour_edges(z: Float[Tensor, "n c"], k: int) -> Float[Tensor, "n n"]:
    """Length of the edge from each row's moment to its k nearest; infinite to the others."""
    far = torch.cdist(z, z).fill_diagonal_(torch.inf)
    near = far.topk(min(k, len(z) - 1), largest=False).indices
    unit = normalize(z, dim=-1)
    alike = unit @ unit.T
    length = (alike.amax(1, keepdim=True) - alike).clamp_min(0)
    edges = torch.full_like(length, torch.inf)
    return edges.scatter(1, near, length.gather(1, near))


def geodesics(
    edges: Float[Tensor, "n n"], source: int, limit: float = float("inf")
) -> Float[Tensor, "n"]:
    """Length of the shortest path from one moment to each; 1 where none is short enough.

    Args:
        edges: length from row to column, infinite where there is no edge.
        source: number of the moment.
        limit: of a path's length.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    length = edges.detach().cpu().double().numpy()
    rows, columns = np.nonzero(np.isfinite(length))
    graph = coo_array((length[rows, columns], (rows, columns)), shape=length.shape).tocsr()
    found = dijkstra(graph, directed=True, indices=source, limit=limit)
    found = np.where(np.isfinite(found), np.minimum(found, 1.0), 1.0)
    return torch.from_numpy(found).to(edges.device)
