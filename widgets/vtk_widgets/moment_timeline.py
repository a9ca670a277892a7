"""Moment timeline: when it happens, when we said it happens, and how sure each frame is."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from jaxtyping import Float as Floats
from torch import Tensor
from traitlets import Bytes, Dict, Float, List, Unicode

from vtk_notebooks.clip import Clip
from vtk_notebooks.moment import Moment
from vtk_widgets._assets import css, esm
from vtk_widgets._pictures import end_s
from vtk_widgets.selection import Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image


@runtime_checkable
class Answered(Protocol):
    """The part of `vtk_notebooks.runs.Run` that this widget reads."""

    @property
    def clip(self) -> Clip: ...
    @property
    def stages(self) -> Sequence[Any]: ...
    @property
    def query(self) -> Any: ...
    @property
    def moments(self) -> Sequence[Moment]: ...
    @property
    def saliency(self) -> Tensor: ...


class MomentTimeline(Linked):
    """Tracks of true and predicted moments over the saliency curve; a click or drag seeks.

    Keys: left and right move a frame, Home and End jump, space plays; Tab walks the moments and
    Enter chooses one, Escape lets go.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    question = Unicode("", help="the query's text").tag(sync=True)
    truth = List(Dict(), help="start_s, end_s, score, text of each true moment").tag(sync=True)
    moments = List(Dict(), help="predicted, best first; as `truth`").tag(sync=True)
    saliency = Bytes(help="float32 (t), one per frame; nan where no token is left").tag(sync=True)
    times_s = List(Float(), help="presentation time of each frame, rising").tag(sync=True)
    duration_s = Float(0.0, help="length of the axis").tag(sync=True)

    @classmethod
    def of(
        cls,
        run: Answered,
        truth: Iterable[Moment] = (),
        selection: Selection | None = None,
    ) -> "MomentTimeline":
        """Show what this run answered.

        Args:
            run: what a recipe made of a clip and a query.
            truth: the moments it should have found, where they are known.
            selection: shared with the widgets that shall move along.
        """
        times_s = run.stages[-1].tokens.times_s
        return cls(
            question=run.query.text,
            truth=[_plain(moment) for moment in truth],
            moments=[_plain(moment) for moment in run.moments],
            saliency=_curve(run.saliency),
            times_s=times_s.double().tolist(),
            duration_s=end_s(run.clip),
            **({} if selection is None else {"selection": selection}),
        )

    def snapshot(self) -> "Image | None":
        """The tracks, without the curve."""
        from vtk_widgets._snapshot import tracks

        return tracks(self.truth, self.moments, self.duration_s) if self.duration_s else None

    def __repr__(self) -> str:
        best = self.moments[0] if self.moments else None
        said = f", best {best['start_s']:.2f} to {best['end_s']:.2f} s" if best else ""
        return f"MomentTimeline({self.question!r}, {len(self.moments)} moments{said})"


def _plain(moment: Moment) -> dict[str, Any]:
    return {
        "start_s": float(moment.start_s),
        "end_s": float(moment.end_s),
        "score": float(moment.score),
        "text": str(moment.text),
    }


def _curve(saliency: Floats[Tensor, "t"]) -> bytes:
    return saliency.detach().cpu().numpy().astype("<f4").tobytes()
