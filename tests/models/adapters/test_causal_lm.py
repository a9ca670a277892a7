from typing import Any

import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError, WeightsError
from vtk_notebooks.models.adapters import adapter_for
from vtk_notebooks.models.door import load
from vtk_notebooks.tokens import Tokens

from . import _tiny


def other(kind, folder):
    """A tiny decoder of another family, which has no entry of its own."""
    import transformers

    sizes: dict[str, Any]
    small = {k: v for k, v in _tiny.TEXT.items() if k != "intermediate_size"}
    if kind == "GPT2":
        sizes = {"n_embd": 32, "n_layer": 2, "n_head": 4, "vocab_size": 512, "n_positions": 512}
        config = transformers.GPT2Config(**sizes, initializer_range=0.3)
        made = transformers.GPT2LMHeadModel
    else:
        more = {"intermediate_size": 48, "head_dim": 8, "pad_token_id": 0}
        config = getattr(transformers, f"{kind}Config")(**small, **more)
        made = getattr(transformers, f"{kind}ForCausalLM")
    return _tiny.saved(folder, made, config, {}, _tiny.tokenizer())


FAMILIES = ("llama", "Qwen3", "Mistral", "Gemma", "GPT2")


@pytest.fixture(scope="module", params=FAMILIES)
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    made = _tiny.llama(folder) if request.param == "llama" else other(request.param, folder)
    return load(made, progress=lambda *step: None)


def film(model, frames=2):
    x = torch.randn(frames, 1, 1, 32, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(frames) * 1.0, space=model.space)


def test_it_answers_without_a_film_as_generate_does(model):
    answer = model.say("a man rides", most=6)
    ids = model.tokenizer(model.template("a man rides", video=False), return_tensors="pt")
    out = model.model.generate(ids["input_ids"], max_new_tokens=6, do_sample=False, pad_token_id=0)
    assert list(answer.ids) == out[0, ids["input_ids"].shape[1] :].tolist()
    assert answer.video_tokens == 0


def test_tokens_of_its_own_width_may_stand_in_a_prompt(model):
    answer = model.answer("what happens?", film(model), most=3)
    assert answer.video_tokens == 2
    other = model.answer("what happens?", film(model, 3), most=3)
    assert other.prompt_tokens == answer.prompt_tokens + 1


def test_it_has_no_eyes_and_says_so(model):
    clip = Clip(np.zeros((1, 8, 8, 3), np.uint8), np.zeros(1), Origin("made", 1.0))
    with pytest.raises(VtkError, match="another model"):
        model.encode(clip)


@pytest.mark.parametrize("kind", ["bart", "gemma3", "mamba", "roberta", "rwkv", "t5", "whisper"])
def test_what_is_no_plain_decoder_of_text_is_not_taken_for_one(kind):
    with pytest.raises(WeightsError, match="an architecture with an adapter"):
        adapter_for(kind)
