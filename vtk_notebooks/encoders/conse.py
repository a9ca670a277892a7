"""ConSE: what each cell shows, as a mixture of the words a classifier has for it.

After "Zero-Shot Learning by Convex Combination of Semantic Embeddings" (Norouzi et al., 2013,
1312.5650): the k most probable classes of an image, each as the vector of its name, are averaged
by their probabilities; a text is then compared with that vector. No training, and words that the
classifier never saw still have a place.

What follows the paper: the convex combination of the top k, k = 10, and the cosine.
What differs: it is done at each cell of the last feature map instead of once per image (the
classifier's linear layer is asked at each cell, as in class activation maps), so a frame answers
by its best cells, not by its mean; the names are embedded as sentences ("a photo of a ...") by
MiniLM, not as words by skip-gram, so that a question can be a whole sentence; the classifier is
EfficientNet-lite0. The paper's zero-shot accuracy on ImageNet 21K was not verified.

Read a frame by the mean of its best 5 cells in 100 or fewer (`Tokens.per_frame`): what is asked
for rarely fills a frame. Known limits: it knows a thousand nouns, many of them breeds of dogs; it
has no idea of verbs, counts or order, and a drawn rabbit is as good as a real one.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import efficientnet, minilm
from vtk_notebooks.models.bundled import BUNDLED
from vtk_notebooks.models.device import device_of
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.labels import convex_combination, label_vectors
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register(
    "encoder",
    "conse",
    title="ConSE",
    paper="Zero-Shot Learning by Convex Combination of Semantic Embeddings",
    year=2013,
    arxiv="1312.5650",
)
@dataclass(frozen=True)
class ConSE:
    """Unit vectors in the space of MiniLM, 7 cells along the short side; reads text as well.

    Args:
        k: how many classes a cell is a mixture of.
        batch: frames at a time.
        device: "auto" is CUDA where there is one.
    """

    space: ClassVar[str] = "conse"

    k: int = 10
    batch: int = 8
    device: str = "auto"

    def __post_init__(self) -> None:
        if not 1 <= self.k <= 1000 or self.batch < 1:
            raise VtkError("ConSE", "1 <= k <= 1000 and batch >= 1", self)

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        names = ("efficientnet-lite0", "imagenet-labels", "minilm")
        return ", ".join(BUNDLED[name].label for name in names)

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per cell; `progress` is told frames done and frames in all."""
        device = device_of(self.device)
        vectors = label_vectors().to(device)

        def look(frames: np.ndarray) -> Tensor:
            return convex_combination(efficientnet.cell_logits(frames, device), vectors, self.k)

        x = in_batches(clip.frames, self.batch, look, progress)
        times_s = torch.tensor(clip.times_s)
        return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)

    def read(self, text: str) -> Query:
        """The question as vectors of this space."""
        vector, words, tokens = minilm.read(text)
        return Query(text, vector, words, tokens, self.space)
