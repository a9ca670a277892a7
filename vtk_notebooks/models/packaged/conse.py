"""ConSE behind the door: text-to-frame similarity without a model that was trained on both.

What it is, whose idea, and what it cannot do, is said in the encoder of the same name
(`vtk_notebooks.encoders.conse`), which recipes use; this is the same thing for `load("conse")`.
"""

from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.models import efficientnet, minilm
from vtk_notebooks.models.adapters import Adapter, Record
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.labels import convex_combination, label_vectors
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens


class ConSE(Adapter):
    """Unit vectors in the space of MiniLM, 7 cells along the short side; reads text as well.

    Args:
        record: what was loaded.
        paths: of its files; the networks find theirs themselves.
    """

    model_types: ClassVar[tuple[str, ...]] = ()

    def __init__(self, record: Record, paths: dict[str, Path]) -> None:
        super().__init__(efficientnet.network(record.device), {}, minilm.tokenizer(), record)

    def encode(
        self, clip: Clip, progress: Progress | None = None, *, k: int = 10, batch: int = 8
    ) -> Tokens:
        """One token per cell: the vectors of its `k` most probable classes, by probability."""
        device = self.record.device
        vectors = label_vectors().to(device)

        def look(frames: Any) -> Tensor:
            return convex_combination(efficientnet.cell_logits(frames, device), vectors, k)

        x = in_batches(clip.frames, batch, look, progress)
        return Tokens.from_grid(x, torch.tensor(clip.times_s), clip.duration_s, space=self.space)

    def read(self, text: str) -> Query:
        """The question as vectors of this space."""
        vector, words, tokens = minilm.read(text)
        return Query(text, vector, words, tokens, self.space)
