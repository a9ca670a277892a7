import json
from typing import Any

import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError, WeightsError
from vtk_notebooks.models import minilm
from vtk_notebooks.models.door import load

from ..packaged._there import needs
from . import _tiny

TEXT = "a rabbit yawns"
NORM = [{"type": "sentence_transformers.models.Normalize"}]


def pooled(folder, mean=True, cls=False, modules=(), longest=16):
    """A tiny BERT with the files of a sentence encoder."""
    _tiny.bert(folder)
    (folder / "1_Pooling").mkdir(exist_ok=True)
    said = {"pooling_mode_mean_tokens": mean, "pooling_mode_cls_token": cls}
    (folder / "1_Pooling/config.json").write_text(json.dumps(said))
    (folder / "modules.json").write_text(json.dumps(list(modules)))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": longest}))
    return load(folder)


def hidden(model, text=TEXT):
    ids = model.tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        return model.model(**ids).last_hidden_state[0]


@pytest.mark.parametrize("mean", [True, False])
def test_it_pools_as_its_folder_says(tmp_path, mean):
    model = pooled(tmp_path, mean, not mean)
    states = hidden(model)
    truth = states.mean(0) if mean else states[0]
    query = model.read(TEXT)
    torch.testing.assert_close(query.vector, truth)
    torch.testing.assert_close(query.words, states[1:-1])
    assert model.tokenizer.convert_tokens_to_string(list(query.tokens)) == TEXT
    assert torch.equal(model.embed([TEXT, "yes"])[0], query.vector)


def test_it_is_of_unit_length_where_its_folder_says_so(tmp_path):
    model = pooled(tmp_path, modules=NORM)
    query = model.read(TEXT)
    assert query.vector.norm().item() == pytest.approx(1)
    torch.testing.assert_close(query.words.norm(dim=-1), torch.ones(len(query.words)))
    torch.testing.assert_close(
        query.vector, torch.nn.functional.normalize(hidden(model).mean(0), dim=0)
    )


@pytest.mark.parametrize("said", [(False, False), (True, True)])
def test_a_folder_that_does_not_say_how_to_pool_is_named(tmp_path, said):
    with pytest.raises(WeightsError, match="mean or class token"):
        pooled(tmp_path, *said).read(TEXT)


def test_a_text_without_words_or_beyond_its_length_is_refused(tmp_path):
    model = pooled(tmp_path, longest=8)
    with pytest.raises(VtkError, match="Write a word"):
        model.read("")
    with pytest.raises(VtkError, match=r"1 to 6 word pieces.*Shorten it"):
        model.read("a man rides a bicycle on the street")


def test_it_has_no_eyes_and_says_so(tmp_path):
    clip = Clip(np.zeros((1, 8, 8, 3), np.uint8), np.zeros(1), Origin("made", 1.0))
    with pytest.raises(VtkError, match="another model"):
        pooled(tmp_path).encode(clip)


class TestMiniLM:
    pytestmark = needs("minilm")

    def test_it_reads_as_our_own_reading_of_the_same_weights_does(self):
        ours, theirs = load("minilm").read(TEXT), minilm.read(TEXT)
        torch.testing.assert_close(ours.vector, theirs.vector)
        torch.testing.assert_close(ours.words, theirs.words)
        assert ours.tokens == theirs.tokens

    def test_like_texts_are_near(self):
        like, unlike = "a man on his bike", "a bowl of soup"
        model: Any = load("minilm")
        a, b, c = model.embed(["a person rides a bicycle", like, unlike])
        assert a @ b > 0.5 > 0.2 > a @ c
