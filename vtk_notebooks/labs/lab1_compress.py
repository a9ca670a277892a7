"""Lab 1: squeeze a film. Its made film, its line-up, and the checks of its four answers.

No answer is written down here: counts come from the compressors, the fewest tokens from the film,
culprits from the comparison, and the broken promise from what the suspect returns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from typing import cast

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.comparison import SideBySide, mass_kept, rebuilding_error
from vtk_notebooks.compressors import ThreePath
from vtk_notebooks.errors import VtkError
from vtk_notebooks.labs.line_up import confused, some_wrong
from vtk_notebooks.labs.mark import Mark, is_open, right, unanswered, wrong
from vtk_notebooks.labs.suspect import PROMISES as PROMISES
from vtk_notebooks.labs.suspect import Suspect as Suspect
from vtk_notebooks.labs.suspect import holds
from vtk_notebooks.models.merging import size_bias
from vtk_notebooks.part import Part
from vtk_notebooks.protocols import Compressor
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Space, Tokens

GRID = (30, 16, 16)
"""The film of exercise 1: 30 frames of 16 x 16 cells."""
SETTINGS = {
    "temporal_stride": {"stride": 4},
    "spatial_pool": {"side": 3},
    "prompt_guided_pool": {"kernel": (2, 3, 3)},
    "bipartite_merge": {"keep": 0.25},
}
"""The compressors of exercise 1."""
LINE_UP = ("uniform", "random_tokens", "first_tokens", "centre_crop", "bipartite_merge")
"""The compressors of exercise 3."""
SHOWN = ("mass_kept_percent", "frames_touched_percent", "dropped_error")


# -- 1: how many are left --------------------------------------------------------------------


def check_counts(answer: object) -> Mark:
    """Exercise 1: how many tokens each of `SETTINGS` leaves of `GRID`.

    Args:
        answer: a number for each name.
    """
    if is_open(answer):
        return unanswered("a number for each compressor")
    truth = {n: _part(n).build().count(GRID)[1] for n in SETTINGS}
    if not isinstance(answer, Mapping) or set(answer) != set(truth):
        return wrong(f"It takes {{{', '.join(truth)}}}, a number each.", "Keep the names.")
    off = [name for name in truth if answer[name] != truth[name]]
    if not off:
        return right("Windows at the edge are smaller, not gone: counts round up.")
    name, hint = off[0], "How many windows does it take to cover 30 frames, or 16 rows?"
    if name == "bipartite_merge":
        hint = "It has no windows: it merges inside each frame until a quarter is left."
    elif answer[name] == _rounded_down(name):
        hint = "The last window is there, though smaller: round up, not down."
    return wrong(f"{len(truth) - len(off)} of {len(truth)}; look at {name!r} again.", hint)


def _part(name: str) -> Part:
    return Part(name, SETTINGS[name], kind="compressor")


def _rounded_down(name: str) -> int:
    """The count of someone who forgets what is left over at the edges."""
    side = SETTINGS[name].get("side", 1)
    stride = SETTINGS[name].get("stride", 1)
    t, h, w = cast(tuple[int, int, int], SETTINGS[name].get("kernel", (stride, side, side)))
    return (GRID[0] // t) * (GRID[1] // h) * (GRID[2] // w)


# -- 2: a compressor of your own -------------------------------------------------------------


def made_film(seed: int = 0) -> Tokens:
    """Six frames of 2 x 3 cells: a scene, a cut, another scene; the first cell moves all along."""
    draw = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 2, 3, 4, generator=draw).repeat_interleave(3, dim=0)
    x[:, 0, 0] = torch.randn(6, 4, generator=draw)
    return Tokens.from_grid(x, torch.arange(6) / 2, space="made")


def check_groups(answer: object, film: Tokens) -> Mark:
    """Exercise 2: group numbers with which the film loses nothing and has the fewest tokens.

    Args:
        answer: one whole number for each token of the film.
        film: of `made_film`.
    """
    if is_open(answer):
        return unanswered("a group number for each of the tokens")
    try:
        group = torch.as_tensor(answer)
    except (TypeError, ValueError, RuntimeError):
        hint = "A tensor or a list will do."
        return wrong(f"{type(answer).__name__} is no row of numbers.", hint)
    if group.shape != (len(film),) or group.is_floating_point() or group.dtype == torch.bool:
        got = f"{group.dtype} of shape {tuple(group.shape)}".removeprefix("torch.")
        hint = f"One whole number for each of {len(film)} tokens, in order."
        return wrong(f"That is {got}.", hint)
    try:
        out = film.regroup(group.long())
    except VtkError as error:
        return wrong(str(error), "Count 0, 1, 2, ... and leave no number out.")
    return _losses(out, film, group)


def _losses(out: Tokens, film: Tokens, group: Int[Tensor, "n"]) -> Mark:
    """What is wrong with these groups, if anything is."""
    if mass_kept(out) < 1:
        kept = f"{100 * mass_kept(out):.0f} % of the cells still have a token."
        return wrong(kept, "-1 drops a token. Every cell needs one that speaks for it.")
    error = rebuilding_error(film, out)
    if error > 1e-9:
        unlike = ((film.x - out.x[group]).abs().amax(1) > 1e-6).nonzero()[0].item()
        place = tuple(int(i) for i in torch.unravel_index(torch.tensor(unlike), film.grid))
        hint = f"The cell at (frame, row, column) {place} shares a number with one unlike it."
        return wrong(f"The rebuilt film is off by {error:.2g} of its spread.", hint)
    fewest = len(film.x.unique(dim=0))
    if len(out) > fewest:
        hint = "Which cells look the same in several frames? They can share one number."
        return wrong(f"Nothing is lost, with {len(out)} tokens; {fewest} are enough.", hint)
    return right(f"{len(film)} tokens became {fewest}, and the film can be rebuilt exactly.")


# -- 3: who was it? --------------------------------------------------------------------------


@dataclass(frozen=True)
class Blind:
    """Rows of a comparison without their names.

    Args:
        rows: numbers by letter.
        names: who is behind each letter.
    """

    rows: Mapping[str, Mapping[str, float]]
    names: Mapping[str, str]

    def __repr__(self) -> str:
        titles = ["", *SHOWN]
        lines = [[letter, *(_told(row[key]) for key in SHOWN)] for letter, row in self.rows.items()]
        widths = [max(map(len, column)) for column in zip(titles, *lines, strict=True)]
        return "\n".join(
            "  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True))
            for line in [titles, *lines]
        )


def blinded(side: SideBySide, seed: int = 4) -> Blind:
    """The numbers of the line-up, shuffled, letters for names."""
    draw = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(LINE_UP), generator=draw).tolist()
    names = dict(zip("ABCDE", (LINE_UP[i] for i in order), strict=True))
    rows = {
        letter: {key: float(getattr(side[name], key)) for key in SHOWN}
        for letter, name in names.items()
    }
    return Blind(rows, names)


def check_who(answer: object, blind: Blind) -> Mark:
    """Exercise 3: which compressor is behind each letter.

    Args:
        answer: a name for each letter.
        blind: of `blinded`.
    """
    off = confused(answer, blind.names, LINE_UP)
    if isinstance(off, Mark):
        return off
    if not off:
        return right("Three numbers give each of them away.")
    hint = "The mean of a group still speaks for all of it: who drops no cell at all?"
    if off == {"uniform", "first_tokens"}:
        hint = "Both keep a quarter of the frames. From whose is it further to a dropped one?"
    elif off == {"random_tokens", "centre_crop"}:
        hint = "Both touch every frame. Who leaves no neighbour near a cell that was dropped?"
    elif "bipartite_merge" not in off:
        hint = "Who takes whole frames, and who takes a part of each?"
    return some_wrong(off, LINE_UP, hint)


def _told(value: float) -> str:
    return "-" if value != value else f"{value:.3g}"


# -- 4: paper and released code --------------------------------------------------------------


def chain() -> Tokens:
    """Three frames of one cell; each looks like the one before it, the last not like the first.

    Two channels of "looks" turn by 35 degrees a frame, one of "value" holds 1, 10 and 100.
    """
    turn = torch.tensor([0.0, 35.0, 70.0]).deg2rad()
    x = torch.stack([turn.cos(), turn.sin(), torch.tensor([1.0, 10.0, 100.0])], 1)
    film = Tokens.from_grid(x.view(3, 1, 1, 3), torch.arange(3) / 2)
    return replace(film, spaces=(Space("looks", 2), Space("value", 1)))


def attended(bias: str) -> Float[Tensor, "2"]:
    """How a token's attention is shared by two that look alike, the second made of three.

    Args:
        bias: where the log of the size goes, one of `models.merging.BIASES`.
    """
    size, alike = torch.tensor([[1.0, 3.0]]), torch.zeros(1, 1, 2, 2)
    added = size_bias(size, bias)
    return (alike if added is None else alike + added).softmax(-1)[0, 0, 0]


def crops(tokens: Tokens, query: Query, ratio: float = 0.3) -> str:
    """What `three_path` crops out of the frame that answers best: the paper's form, the released.

    Args:
        tokens: one per cell, of frames with an even number of rows.
        query: in a space of the tokens.
        ratio: of the crop's area to the frame's.
    """
    pictures = []
    for transposed in (False, True):
        form = ThreePath(slow=1, middle=0, ratio=ratio, transposed=transposed)
        out, (t, h, w) = form(tokens, query), tokens.grid
        side = form.plan(tokens.grid).side
        crop = out.select(torch.arange(len(out) - t * min(side, h) * min(side, w)))
        [frame] = crop.kept()[crop.kept().flatten(1).any(1)]
        pictures.append(["".join(".#"[cell] for cell in row) for row in frame.int().tolist()])
    return "\n".join("   ".join(rows) for rows in zip(*pictures, strict=True))


# -- 5: the broken promise -------------------------------------------------------------------


def check_broken(answer: object, suspect: Compressor, tokens: Tokens) -> Mark:
    """The broken invariant: which promise, and a token that shows it.

    Args:
        answer: a name of `PROMISES`, and the number of a token.
        suspect: who is asked.
        tokens: what it was given.
    """
    if is_open(answer):
        return unanswered("the name of a promise and the number of a token")
    if not isinstance(answer, tuple) or len(answer) != 2 or str(answer[0]) not in PROMISES:
        return wrong("It takes a promise and a token.", f"Promises: {', '.join(PROMISES)}.")
    promise, number = str(answer[0]), answer[1]
    out = suspect(tokens)
    if holds(promise, suspect, tokens):
        hint = "Take one token, look up its cell in `edges`, and compare their features."
        return wrong(f"{promise!r} holds: {PROMISES[promise]}.", hint)
    if _is_whole(number):
        number = int(number)
    if type(number) is not int or not 0 <= number < len(out):
        return wrong(f"{number!r} is no token.", f"They are numbered from 0 to {len(out) - 1}.")
    cell = int(out.edges[out.edges[:, 0] == number, 1][0])
    if torch.equal(out.x[number], tokens.x[cell]):
        return wrong(f"Token {number} is cell {cell}, bit for bit.", "Find one that is not.")
    source = int((tokens.x == out.x[number]).all(1).nonzero()[0])
    return right(f"Token {number} claims cell {cell} and holds the features of cell {source}.")


def _is_whole(number: object) -> bool:
    """Whether it is one whole number, of Python's, of numpy's, or out of a tensor."""
    if isinstance(number, Tensor):
        return number.numel() == 1 and not (
            number.is_floating_point() or number.dtype == torch.bool
        )
    return isinstance(number, Integral) and not isinstance(number, bool)
