"""Plain language models: no eyes, but the same door, for captions and for baselines.

Any decoder of transformers that `AutoModelForCausalLM` loads. It encodes no frames; tokens of its
own width may still be given to `answer`, which is how a projector of one's own is tried out.
"""

from collections.abc import Callable
from typing import ClassVar

import torch

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.adapters._adapter import Answer
from vtk_notebooks.models.adapters._language import LanguageAdapter, Segment
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.tokens import Tokens


class CausalLM(LanguageAdapter):
    """Text in, text out."""

    model_types: ClassVar[tuple[str, ...]] = ("llama", "qwen2", "qwen3", "smollm3", "gpt2")
    auto: ClassVar[str] = "AutoModelForCausalLM"
    placeholder: ClassVar[str] = "<video>"  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        hint = "Encode the film with another model, or ask without a film: `say(prompt)`."
        raise VtkError("CausalLM", "text", "a clip", hint)

    def say(
        self, prompt: str, *, most: int = 64, progress: Callable[[int, int], None] | None = None
    ) -> Answer:
        """What it says to a prompt without a film."""
        width = self.model.get_input_embeddings().weight.shape[1]
        none = Tokens.from_grid(torch.zeros(1, 1, 1, width), torch.zeros(1), 1.0, space=self.space)
        return self.answer(
            prompt, none.select(torch.tensor([], dtype=torch.long)), most=most, progress=progress
        )

    def template(self, prompt: str, video: bool = True) -> str:
        """The whole text of a turn; such models' templates take plain text only."""
        content = f"{self.placeholder}\n{prompt}" if video else prompt
        if not getattr(self.tokenizer, "chat_template", None):
            return f"{content}\n"
        turn = [{"role": "user", "content": content}]
        return self.tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)

    def segments(self, prompt: str, tokens: Tokens) -> list[Segment]:
        if len(tokens):
            return super().segments(prompt, tokens)
        return [self.template(prompt, video=False)]
