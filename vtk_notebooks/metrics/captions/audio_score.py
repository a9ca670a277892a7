"""Audio score: does a description fit what is heard, as vectors of sound, sight and text tell?

After "Fine-grained Audible Video Description" (Shen et al., 2023, arXiv:2303.15616): x is the mean
of the cosines of sound with text and of sound with frames, and the score a exp(-b exp(-c x)), a
Gompertz curve with c = 10 that is 1/2 at x = 0 and 1 at x = 1, in percent. The released code has
b = .693179 where ln 2 is .693147, so that its half is 49.99998; this is repeated here.

What differs: the paper's vectors are CLIP's for frames and text and PaSST's for sound, with layers
trained to bring them together (TriLip, whose weights are not here); whoever asks brings vectors.
The released code compares frames with text, and text with sound, and so never sound with frames:
`pairs="released"`. It also leaves out unit length and scales by a learnt number; neither is here.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.registry import register
from vtk_notebooks.statistics import Estimate

B, C = 0.693179, 10.0
"""Of the curve, as released."""


@register(
    "metric",
    "audio_score",
    title="AudioScore",
    paper="Fine-grained Audible Video Description",
    year=2023,
    arxiv="2303.15616",
    atlas=("favd",),
)
@dataclass(frozen=True)
class AudioScore:
    """AudioScore, from 0 to 100, and "cosine", the mean of x.

    Args:
        pairs: "paper" compares sound with text and frames, "released" text with sound and frames.
    """

    pairs: Literal["paper", "released"] = "paper"

    def __call__(
        self,
        sound: Float[np.ndarray, "n d"],
        text: Float[np.ndarray, "n d"],
        frames: Float[np.ndarray, "n d"],
    ) -> dict[str, Estimate]:
        """Numbers by name.

        Args:
            sound: a vector per film.
            text: of each film's description, in the same space.
            frames: of what each film shows, in the same space.
        """
        if not len(sound):
            raise ShapeError("audio_score", "vectors of one or more films", sound.shape)
        middle, others = (sound, text) if self.pairs == "paper" else (text, sound)
        x = (cosines(middle, others) + cosines(middle, frames)) / 2
        return {"AudioScore": Estimate.mean(100 * gompertz(x)), "cosine": Estimate.mean(x)}

    @classmethod
    def example(
        cls,
    ) -> tuple[Float[np.ndarray, "n d"], Float[np.ndarray, "n d"], Float[np.ndarray, "n d"]]:
        """Two films, each with one direction for what is heard, said and seen."""
        direction = np.eye(2)
        return direction, 3 * direction, direction / 2


def gompertz(x: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """From a cosine to a score in (0, 1]: a half at 0, nearly 0 below -.3, nearly 1 above .5."""
    return np.exp(B * (np.exp(-C) - np.exp(-C * x)))


def cosines(a: Float[np.ndarray, "n d"], b: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n"]:
    """Row by row; 0 where a vector is 0."""
    size = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.divide((a * b).sum(1), size, out=np.zeros(len(a)), where=size > 0)
