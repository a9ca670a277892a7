"""Where: attention between words, frames and places, instead of between numbers.

A prompt knows which position is a word and which is a video token; tokens know which cells they
speak for. So a row of attention becomes seconds and pixels: a token's part is shared out over its
cells as its provenance says, and nothing gets lost on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.tokens import Tokens


@dataclass(frozen=True)
class WordsToVideo:
    """What each word looks at.

    Args:
        words: that look, in order.
        cells: part of each word's attention on every cell.
        elsewhere: part that did not go to video, or to tokens that stand for no place.
        times_s: of the frames.
        kind: how honest the places are: the provenance of the tokens.
    """

    words: tuple[str, ...]
    cells: Float[Tensor, "l t h w"]
    elsewhere: Float[Tensor, "l"]
    times_s: Float[Tensor, "t"]
    kind: str

    @property
    def frames(self) -> Float[Tensor, "l t"]:
        """Part of each word's attention on every frame."""
        return self.cells.sum((2, 3))


@dataclass(frozen=True)
class VideoToWords:
    """Which words look at one place.

    Args:
        words: of the rows that look, in order; "" where video itself does.
        weights: part of each row's attention on that cell.
        cell: frame, row and column.
        time_s: of the frame.
        kind: how honest the place is: the provenance of the tokens.
    """

    words: tuple[str, ...]
    weights: Float[Tensor, "r"]
    cell: tuple[int, int, int]
    time_s: float
    kind: str


@dataclass(frozen=True)
class FramesToFrames:
    """What frames look at, frame by frame.

    Args:
        weights: from each frame to each; nan for frames of which no row was captured.
        times_s: of the frames.
        kind: how honest the frames are: the provenance of the tokens.
    """

    weights: Float[Tensor, "t t"]
    times_s: Float[Tensor, "t"]
    kind: str


def words_to_video(
    weights: Float[Tensor, "r keys"],
    rows: Int[Tensor, "r"],
    token: Int[Tensor, "k"],
    words: tuple[str, ...],
    tokens: Tokens,
) -> WordsToVideo:
    """Attention of chosen rows that are words, on frames and places.

    Args:
        weights: of one item, heads and layers joined already.
        rows: positions that look; those of video are left out.
        token: number of the video token at each key, -1 at words (`Prompt.token`).
        words: text of every position (`Prompt.words`).
        tokens: what stood at the positions of video.
    """
    _check(weights, token, tokens)
    is_word = token[rows] < 0
    per_token = _on_tokens(weights[is_word], token, len(tokens))
    cells = _on_cells(per_token, tokens)
    names = tuple(words[i] for i in rows[is_word].tolist())
    elsewhere = weights[is_word].sum(1) - cells.sum((1, 2, 3))
    return WordsToVideo(names, cells, elsewhere, tokens.times_s, tokens.kind)


def video_to_words(
    weights: Float[Tensor, "r keys"],
    rows: Int[Tensor, "r"],
    token: Int[Tensor, "k"],
    words: tuple[str, ...],
    tokens: Tokens,
    cell: tuple[int, int, int],
) -> VideoToWords:
    """How much of each row's attention goes to one cell: which words look at a place.

    Args:
        weights: of one item, heads and layers joined already.
        rows: positions that look.
        token: as for `words_to_video`.
        words: likewise.
        tokens: what stood at the positions of video.
        cell: frame, row and column.
    """
    _check(weights, token, tokens)
    t, y, x = cell
    part = _on_cells(_on_tokens(weights, token, len(tokens)), tokens)[:, t, y, x]
    names = tuple(words[i] for i in rows.tolist())
    return VideoToWords(names, part, cell, float(tokens.times_s[t]), tokens.kind)


def frames_to_frames(
    weights: Float[Tensor, "r keys"],
    rows: Int[Tensor, "r"],
    token: Int[Tensor, "k"],
    tokens: Tokens,
) -> FramesToFrames:
    """What part of a frame's attention goes to each frame: mean over rows, sum over keys.

    Rows of frames that no captured row belongs to are nan.
    """
    _check(weights, token, tokens)
    looks = token[rows] >= 0
    keys = _on_cells(_on_tokens(weights[looks], token, len(tokens)), tokens).sum((2, 3))
    frame = tokens.centre()[:, 0].nan_to_num(-1).floor().long()[token[rows][looks]]
    t = tokens.grid[0]
    total = keys.new_zeros(t, t).index_add(0, frame.clamp_min(0), keys * (frame >= 0)[:, None])
    count = torch.bincount(frame[frame >= 0], minlength=t)[:, None]
    part = torch.where(count > 0, total / count.clamp_min(1), torch.nan)
    return FramesToFrames(part, tokens.times_s, tokens.kind)


def positions_of_frames(
    token: Int[Tensor, "k"], tokens: Tokens, frames: Sequence[int], least: float = 0.5
) -> Int[Tensor, "p"]:
    """Positions whose video tokens speak for these frames, as `without_keys` takes them.

    Args:
        token: number of the video token at each position (`Prompt.token`).
        tokens: what stood at the positions of video.
        frames: numbers in the clip, from 0.
        least: part of a token that must lie in them, in (0, 1]; merged tokens span frames.
    """
    count, (t, h, w) = len(tokens), tokens.grid
    outside = [f for f in frames if not 0 <= f < t]
    if outside or not 0 < least <= 1 or int(token.max()) >= count:
        got = f"frames {list(frames)}, least={least}, {count} tokens"
        raise VtkError("positions_of_frames", f"frames from 0 to {t - 1}, least in (0, 1]", got)
    which, cell = tokens.edges.unbind(1)
    inside = torch.isin(cell // (h * w), torch.tensor(list(frames), dtype=torch.long))
    part = tokens.share.new_zeros(count).index_add(0, which, tokens.share * inside)
    chosen = (part >= least - 1e-6).nonzero().flatten()
    return torch.isin(token, chosen).nonzero().flatten()


def _on_tokens(
    weights: Float[Tensor, "r keys"], token: Int[Tensor, "k"], n: int
) -> Float[Tensor, "r n"]:
    video = token >= 0
    out = weights.new_zeros(len(weights), n)
    return out.index_add(1, token[video], weights[:, video])


def _on_cells(value: Float[Tensor, "r n"], tokens: Tokens) -> Float[Tensor, "r t h w"]:
    t, h, w = tokens.grid
    which, cell = tokens.edges.unbind(1)
    part = value[:, which] * tokens.share.to(value)
    return value.new_zeros(len(value), t * h * w).index_add(1, cell, part).view(-1, t, h, w)


def _check(weights: Tensor, token: Tensor, tokens: Tokens) -> None:
    if weights.shape[1] != len(token) or int(token.max()) >= len(tokens):
        got = f"{weights.shape[1]} keys, {len(token)} positions, {len(tokens)} tokens"
        hint = "Capture the prompt's own pass, not one of a generated token."
        raise ShapeError("attention", "keys that are the prompt's positions", got, hint)
