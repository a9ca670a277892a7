"""What every adapter with a language model promises; the truth is the model's own forward pass."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vtk_notebooks import build
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.models.door import load
from vtk_notebooks.tokens import Space

from . import _tiny_language as _tiny
from . import _truth

MAKE = {
    "instructblip_video": _tiny.instructblip_video,
    "internvl": _tiny.internvl,
    "llava_next_video": _tiny.llava_next_video,
    "llava_onevision": _tiny.llava_onevision,
    "qwen3_vl": _tiny.qwen3_vl,
    "smolvlm": _tiny.smolvlm,
    "video_llama_3": _tiny.video_llama_3,
    "video_llava": _tiny.video_llava,
    "qwen2_5_vl": _tiny.qwen2_5_vl,
    "qwen2_vl": lambda folder: _tiny.qwen2_5_vl(folder, old=True),
}
QUESTION = "what happens in this video?"


@pytest.fixture(scope="module", params=MAKE)
def model(request, tmp_path_factory):
    return load(MAKE[request.param](tmp_path_factory.mktemp(request.param)))


@pytest.fixture(scope="module")
def clip():
    frames = np.random.default_rng(0).integers(0, 256, (4, 56, 84, 3), dtype=np.uint8)
    return Clip(frames, np.array([0.0, 1.0, 2.0, 3.0]), Origin("made", 4.0))


def test_a_whole_film_reads_as_the_model_s_own_forward_pass_reads_it(model, clip):
    prompt = model.prompt(QUESTION, model.encode(clip))
    theirs = _truth.logits(model, clip, QUESTION)
    assert theirs.std() > 0.1  # a constant would agree with anything
    torch.testing.assert_close(model.logits(prompt), theirs, atol=1e-3, rtol=1e-3)


def test_tokens_say_which_patch_frame_and_second_they_speak_for(model, clip):
    tokens = model.encode(clip)
    assert tokens.grid[0] == len(clip)
    assert tokens.times_s.tolist() == clip.times_s.tolist()
    assert tokens.kept().all()
    frames = clip.frames.copy()
    frames[3, 28:] = 255 - frames[3, 28:]
    moved = (model.encode(Clip(frames, clip.times_s, clip.origin)).x - tokens.x).norm(dim=1)
    place = tokens.spread(moved)
    per = 1 if tokens.kind == "hard" else 2
    assert place[: 4 - per].max() == 0  # no frame of another group moves
    assert place[3].max() > 0


def test_the_prompt_knows_what_stands_where(model, clip):
    tokens = model.encode(clip)
    prompt = model.prompt(QUESTION, tokens)
    assert prompt.video.sum() == len(tokens)
    assert prompt.token[prompt.video].tolist() == list(range(len(tokens)))
    assert len(prompt.words) == prompt.embeds.shape[1]
    text = model.tokenizer.convert_tokens_to_string([w for w in prompt.words if w])
    assert QUESTION in text


def test_a_compressor_stands_between_tower_and_language_model(model, clip):
    tokens = model.encode(clip)
    fewer = build("compressor", "bipartite_merge", keep=0.5, scope="clip")(tokens)
    prompt = model.prompt(QUESTION, fewer)
    assert prompt.video.sum() == len(fewer) == round(0.5 * len(tokens))
    assert torch.isfinite(model.logits(prompt)).all()
    every = build("compressor", "uniform", keep=1.0)(tokens)
    torch.testing.assert_close(
        model.logits(model.prompt(QUESTION, every)), model.logits(model.prompt(QUESTION, tokens))
    )


def test_a_token_keeps_its_place_in_space_time_when_others_are_dropped(model, clip):
    tokens = model.encode(clip)
    chosen = torch.tensor([0, len(tokens) // 2, len(tokens) - 1])
    whole, few = model.prompt("?", tokens), model.prompt("?", tokens.select(chosen))
    if whole.positions is None:
        pytest.skip("positions are counted")
    assert torch.equal(
        few.positions[:, 0, few.video], whole.positions[:, 0, whole.video][:, chosen]
    )
    assert few.next_position == whole.next_position


def test_an_answer_is_what_generate_says_token_by_token(model, clip):
    tokens = model.encode(clip)
    told: list[tuple[int, int]] = []
    ours = model.answer(QUESTION, tokens, most=5, progress=lambda *step: told.append(step))
    assert list(ours.ids) == _truth.generate(model, clip, QUESTION, 5)
    assert told == [(n, 5) for n in range(1, len(ours.ids) + 1)]
    assert ours.video_tokens == len(tokens)
    assert len(ours.words) == len(ours.logprobs) == len(ours.ids)
    assert (ours.logprobs <= 0).all()
    assert min(ours.prefill_s, ours.decode_s) >= 0


def test_tokens_of_another_model_are_refused(model, clip):
    tokens = model.encode(clip)
    other = replace(tokens, spaces=(Space("elsewhere", tokens.x.shape[1]),))
    with pytest.raises(SpaceError):
        model.answer("?", other)
    with pytest.raises(VtkError, match="1 or more"):
        model.answer("?", tokens, most=0)
