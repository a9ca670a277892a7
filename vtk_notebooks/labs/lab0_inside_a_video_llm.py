"""Lab 0: inside a Video-LLM. The checks of its four answers; what they are about is in `case`.

No answer is written down here: tokens and positions come from provenance and prompt, moments from
the film, heads from the model as it is now.
"""

from collections.abc import Iterable

import torch
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.labs.case import LAYER as LAYER
from vtk_notebooks.labs.case import Case as Case
from vtk_notebooks.labs.case import cases as cases
from vtk_notebooks.labs.case import followed as followed
from vtk_notebooks.labs.case import good_case as good_case
from vtk_notebooks.labs.case import looked as looked
from vtk_notebooks.labs.case import mean_iou as mean_iou
from vtk_notebooks.labs.case import mirrored as mirrored
from vtk_notebooks.labs.case import needed as needed
from vtk_notebooks.labs.case import shuffled as shuffled
from vtk_notebooks.labs.mark import Mark, is_open, right, unanswered, wrong
from vtk_notebooks.labs.misplaced import PROMISES as PROMISES
from vtk_notebooks.labs.misplaced import Misplaced as Misplaced
from vtk_notebooks.labs.misplaced import holds, placed
from vtk_notebooks.models.adapters import Prompt
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL
from vtk_notebooks.moment import Moment
from vtk_notebooks.tokens import Tokens

# -- 1: from a pixel to its token ------------------------------------------------------------


def check_token(answer: object, tokens: Tokens, place: tuple[float, int, int], side: int) -> Mark:
    """Exercise 1: the token that speaks for a pixel.

    Args:
        answer: its number.
        tokens: of the whole film.
        place: second, pixel row, pixel column.
        side: of a frame, in pixels.
    """
    if is_open(answer):
        return unanswered("the number of a token")
    if isinstance(answer, bool) or not isinstance(answer, int) or not 0 <= answer < len(tokens):
        return wrong(f"{answer!r} is no token.", f"They are numbered from 0 to {len(tokens) - 1}.")
    t, h, w = tokens.grid
    frame = int((tokens.times_s <= place[0]).sum()) - 1
    row, column = place[1] * h // side, place[2] * w // side
    cell = (frame * h + row) * w + column
    true = int(tokens.edges[tokens.edges[:, 1] == cell, 0][0])
    if answer == true:
        return right(f"Token {true} speaks for row {row}, column {column} of frame {frame}.")
    group = frame * len(tokens) // (t * h * w)
    hint = f"A token is {side // h} pixels high and wide and lasts two frames; count from 0."
    if answer == (group * h + column) * w + row:
        hint = "Row by row: a row holds all its columns before the next row begins."
    elif answer == (frame * h + row) * w + column:
        hint = "That counts frames. Two of them share a token."
    elif answer // (h * w) == group:
        hint = f"The second is right, the place is not: row {place[1]} is a pixel, not a token."
    return wrong(f"Token {answer} speaks for another place.", hint)


# -- 2: where a moment stands in the prompt --------------------------------------------------


def keys_of(prompt: Prompt, tokens: Tokens, moment: Moment) -> Int[Tensor, "k"]:
    """Positions of the prompt whose token speaks for a frame that is on show in the moment."""
    on = (tokens.times_s < moment.end_s) & (tokens.ends_s() > moment.start_s)
    frame = tokens.edges[:, 1] // (tokens.grid[1] * tokens.grid[2])
    return torch.isin(prompt.token, tokens.edges[on[frame], 0]).nonzero().flatten()


