"""InstructBLIP-Video: a fixed number of queries reads every frame, and reads the question too.

After "InstructBLIP: Towards General-purpose Vision-Language Models with Instruction Tuning" (Dai et
al., 2023, arXiv:2305.06500). The Q-Former is told the question, so tokens belong to a question:
`encode(clip, question=...)`. What a query looked at is its attention, not known from the outside;
each token is tied to its whole frame.
"""

from typing import Any, ClassVar

import torch
from einops import rearrange
from jaxtyping import Int
from torch import Tensor

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.adapters._language import LanguageAdapter
from vtk_notebooks.models.frames import Progress, in_batches
from vtk_notebooks.models.prepare import Preparation
from vtk_notebooks.tokens import Space, Tokens


class InstructBlipVideo(LanguageAdapter):
    """An EVA tower, a Q-Former, a projector, an OPT or Vicuna."""

    model_types: ClassVar[tuple[str, ...]] = ("instructblipvideo",)
    fallback: ClassVar[str] = "{video}{prompt}"
    placeholder: ClassVar[str] = "<video>"  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def encode(
        self,
        clip: Clip,
        progress: Progress | None = None,
        *,
        question: str = "",
        batch: int = 8,
    ) -> Tokens:
        """So many tokens per frame as there are queries.

        Args:
            clip: frames.
            progress: told frames done.
            question: what the Q-Former is told.
            batch: frames at a time.
        """
        ready = Preparation.of(self.settings, self.model.config.vision_config.image_size)
        ids = self.question_ids(question)

        def look(frames: Any) -> Tensor:
            x = ready(frames).to(self.model.device, self.model.dtype)
            seen = self.model.get_video_features(
                pixel_values=x[None], qformer_input_ids=ids.to(x.device)
            ).pooler_output
            return rearrange(seen[0], "(t q) d -> t q d", t=len(x))

        x = in_batches(clip.frames, batch, look, progress)
        frames, queries, width = x.shape
        token = torch.arange(frames * queries)
        return Tokens(
            rearrange(x, "t q d -> (t q) d"),
            torch.stack([token, token // queries], 1),
            torch.ones(len(token)),
            (frames, 1, 1),
            torch.tensor(clip.times_s),
            clip.duration_s,
            kind="receptive",
            spaces=(Space(self.space, width),),
        )

    def _forward(
        self, embeds: Tensor, memory: Any, positions: Tensor | None, keep: int, **more: Any
    ) -> Any:
        """Straight to the language model: the outer one wants pixels."""
        out = self.model.language_model(
            inputs_embeds=embeds,
            past_key_values=memory,
            use_cache=True,
            logits_to_keep=keep,
            **more,
        )
        return out.logits[0], out.past_key_values

    def question_ids(self, question: str) -> Int[Tensor, "1 l"]:
        """The question as the Q-Former's own tokenizer reads it."""
        folder = None if self.folder is None else self.folder / "qformer_tokenizer"
        if folder is None or not folder.is_dir():
            hint = "Save its processor too: processor.save_pretrained(folder)."
            raise WeightsError(self.record.id, "a folder qformer_tokenizer", "none", hint)
        from transformers import AutoTokenizer

        tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        return tokenizer(question or "?", return_tensors="pt")["input_ids"]
