from dataclasses import replace

import pytest
import torch

from vtk_notebooks import load
from vtk_notebooks.labs.case import cases
from vtk_notebooks.labs.misplaced import PROMISES, Misplaced, holds, placed
from vtk_notebooks.models.adapters import ADAPTERS
from vtk_notebooks.models.adapters.qwen3_vl import Qwen3VL

pytestmark = pytest.mark.weights
QUESTION = "how many things are there ?"


@pytest.fixture(scope="module")
def tiny():
    return load("vtk-tiny")


@pytest.fixture(scope="module")
def tokens(tiny):
    return tiny.encode(cases(1)[0].clip)


def broken(tiny, change):
    """vtk-tiny, with something done to each of its prompts."""

    class Broken(Qwen3VL):
        def prompt(self, prompt, tokens):
            return change(super().prompt(prompt, tokens))

    return Broken(tiny.model, tiny.settings, tiny.tokenizer, tiny.record)


def twice(prompt):
    return replace(prompt, token=prompt.token.clamp_max(100))


def noisy(prompt):
    return replace(prompt, embeds=prompt.embeds + prompt.video[:, None] * 1e-6)


def backwards(prompt):
    token = prompt.token.clone()
    token[prompt.video] = token[prompt.video].flip(0)
    return replace(prompt, token=token)


def late(prompt):
    words = [word.replace("<3 ", "<4 ") for word in prompt.words]
    return replace(prompt, words=tuple(words))


def rolled(prompt):
    positions = prompt.positions.clone()
    positions[1, 0, prompt.video] = positions[1, 0, prompt.video].roll(1)
    return replace(prompt, positions=positions)


BREAKS = {"once": twice, "same": noisy, "order": backwards, "label": late, "places": rolled}


def test_the_suspect_is_in_no_list_of_adapters():
    assert not any("Misplaced" in place or "misplaced" in place for place in ADAPTERS.values())


def test_vtk_tiny_keeps_every_promise_and_the_suspect_breaks_one(tiny, tokens):
    suspect = Misplaced.of(tiny)
    assert all(holds(p, tiny, QUESTION, tokens) for p in PROMISES)
    assert [p for p in PROMISES if not holds(p, suspect, QUESTION, tokens)] == ["places"]


def test_the_suspect_has_rows_and_columns_the_other_way_round(tiny, tokens):
    said, true = placed(Misplaced.of(tiny), QUESTION, tokens)
    assert torch.equal(said, true.flip(1))
    assert torch.equal(placed(tiny, QUESTION, tokens)[0], true)
    assert true[:6].tolist() == [[0, 0], [0, 1], [0, 2], [0, 3], [1, 0], [1, 1]]


@pytest.mark.parametrize("promise", BREAKS)
def test_each_promise_is_seen_to_break(tiny, tokens, promise):
    assert not holds(promise, broken(tiny, BREAKS[promise]), QUESTION, tokens)


def test_a_model_that_looks_ahead_is_seen_to(tiny, tokens, monkeypatch):
    layers = tiny.model.model.language_model.layers
    monkeypatch.setattr(layers[0].self_attn, "is_causal", False)
    whole = torch.zeros(1, 1, 1, 1)

    class Ahead(Qwen3VL):
        def _forward(self, embeds, memory, positions, keep, **more):
            n = embeds.shape[1]
            mask = {"attention_mask": whole.expand(1, 1, n, n)} if memory is None else {}
            return super()._forward(embeds, memory, positions, keep, **more, **mask)

    ahead = Ahead(tiny.model, tiny.settings, tiny.tokenizer, tiny.record)
    assert not holds("causal", ahead, QUESTION, tokens)