def check_keys(answer: object, prompt: Prompt, tokens: Tokens, moment: Moment) -> Mark:
    """Exercise 2: the positions in the prompt of all video tokens of a moment.

    Args:
        answer: whole numbers, in any order.
        prompt: with the tokens in it.
        tokens: of the whole film.
        moment: in seconds of the clip.
    """
    if is_open(answer):
        return unanswered("a list of positions")
    said = answer.tolist() if torch.is_tensor(answer) else answer
    if not isinstance(said, Iterable) or isinstance(said, str):
        return wrong(f"{type(answer).__name__} is no list of positions.", "A list or a tensor.")
    chosen, true = set(said), set(keys_of(prompt, tokens, moment).tolist())
    if chosen == true:
        return right(f"{len(true)} positions of {len(prompt.token)} speak for the moment.")
    if chosen == {int(prompt.token[i]) for i in true}:
        hint = "`prompt.token` says which token stands at each position, -1 at words."
        return wrong("Those are numbers of tokens, not positions in the prompt.", hint)
    words = sorted(i for i in chosen - true if i in range(len(prompt.words)) and prompt.words[i])
    if words:
        hint = "Words have no second: take positions where `prompt.token` is 0 or more."
        return wrong(f"At position {words[0]} stands {prompt.words[words[0]]!r}.", hint)
    missing, more = len(true - chosen), len(chosen - true)
    hint = "A group counts if any part of the moment lies in its second, the last one too."
    return wrong(f"{missing} positions are missing, {more} do not belong there.", hint)


# -- 3: who looks there ----------------------------------------------------------------------


def check_head(answer: object, tiny: Qwen3VL, case: Case, tokens: Tokens) -> Mark:
    """Exercise 3: the head that gives the true moment the largest part of its attention.

    Args:
        answer: number of the layer and of the head.
        tiny: the model.
        case: film and question.
        tokens: of the whole film.
    """
    if is_open(answer):
        return unanswered("a layer and a head")
    prompt, looks = tiny.prompt(case.question, tokens), looked(tiny, case.question, tokens)
    layers, heads, _ = looks.shape
    if not (
        isinstance(answer, tuple)
        and len(answer) == 2
        and answer[0] in range(layers)
        and answer[1] in range(heads)
    ):
        hint = f"Layers from 0 to {layers - 1} and heads from 0 to {heads - 1}."
        return wrong(f"{answer!r} is no layer and head.", hint)
    keys = keys_of(prompt, tokens, case.truth)
    share = looks[..., keys].sum(-1)
    got, most = 100 * float(share[answer]), 100 * float(share.max())
    told = f"Head {answer[1]} of layer {answer[0]} gives the moment {got:.0f} % of its attention"
    even = 100 * len(keys) / len(prompt.token)
    if got >= most - 1e-3:
        return right(f"{told}; an even look would give it {even:.0f} %.")
    hint = "Sum the weights over the positions of exercise 2, for each layer and head."
    if looks[answer][prompt.video].sum() >= looks[..., prompt.video].sum(-1).max() - 1e-5:
        hint = "It looks at the film most. Who looks at the *moment* most?"
    return wrong(f"{told}, and another gives it more.", hint)


# -- 4: the broken promise -------------------------------------------------------------------


def check_broken(answer: object, suspect: Qwen3VL, question: str, tokens: Tokens) -> Mark:
    """The broken invariant: which promise, and a position that shows it.

    Args:
        answer: a name of `PROMISES`, and a position in the prompt.
        suspect: who is asked.
        question: what it is asked.
        tokens: as its `encode` gives them.
    """
    if is_open(answer):
        return unanswered("the name of a promise and a position in the prompt")
    if not isinstance(answer, tuple) or len(answer) != 2 or answer[0] not in PROMISES:
        return wrong("It takes a promise and a position.", f"Promises: {', '.join(PROMISES)}.")
    promise, position = answer
    if holds(promise, suspect, question, tokens):
        hint = "Take one token; its edges, its label, its vector and its position tell one story?"
        return wrong(f"{promise!r} holds: {PROMISES[promise]}.", hint)
    where = suspect.prompt(question, tokens).video.nonzero().flatten().tolist()
    if isinstance(position, bool) or position not in where:
        hint = "`prompt.video` says where they stand."
        return wrong(f"At {position!r} stands no video token.", hint)
    said, true = (x[where.index(position)].tolist() for x in placed(suspect, question, tokens))
    if said == true:
        told = f"Position {position} says row {said[0]}, column {said[1]}, and so do its edges."
        return wrong(told, "Find one that lies off the diagonal.")
    told = f"Position {position} says row {said[0]}, column {said[1]}"
    return right(f"{told}; its edges say row {true[0]}, column {true[1]}.")
