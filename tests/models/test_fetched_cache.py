"""Fetched keys and values answer as the whole reading does; each test has a twin that must not."""

import pytest
import torch

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.fetched_cache import ask, put_aside

STREAM, BLOCK, WORDS = 24, 4, 5
KINDS = ("Llama", "Qwen2", "Qwen3", "Mistral")


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def make(kind):
    import transformers

    def make(layers):
        config = getattr(transformers, f"{kind}Config")(
            vocab_size=50,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=layers,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=8,
            initializer_range=0.3,  # else attention is even, and nothing here could fail
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return getattr(transformers, f"{kind}ForCausalLM")(config).eval()

    return make


@pytest.fixture(scope="module")
def told():
    draw = torch.Generator().manual_seed(1)
    return torch.randn(STREAM, 32, generator=draw), torch.randn(WORDS, 32, generator=draw)


def whole(model, *parts):
    """What the model says to the last part when it reads everything in one go."""
    with torch.no_grad():
        out = model(inputs_embeds=torch.cat(parts)[None])
    return out.logits[0, -len(parts[-1]) :]


def blocks(*numbers):
    return torch.cat([torch.arange(BLOCK * n, BLOCK * (n + 1)) for n in numbers])


def far(a, b):
    return (a - b).abs().max().item()


def test_all_that_was_put_aside_answers_as_if_it_had_just_been_read(make, told):
    model, (stream, words) = make(3), told
    aside, full = put_aside(model, stream), whole(model, stream, words)
    assert far(ask(model, aside, torch.arange(STREAM), words), full) < 1e-4
    assert far(ask(model, aside, blocks(1, 2, 4), words), full) > 1e-2
    assert (
        far(ask(model, put_aside(model, stream.flip(0)), torch.arange(STREAM), words), full) > 1e-2
    )


def test_fetched_blocks_stand_in_a_row_whatever_lay_between_them(make, told):
    """In one layer keys hear of nothing else: fetching is reading these blocks alone."""
    model, (stream, words) = make(1), told
    here = blocks(1, 4)
    alone = whole(model, stream[here], words)
    assert far(ask(model, put_aside(model, stream), here, words), alone) < 1e-4
    other = blocks(1, 5)
    assert far(ask(model, put_aside(model, stream), other, words), alone) > 1e-2


def test_nothing_fetched_is_the_question_alone(make, told):
    model, (stream, words) = make(2), told
    none = torch.arange(0)
    assert far(ask(model, put_aside(model, stream), none, words), whole(model, words)) < 1e-4


def test_asking_leaves_what_was_put_aside(make, told):
    model, (stream, words) = make(2), told
    aside = put_aside(model, stream)
    first = ask(model, aside, blocks(0, 3), words)
    ask(model, aside, blocks(2, 5), words.flip(0))
    assert torch.equal(first, ask(model, aside, blocks(0, 3), words))
    assert len(aside) == STREAM


@pytest.mark.parametrize("wrong", [[3, 2], [2, 2], [0, STREAM], [-1, 2]])
def test_tokens_that_are_not_there_or_out_of_order_are_refused(make, told, wrong):
    model, (stream, words) = make(1), told
    with pytest.raises(ShapeError, match="rising numbers below 24"):
        ask(model, put_aside(model, stream), torch.tensor(wrong), words)


def test_a_model_that_does_not_rotate_is_refused():
    import transformers

    config = transformers.GPT2Config(vocab_size=20, n_embd=16, n_layer=1, n_head=2)
    model = transformers.GPT2LMHeadModel(config)
    with pytest.raises(VtkError, match="rotary positions"):
        put_aside(model, torch.zeros(3, 16))
