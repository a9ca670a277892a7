"""A made film of moving gradients, and runs over it whose every number is known."""

from dataclasses import replace

import pytest

FRAMES, GRID = 8, (2, 4)


@pytest.fixture
def clip():
    import numpy as np

    from vtk_notebooks.clip import Clip, Origin

    t, y, x = np.meshgrid(np.arange(FRAMES), np.arange(18), np.arange(32), indexing="ij")
    frames = np.stack([8 * x, 14 * y, 30 * t], axis=-1).astype(np.uint8)
    return Clip(frames, np.arange(FRAMES) * 0.5, Origin("made.mp4", 4.0, 2.0, 32, 18, sha256="5a"))


@pytest.fixture
def encoded(clip):
    """One token per cell of 8 x 2 x 4 cells."""
    import torch

    from vtk_notebooks.tokens import Tokens

    x = torch.randn(FRAMES, *GRID, 6, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.from_numpy(clip.times_s).float(), clip.duration_s)


@pytest.fixture
def merged(encoded):
    """The left half of every frame is one token, the right half another."""
    import torch

    half = torch.tensor([[0, 0, 1, 1], [0, 0, 1, 1]])
    group = 2 * torch.arange(FRAMES)[:, None, None] + half
    return encoded.regroup(group.flatten())


@pytest.fixture
def selected(encoded):
    """Of every frame only the first cell is kept."""
    import torch

    return encoded.select(torch.arange(0, FRAMES * 8, 8))


@pytest.fixture
def make_run(clip, encoded):
    """A run whose stages are given tokens."""
    import torch

    from vtk_notebooks.moment import Moment
    from vtk_notebooks.query import Query
    from vtk_notebooks.recipe import Recipe
    from vtk_notebooks.runs import Run, Stage

    def make(
        tokens=None,
        stages=(),
        name="",
        text="a hat",
        moments=None,
        saliency=None,
        film="made.mp4",
    ):
        found = (Moment(1.0, 2.5, 0.75), Moment(3.0, 3.5, 0.5)) if moments is None else moments
        kept = [] if tokens is None else [Stage("squeeze", tokens, 0.25, 2_000_000)]
        curve = torch.linspace(0.1, 0.8, FRAMES) if saliency is None else torch.tensor(saliency)
        return Run(
            recipe=Recipe(stages=stages, name=name),
            clip=replace(clip, origin=replace(clip.origin, name=film)),
            query=Query(text, torch.ones(6), torch.ones(1, 6), ("hat",), "features"),
            stages=(Stage("encode", encoded, 1.5, 8_000_000), *kept),
            saliency=curve,
            moments=tuple(found),
            weights=("made 1.0 sha256=00",),
            versions={"python": "3.11"},
        )

    return make


@pytest.fixture
def looks(clip):
    """Of two words: the first at one cell of frame 3, the second at all alike, half elsewhere."""
    import torch

    from vtk_notebooks.models.attention import WordsToVideo

    cells = torch.zeros(2, FRAMES, *GRID)
    cells[0, 3, 1, 1] = 0.75
    cells[1] = 0.5 / cells[1].numel()
    words, elsewhere = ("<t20>", "there"), torch.tensor([0.25, 0.5])
    return WordsToVideo(words, cells, elsewhere, torch.tensor(clip.times_s), "hard")


@pytest.fixture
def uncut():
    """`uncut(fig)`: its first panel, with all labels, lies on the page and above the legend."""

    def check(fig):
        fig.draw_without_rendering()
        box = fig.axes[0].get_tightbbox()
        assert box is not None
        assert box.x0 >= 0
        assert box.x1 <= fig.bbox.width
        assert fig.legends[0].get_window_extent().y1 <= box.y0

    return check


@pytest.fixture
def boxes(monkeypatch):
    """Where each text that is drawn lies, in pixels; ticks beyond their axis are not."""
    from matplotlib.text import Text

    drawn, draw = [], Text.draw

    def noted(self, renderer):
        drawn.append(self)
        return draw(self, renderer)

    def of(fig):
        drawn.clear()
        monkeypatch.setattr(Text, "draw", noted)
        fig.draw_without_rendering()
        seen = [t for t in drawn if t.get_visible() and t.get_text().strip()]
        return [(t, t.get_window_extent()) for t in seen]

    return of


@pytest.fixture
def whole(boxes):
    """Check that no text leaves the figure or is smaller than 5.5 pt, and that none overlap."""

    def check(fig):
        found = boxes(fig)
        for text, box in found:
            at = (text.get_text(), box)
            assert text.get_fontsize() >= 5.5, at
            assert min(box.x0, box.y0) >= -1, at
            assert box.x1 <= fig.bbox.width + 1, at
            assert box.y1 <= fig.bbox.height + 1, at
        for number, (one, a) in enumerate(found):
            for other, b in found[number + 1 :]:
                wide = min(a.x1, b.x1) - max(a.x0, b.x0)
                tall = min(a.y1, b.y1) - max(a.y0, b.y0)
                apart = wide <= 1 or tall <= 1.5  # letters have air around them
                assert apart, (one.get_text(), other.get_text())

    return check


@pytest.fixture
def reader():
    """A stand-in encoder: mean colours of 2 x 3 cells, and a question that points somewhere."""
    import torch

    from vtk_notebooks import registry
    from vtk_notebooks.query import Query
    from vtk_notebooks.tokens import Tokens

    class Reader:
        space, vector = "mean colour", 1.0

        def weights(self):
            return "made here"

        def __call__(self, clip, progress=None):
            frames = torch.tensor(clip.frames).float().movedim(-1, 1)
            x = torch.nn.functional.adaptive_avg_pool2d(frames, (2, 3)).movedim(1, -1)
            x = x - x.mean()
            times_s = torch.tensor(clip.times_s).float()
            return Tokens.from_grid(x, times_s, clip.duration_s, space=self.space)

        def read(self, text):
            vector = self.vector * torch.tensor([1.0, -0.5, -0.5])
            return Query(text, vector, vector[None], (text,), self.space)

    registry.names("encoder")  # the real ones move in first
    registry.register("encoder", "figures_reader", title="Reader", paper="test")(Reader)
    yield "figures_reader"
    del registry._TABLE["encoder", "figures_reader"]
