"""Sentence encoders: a text as one vector, from a BERT whose folder says how its words are pooled.

After "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks" (Reimers and Gurevych, 2019,
arXiv:1908.10084). Mean or class token, unit length or not, and the longest text are read from the
files that such models bring ("1_Pooling/config.json", "modules.json", "sentence_bert_config.json").
Texts compare with texts: captions, subtitles, questions. It has no eyes.
"""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import normalize

from vtk_notebooks.clip import Clip
from vtk_notebooks.errors import VtkError, WeightsError
from vtk_notebooks.models.adapters._adapter import Adapter
from vtk_notebooks.models.frames import Progress
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

_MEAN, _CLASS = "pooling_mode_mean_tokens", "pooling_mode_cls_token"


class SentenceBERT(Adapter):
    """Text in, vectors out."""

    model_types: ClassVar[tuple[str, ...]] = ("bert",)

    def encode(self, clip: Clip, progress: Progress | None = None) -> Tokens:
        hint = "Encode the film with another model; `read` and `embed` are for texts."
        raise VtkError("SentenceBERT", "text", "a clip", hint)

    def embed(self, texts: Sequence[str]) -> Float[Tensor, "b d"]:
        """One vector per text."""
        return torch.stack([self.read(text).vector for text in texts])

    def read(self, text: str) -> Query:
        """The pooled vector, and one for each word piece without the markers around the text."""
        ids = self.tokenizer(text, return_tensors="pt")
        count, longest = ids["input_ids"].shape[1], self.longest
        if not 2 < count <= longest:
            hint = "Shorten it." if count > longest else "Write a word."
            expected = f"a text of 1 to {longest - 2} word pieces"
            raise VtkError("SentenceBERT", expected, f"{max(count - 2, 0)} of them", hint)
        with torch.inference_mode():
            hidden = self.model(**ids.to(self.model.device)).last_hidden_state[0].float().cpu()
        pooled = hidden.mean(0) if self._pooling[_MEAN] else hidden[0]
        words = hidden[1:-1]
        if self._unit:
            pooled, words = normalize(pooled, dim=0), normalize(words, dim=-1)
        names = self.tokenizer.convert_ids_to_tokens(ids["input_ids"][0, 1:-1])
        return Query(text, pooled.clone(), words.clone(), tuple(names), self.space)

    @property
    def longest(self) -> int:
        """Word pieces it was tuned for, its two markers included."""
        said = self._file("sentence_bert_config.json") or {}
        return int(said.get("max_seq_length") or self.model.config.max_position_embeddings)

    @property
    def _pooling(self) -> dict[str, Any]:
        said = self._file("1_Pooling/config.json") or {}
        if bool(said.get(_MEAN)) == bool(said.get(_CLASS)):
            hint = "Is it a model of sentence-transformers? Such a folder has modules.json."
            expected = "1_Pooling/config.json that says mean or class token"
            raise WeightsError(self.record.id, expected, said or "none", hint)
        return {_MEAN: False, **said}

    @property
    def _unit(self) -> bool:
        modules = self._file("modules.json") or []
        return any(str(m.get("type", "")).endswith(".Normalize") for m in modules)

    def _file(self, name: str) -> Any:
        path = self.folder / name if self.folder else None
        return json.loads(path.read_text("utf-8")) if path and path.is_file() else None
