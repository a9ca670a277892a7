"""Attention explorer: which frames a word looks at, which words look at a place, in every head."""

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from traitlets import Bool, Bytes, Dict, Enum, Float, Int, List, Tuple, Unicode, observe

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.adapters import LanguageAdapter, Prompt
from vtk_notebooks.models.attention import AttentionTiles, words_to_video
from vtk_notebooks.tokens import Tokens
from vtk_widgets._assets import css, esm
from vtk_widgets._working import Working
from vtk_widgets.parts.attention.lens import HOW, Lens
from vtk_widgets.parts.attention.looked import blank, looked, piece
from vtk_widgets.parts.attention.overview import Overview
from vtk_widgets.parts.attention.requests import Request, answered, is_quick, stored
from vtk_widgets.parts.film.pictures import end_s
from vtk_widgets.parts.tokens.levels import MEANING
from vtk_widgets.parts.tokens.panes import Shown, contact_sheet
from vtk_widgets.selection import SAID, Linked, Selection

if TYPE_CHECKING:
    from PIL.Image import Image

    from vtk_notebooks.figures import PaperFigure


class AttentionExplorer(Linked, Working):
    """Every head at a glance, and the film as one word sees it.

    Picking a word lights up the frames; picking a cell of a frame tells which words and which
    times look at it. A picture of every head says where it sends the word; pointing at one shows
    it on the film, a click chooses it. Sinks, which nearly everything looks at, are marked, and
    can be left out of the colour scale.

    Keys: arrows walk words, heads (up and down layers) and cells; escape lets go; enter pins a
    cell; m, x, o and r are mean, max, rollout and relevance; s is the scale without sinks.
    """

    _esm = esm(__file__)
    _css = css(__file__)

    frames = List(Bytes(), help="JPEG thumbnails").tag(sync=True)
    pane = Dict(help="grid, view, times_s, frame_of (into frames)").tag(sync=True)
    duration_s = Float(0.0, help="when the last frame gives way").tag(sync=True)
    words = List(Unicode(), help="pieces of the prompt that are words, in order").tag(sync=True)
    places = Bytes(help="int32 (words), position of each in the prompt").tag(sync=True)
    asked = Int(0, help="first of `words` that is asked about: those behind the film").tag(
        sync=True
    )
    layers = List(Unicode(), help="names, first to last").tag(sync=True)
    heads = Int(0, help="heads of a layer").tag(sync=True)
    atlas = Bytes(
        help="uint8 (layers, heads, asked words, runs of frames): 255 times the root of the part"
    ).tag(sync=True)
    atlas_shape = Tuple(help="of `atlas`").tag(sync=True)
    how = Enum(HOW, "mean", help="how layers and heads are joined").tag(**SAID)
    ways = List(Unicode(), list(HOW), help="of `how` that can be had").tag(sync=True)
    sinks_in_scale = Bool(True, help="whether sinks count for the brightest colour").tag(**SAID)
    positions = Int(0, help="of the prompt, video included").tag(sync=True)
    meaning = Unicode("", help="how far places may be trusted").tag(sync=True)
    live = Bool(False, help="whether a kernel answers").tag(sync=True)
    stored = List(Dict(), help="views for a page without a kernel: how, layer, head, parts").tag(
        sync=True
    )

    _lens: Lens | None = None
    _clip: Clip | None = None
    _waiting: dict[str, Request]

    @classmethod
    def of(
        cls,
        source: LanguageAdapter | AttentionTiles,
        tokens: Tokens,
        asked: str | Prompt,
        clip: Clip | None = None,
        selection: Selection | None = None,
        *,
        max_width: int = 200,
    ) -> "AttentionExplorer":
        """Explore what a model looks at while it reads a question about a film.

        Args:
            source: a model, which reads the prompt once, or tiles that were kept while it did.
            tokens: video tokens, compressed or not.
            asked: the question, or the prompt that was read; tiles need the prompt.
            clip: what the tokens were made of; without it frames are blank.
            selection: shared with the widgets that shall move along.
            max_width: of a thumbnail.
        """
        return cls.through(looked(source, tokens, asked), clip, selection, max_width=max_width)

    @classmethod
    def through(
        cls,
        lens: Lens,
        clip: Clip | None = None,
        selection: Selection | None = None,
        *,
        max_width: int = 200,
    ) -> "AttentionExplorer":
        """As `of`, through what was kept of a pass already."""
        tokens = lens.tokens
        shown = Shown(tokens, clip or blank(tokens), tokens, "frames")
        frames, (pane,) = contact_sheet([shown], max_width)
        places = lens.places
        widget = cls(
            frames=frames,
            pane=pane,
            duration_s=end_s(shown.clip),
            words=[piece(lens.words[i]) for i in places.tolist()],
            places=places.numpy().astype("<i4").tobytes(),
            asked=len(places) - len(lens.asked),
            layers=lens.layers,
            heads=lens.heads,
            positions=len(lens.token),
            ways=[how for how in HOW if how != "relevance" or lens.relevance is not None],
            meaning=MEANING[tokens.kind],
            live=True,
            **({} if selection is None else {"selection": selection}),
        )
        widget._lens, widget._clip, widget._waiting = lens, shown.clip, {}
        widget.on_msg(widget._answer)
        widget.begin(lens.first, widget._show, "looking through the layers")
        return widget

    def _show(self, made: Overview) -> None:
        self.atlas_shape = tuple(made.atlas.shape)
        self.atlas = made.atlas.numpy().tobytes()

    def _answer(self, _widget: Any, asked: dict[str, Any], _buffers: list[Any]) -> None:
        """A request of the browser: at once where that is quick, else beside the kernel."""
        if self._lens is None:
            return
        try:
            request = Request.read(asked, self._lens)
            if is_quick(self._lens, request):
                self._reply(request, answered(self._lens, request))
                return
        except Exception as error:  # a display never raises
            self.send({"id": asked.get("id"), "error": f"{type(error).__name__}: {error}"})
            return
        self._waiting[request.kind] = request
        if not self.busy:
            self._go_on()

    def _go_on(self) -> None:
        """The next of what waits; of each kind only the last that was asked for does."""
        if self._lens is None or not self._waiting:
            return
        request = self._waiting.pop(next(iter(self._waiting)))
        self.begin(
            partial(answered, self._lens, request), partial(self._reply, request), request.how
        )

    def _reply(self, request: Request, parts: list[bytes]) -> None:
        self.send(request.said(), parts)

    @observe("busy")
    def _freed(self, change: Any) -> None:
        if not change.new:
            self._go_on()

    def close(self) -> None:
        """Let go of queries, keys and the model."""
        self._lens, self._clip, self._waiting = None, None, {}
        super().close()

    def static_state(self) -> dict[str, Any]:
        """Without a kernel: the views of all heads together that are known, or fewer words."""
        if self._lens is None:
            return {"live": False, "busy": False, "message": "", "ways": []}
        if not self.atlas:
            self._show(self._lens.first())
        views = stored(self._lens, self.how)
        return {
            "live": False,
            "busy": False,
            "message": "",
            "stored": views,
            "ways": [view["how"] for view in views],
            "atlas": self.atlas,
            "atlas_shape": self.atlas_shape,
        }

    def snapshot(self) -> "Image | None":
        """A film strip of at most six frames."""
        from vtk_widgets._snapshot import film_strip

        return film_strip(self.frames, most=6) if self.frames else None

    def figure(self, kind: str = "time", **more: Any) -> "PaperFigure":
        """What is chosen, for a paper.

        Args:
            kind: "time", when the chosen word looks (`attention_over_time`); "frames", where in
                the picture (`attention_on_frames`); "words", all words of the question over time
                (`word_time`).
            more: of that figure, such as `width_mm` or `truth`.
        """
        from vtk_notebooks import figures

        made = {
            "time": figures.attention_over_time,
            "frames": figures.attention_on_frames,
            "words": figures.word_time,
        }
        if self._lens is None or self._clip is None or kind not in made:
            got = repr(kind) if self._lens else "a closed one"
            raise VtkError("AttentionExplorer.figure", f"one of {', '.join(made)}, open", got)
        lens, here = self._lens, self.selection
        word = here.word if here.word >= 0 else int(lens.asked[-1])
        rows = lens.asked if kind == "words" else torch.tensor([word])
        weights = lens.rows(self.how, here.layer, here.head, rows)
        looks = words_to_video(weights, rows, lens.token, lens.words, lens.tokens)
        view = {"view": lens.tokens.view} if kind == "frames" else {}
        return made[kind](looks, self._clip, **(view | more))

    def __repr__(self) -> str:
        size = f"{len(self.layers)} layers, {self.heads} heads, {self.positions} positions"
        return f"AttentionExplorer({size}, {self.how})"
