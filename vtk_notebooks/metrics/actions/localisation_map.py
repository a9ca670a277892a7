"""Localisation mAP: which actions go on at 25 times of a film, each class ranking all frames.

After "Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding" (Sigurdsson
et al., 2016, arXiv:1604.01753), whose data set is scored so. As in the evaluator that came with
it, `Charades_v1_localize`: frame j of 25 is at j / 25 of the film, so the last one is not its end;
an action goes on at both its ends; all frames of all films are ranked together for each class; the
mean over classes (mAP) and the one weighted by how many frames a class has (WAP).

What differs: equal scores stand together (`ties="in order"` as there); a class that no frame shows
is left out; intervals draw whole films. The challenge of 2017 scaled every class to 1100 right and
45000 wrong frames, which is `balance=(1100, 45000)`. The paper itself describes no such metric;
what is said here of the evaluator was read in stored copies of it, not in the official archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from einops import rearrange
from jaxtyping import Bool, Float

from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register, unknown
from vtk_notebooks.statistics import Estimate
from vtk_notebooks.statistics.average_precision import mean_ap

FRAMES = 25


@register(
    "metric",
    "localisation_map",
    title="Localisation mAP",
    paper="Hollywood in Homes: Crowdsourcing Data Collection for Activity Understanding",
    year=2016,
    arxiv="1604.01753",
    atlas=("charades",),
)
@dataclass(frozen=True)
class LocalisationMap:
    """Per-frame mAP and WAP in percent.

    Args:
        ties: "together", or "in order" of the file, as the authors' evaluator has it.
        balance: right and wrong frames that every class is scaled to; none by default.
    """

    ties: str = "together"
    balance: tuple[int, int] | None = None

    def __call__(
        self,
        scores: Float[np.ndarray, "f t c"],
        actions: Sequence[Sequence[Moment]],
        durations_s: Sequence[float | int],
        classes: Sequence[str],
    ) -> dict[str, Estimate]:
        """Numbers by name, "mAP" and "WAP".

        Args:
            scores: of each class at each of t times of each film; nan where nothing was answered.
            actions: of each film; the text of a moment is its class.
            durations_s: of each film.
            classes: names in the order of the scores.
        """
        f, t, _ = scores.shape
        if not f == len(actions) == len(durations_s):
            got = f"{f}, {len(actions)} and {len(durations_s)}"
            raise VtkError("LocalisationMap", "scores, actions and durations of each film", got)
        told = zip(actions, durations_s, strict=True)
        right = np.concatenate([frame_labels(a, d, classes, t) for a, d in told])
        flat, films = rearrange(scores, "f t c -> (f t) c"), np.repeat(np.arange(f), t)
        return {
            name: mean_ap(
                flat, right, films, weighted=weighted, ties=self.ties, balance=self.balance
            )
            for name, weighted in (("mAP", False), ("WAP", True))
        }

    @classmethod
    def example(
        cls,
    ) -> tuple[np.ndarray, list[list[Moment]], list[float], tuple[str, ...]]:
        """Two films in which a dog is seen first and a cat later; every frame is scored right."""
        film = [Moment(0.0, 4.0, text="dog"), Moment(5.0, 10.0, text="cat")]
        labels = frame_labels(film, 10.0, ("dog", "cat")).astype(float)
        return np.stack([labels, labels]), [film, film], [10.0, 10.0], ("dog", "cat")


def frame_times_s(duration_s: float | int, frames: int = FRAMES) -> Float[np.ndarray, "t"]:
    """Where the evaluator looks: the starts of that many equal parts."""
    return np.arange(frames) / frames * duration_s


def frame_labels(
    actions: Sequence[Moment],
    duration_s: float | int,
    classes: Sequence[str],
    frames: int = FRAMES,
) -> Bool[np.ndarray, "t c"]:
    """Which actions go on at each of those times; both ends of an action belong to it."""
    number = {name: i for i, name in enumerate(classes)}
    times_s, out = frame_times_s(duration_s, frames), np.zeros((frames, len(classes)), bool)
    for action in actions:
        if action.text not in number:
            raise unknown("LocalisationMap", "class", action.text, classes)
        out[:, number[action.text]] |= (action.start_s <= times_s) & (times_s <= action.end_s)
    return out
