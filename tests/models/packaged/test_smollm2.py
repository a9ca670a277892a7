import sys
from threading import Event

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import CancelledError, WeightsError
from vtk_notebooks.models.attention import capture
from vtk_notebooks.models.door import load
from vtk_notebooks.models.packaged import smollm2

from ._there import needs

pytestmark = needs("smollm2-135m")


@pytest.fixture(scope="module")
def model():
    return load("smollm2-135m")


def test_it_knows_a_capital(model):
    ids = model.tokenizer("The capital of France is", return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        best = int(model.model(ids).logits[0, -1].argmax())
    assert model.tokenizer.decode([best]) == " Paris"


def test_it_answers_in_its_own_template_and_stops_by_itself(model):
    answer = model.say("What is the capital of France? Answer with one word.", most=24)
    assert "Paris" in answer.text
    assert answer.words[-1] == "<|im_end|>"
    assert answer.video_tokens == 0


def test_it_has_the_size_that_its_paper_gives_it(model):
    count = sum(p.numel() for p in model.model.parameters())
    assert round(count / 1e6) == 135
    assert len(model.model.model.layers) == 30
    assert {p.dtype for p in model.model.parameters()} == {torch.float32}


def test_its_attention_is_real(model):
    ids = model.tokenizer("The cat sat on the mat because the cat", return_tensors="pt")
    with torch.inference_mode(), capture(model.model, rows=[-1]) as seen:
        model.model(**ids)
    weights = torch.cat([m.weights for m in seen])
    assert weights.shape[:3] == (30, 9, 1)
    torch.testing.assert_close(weights.sum(-1), torch.ones(30, 9, 1))
    # some head looks from the second cat to the word behind the first (induction)
    assert weights[:, :, 0, 2].max() > 0.3


def test_digits_are_cut_apart_and_marks_of_a_turn_are_one_token(model):
    pieces = model.tokenizer.tokenize("In 2024<|im_end|>")
    assert pieces == ["In", "Ġ", "2", "0", "2", "4", "<|im_end|>"]


LETTERS = st.characters(
    max_codepoint=0xFFFF, categories=["L", "N", "P", "Zs"], exclude_characters="<"
)
"""Its vocabulary has no pieces for control bytes and rare planes; "<" may begin a mark."""


@given(text=st.text(LETTERS, max_size=40))
def test_every_text_comes_back(model, text):
    ids = model.tokenizer(text, add_special_tokens=False)["input_ids"]
    assert model.tokenizer.decode(ids, clean_up_tokenization_spaces=False) == text


def test_it_is_converted_once(model, monkeypatch):
    monkeypatch.setattr(smollm2, "_opened", lambda path: pytest.fail("opened again"))
    assert load("smollm2-135m").record == model.record


def test_a_cancel_while_it_is_converted_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("VTK_CACHE", str(tmp_path / "cache"))
    stop, told = Event(), []

    def progress(what, done, total):
        told.append((what, done))
        if what == "convert" and done == 3:
            stop.set()

    with pytest.raises(CancelledError, match="'convert', 4 of 272"):
        load("smollm2-135m", progress=progress, cancel=stop)
    assert told[-1] == ("convert", 3)
    assert list((tmp_path / "cache").iterdir()) == []


def test_without_the_reader_of_its_file_it_says_what_to_type(monkeypatch, tmp_path):
    monkeypatch.setenv("VTK_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(WeightsError, match=r"pip install 'vtk-notebooks\[lm\]'"):
        load("smollm2-135m")
