"""Look at a model while it reads a prompt, and keep what an explorer needs."""

from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.adapters import LanguageAdapter, Prompt
from vtk_notebooks.models.attention import AttentionTiles, relevance_of_answer, tiled
from vtk_notebooks.models.attention.fused import beside_fused
from vtk_notebooks.models.steps import Steps
from vtk_notebooks.tokens import Tokens
from vtk_widgets.parts.attention.lens import Lens

_LONGEST_PIECE = 60


def looked(
    source: LanguageAdapter | AttentionTiles,
    tokens: Tokens,
    asked: str | Prompt,
    steps: Steps | None = None,
) -> Lens:
    """What was kept of a pass, or of one that is made now; `steps` may stop it at each layer."""
    if isinstance(source, AttentionTiles):
        if isinstance(asked, str):
            hint = "Give the model instead of tiles, or the prompt it read: model.prompt(...)."
            raise VtkError("AttentionExplorer.of", "a prompt beside tiles", repr(asked), hint)
        return _checked(Lens(source, asked.token, asked.words, tokens))
    prompt = source.prompt(asked, tokens) if isinstance(asked, str) else asked
    with (
        tiled(source.model) as kept,
        beside_fused(partial(_told, steps, source.model, kept) if steps else None),
        torch.inference_mode(),
    ):
        source.next_logits(prompt)
    lens = Lens(kept, prompt.token, prompt.words, tokens, partial(_relevance, source, prompt))
    return _checked(lens)


def blank(tokens: Tokens) -> Clip:
    """Empty frames at the tokens' times."""
    t, h, w = tokens.grid
    frames = np.full((t, 12 * h, 12 * w, 3), 96, np.uint8)
    origin = Origin("no clip", duration_s=float(tokens.ends_s()[-1]))
    return Clip(frames, tokens.times_s.double().numpy(), origin)


def piece(word: str) -> str:
    """A piece of a prompt as people read it: byte-level tokenizers write spaces as letters."""
    text = word.replace("\u0120", " ").replace("\u2581", " ").replace("\u010a", "\\n")
    text = text.replace("\n", "\\n").strip() or text
    return text if len(text) <= _LONGEST_PIECE else f"{text[: _LONGEST_PIECE - 1]}\u2026"


def _checked(lens: Lens) -> Lens:
    """Only layers over the whole prompt: a cross-attention of another length is left out."""
    n = len(lens.token)
    whole = {name: part for name, part in lens.tiles.layers.items() if part.key.shape[1] == n}
    whole = {name: part for name, part in whole.items() if part.query.shape[1] == n}
    if not whole:
        got = [lens.tiles.shape(name) for name in lens.tiles.layers] or "none"
        hint = 'Load the model with attention="sdpa", and give the prompt that it read.'
        raise ShapeError("AttentionExplorer.of", f"layers over {n} positions", got, hint)
    if not len(lens.places):
        raise VtkError("AttentionExplorer.of", "a prompt with words", f"{n} positions of video")
    lens.tiles.layers = whole
    return lens


def _told(steps: Steps, model: nn.Module, kept: AttentionTiles, module: Any, *_more: Any) -> None:
    if any(module is own for own in model.modules()):  # another model may run beside this one
        steps("reading the question", len(kept.layers), None)


def _relevance(source: LanguageAdapter, prompt: Prompt) -> Float[Tensor, "k k"]:
    return relevance_of_answer(source, prompt).weights[0].float().cpu()
