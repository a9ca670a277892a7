from typing import Any

import pytest
import torch

from vtk_notebooks.blocks.live_stream import Marks, Said, Watched, laid_out
from vtk_notebooks.errors import ShapeError
from vtk_notebooks.models.live_reading import LiveReader, embedded

MARKS = Marks(0, 1, 2, 3, 4)


@pytest.fixture(scope="module")
def model() -> Any:
    """Drawn wide: with attention that is uniform, a lost cache would not show."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        vocab_size=12, initializer_range=0.3,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LlamaForCausalLM._from_config(config).eval()


@pytest.fixture
def stream(model):
    told = laid_out([Watched(3), Said([7, 8], taught=True), Watched(2)], MARKS, 2)
    features = torch.randn(int(told.frames.sum()), 32, generator=torch.Generator().manual_seed(1))
    return told, embedded(model, told.ids, told.frames, features)


@torch.no_grad()
def test_step_by_step_a_model_predicts_what_it_does_for_the_whole_stream(model, stream):
    told, x = stream
    whole, reader, first = model(inputs_embeds=x[None]).logits[0], LiveReader(model), 0
    for place in told.decisions.tolist():
        logits = reader.read(x[first : place + 1])
        assert torch.allclose(logits, whole[place], atol=1e-4)
        first = place + 1
    assert reader.tokens == first
    forgot = LiveReader(model).read(x[first - 2 : first])
    assert not torch.allclose(forgot, whole[first - 1], atol=0.1)  # the cache is what does it


def test_a_reader_that_was_reset_begins_afresh(model, stream):
    _, x = stream
    reader = LiveReader(model)
    once = reader.read(x[:5])
    reader.reset()
    assert torch.equal(reader.read(x[:5]), once)


def test_a_reply_is_the_most_probable_words_and_is_read_by_its_speaker(model, stream):
    _, x = stream
    reader, other = LiveReader(model), LiveReader(model)
    said = reader.reply(reader.read(x[:4]), end=-1, most=3)
    logits = other.read(x[:4])
    for word in said:
        assert int(logits.argmax()) == word
        logits = other.say(torch.tensor([word]))
    assert reader.tokens == other.tokens == 7
    [alone] = LiveReader(model).reply(LiveReader(model).read(x[:4]), end=said[0])
    assert alone == said[0]


def test_features_stand_in_their_places_and_words_in_the_others(model, stream):
    told, x = stream
    words = model.get_input_embeddings()(told.ids)
    assert torch.equal(x[~told.frames], words[~told.frames])
    assert not torch.isclose(x[told.frames], words[told.frames]).all(-1).any()


def test_too_few_features_or_nothing_to_read_is_refused(model, stream):
    told, x = stream
    with pytest.raises(ShapeError, match="10 places"):
        embedded(model, told.ids, told.frames, torch.zeros(9, 32))
    with pytest.raises(ShapeError, match="one or more"):
        LiveReader(model).read(x[:0])
