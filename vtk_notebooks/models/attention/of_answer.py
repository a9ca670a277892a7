"""Of an answer: where what a model is about to say comes from."""

from typing import Any

from torch import Tensor

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention.across_layers import relevance
from vtk_notebooks.models.attention.layers import Which, attention_layers
from vtk_notebooks.models.attention.maps import JoinedMap


def relevance_of_answer(
    model: Any, prompt: Any, layers: Which = "language_model", most_bytes: float = 4e9
) -> JoinedMap:
    """Relevance for the logit of the most likely next token; its last row is the answer's.

    Args:
        model: a `LanguageAdapter`.
        prompt: as its `prompt` makes it.
        layers: of its language model.
        most_bytes: that attention and its gradients may take; eager layers hold them all.
    """
    n = prompt.embeds.shape[1]
    heads = getattr(model.model.config.get_text_config(), "num_attention_heads", 1)
    needed = 3 * 4 * heads * n * n * len(attention_layers(model.model, layers))
    if needed > most_bytes:
        hint = "Ask about fewer tokens: compress them first."
        got = f"{needed / 1e9:.1f} GB for {n} positions"
        raise VtkError("relevance_of_answer", f"at most {most_bytes / 1e9:.1f} GB", got, hint)

    def score() -> Tensor:
        return model.next_logits(prompt).float().max()

    return relevance(model.model, score, layers)
