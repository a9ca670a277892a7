from typing import Any

import pytest
import torch

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.models.vocabulary import added_words
from vtk_notebooks.timecodecs import DigitTokens, RelativeTokens

from .adapters._tiny import TEXT, llama

OLD, ROWS = 335, 512
"""Words of the tiny tokenizer, and rows of the tiny model."""
CODEC = RelativeTokens(n=200)  # more than there are spare rows
SAID = "a man rides a bicycle"


@pytest.fixture
def tiny(tmp_path):
    """A language model with spare rows, and its tokenizer."""
    return loaded(tmp_path, tied=False)


def loaded(folder, tied) -> tuple[Any, Any]:
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    made = llama(folder)
    model = LlamaForCausalLM.from_pretrained(made).eval()
    if tied:
        torch.manual_seed(0)
        model = LlamaForCausalLM(LlamaConfig(**TEXT, tie_word_embeddings=True)).eval()
    return model, AutoTokenizer.from_pretrained(made)


def logits(model, words, text=SAID):
    with torch.no_grad():
        return model(**words(text, return_tensors="pt")).logits


def state(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def test_a_symbol_becomes_one_token_and_is_written_back_as_it_is(tiny):
    model, words = tiny
    added = added_words(model, words, CODEC.vocab)
    text = CODEC.render(CODEC.encode_span(5.0, 9.0, 60.0))
    ids = words(f"from {text}.", add_special_tokens=False)["input_ids"]
    expected = [added.ids[k] for k in CODEC.encode_span(5.0, 9.0, 60.0)]
    assert [i for i in ids if i in added.ids] == expected
    assert text in words.decode(ids)
    assert len(model.get_input_embeddings().weight) == len(words) == OLD + 200
    assert model.config.vocab_size == OLD + 200


@pytest.mark.parametrize("tied", [False, True])
def test_what_the_model_says_in_its_own_words_does_not_change(tmp_path, tied):
    model, words = loaded(tmp_path, tied)
    before = logits(model, words)
    added_words(model, words, CODEC.vocab)
    after = logits(model, words)
    assert after.shape[2] == OLD + 200
    torch.testing.assert_close(after[..., :OLD], before[..., :OLD])


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("n", [7, 200])
def test_undone_all_is_bit_for_bit_as_it_was(tmp_path, tied, n):
    model, words = loaded(tmp_path, tied)
    before, length, said = state(model), len(words), words(SAID)["input_ids"]
    weight = model.get_input_embeddings().weight
    with added_words(model, words, RelativeTokens(n=n).vocab, start="text") as added:
        assert len(words) == length + n
        with torch.no_grad():
            model.get_input_embeddings().weight.add_(1)  # a training that is thrown away
    added.undo()
    after = state(model)
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert model.get_input_embeddings().weight is weight
    assert (len(words), model.config.vocab_size, model.vocab_size) == (length, ROWS, ROWS)
    assert words(SAID)["input_ids"] == said
    assert "<t3>" not in words.get_vocab()
    assert logits(model, words).shape[2] == ROWS


def test_an_output_layer_that_is_the_embedding_stays_so(tmp_path):
    model, words = loaded(tmp_path, tied=True)
    added = added_words(model, words, CODEC.vocab)
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight
    added.undo()
    assert model.get_output_embeddings().weight is model.get_input_embeddings().weight


def test_new_rows_start_at_the_mean_of_the_words_there_were(tiny):
    model, words = tiny
    tables = [layer.weight for layer in (model.get_input_embeddings(), model.lm_head)]
    means = [table[:OLD].mean(0) for table in tables]  # rows behind the last word mean nothing
    added = added_words(model, words, CODEC.vocab)
    for layer, mean in zip((model.get_input_embeddings(), model.lm_head), means, strict=True):
        for row in added.ids:
            torch.testing.assert_close(layer.weight[row], mean)


def test_new_rows_may_start_where_their_number_is_spelt(tiny):
    model, words = tiny
    table = model.get_input_embeddings().weight.clone()
    spelt = words(["12", "zero"], add_special_tokens=False)["input_ids"]
    added = added_words(model, words, ["<TEMP-012>", "<TIME_ZERO>", "<?>"], start="text")
    now = model.get_input_embeddings().weight
    torch.testing.assert_close(now[added.ids[0]], table[spelt[0]].mean(0))
    zero = words("time zero", add_special_tokens=False)["input_ids"]
    torch.testing.assert_close(now[added.ids[1]], table[zero].mean(0))
    torch.testing.assert_close(now[added.ids[2]], table[:OLD].mean(0))


def test_a_model_that_sees_films_learns_them_through_its_adapter(tmp_path):
    from vtk_notebooks import load

    from .adapters._tiny_language import llava_onevision

    seer: Any = load(str(llava_onevision(tmp_path)))
    before, length = state(seer.model), len(seer.tokenizer)
    with added_words(seer.model, seer.tokenizer, CODEC.vocab) as added:
        assert len(seer.model.lm_head.weight) == len(seer.tokenizer) == length + 200
        assert seer.model.config.get_text_config().vocab_size == max(added.ids) + 1
    after = state(seer.model)
    assert all(torch.equal(after[name], before[name]) for name in before)


def test_gradients_reach_new_rows(tiny):
    model, words = tiny
    added = added_words(model, words, DigitTokens().vocab)
    ids = torch.tensor([list(added.ids)])
    model(input_ids=ids, labels=ids).loss.backward()
    grad = model.get_input_embeddings().weight.grad
    assert (grad[list(added.ids)].abs().sum(1) > 0).sum() >= 10  # the last one predicts nothing


def test_words_the_tokenizer_has_keep_their_tokens(tiny):
    model, words = tiny
    before = words.convert_tokens_to_ids("man") if "man" in words.get_vocab() else None
    added = added_words(model, words, ["<s>", "<t0>"])
    assert added.new == ("<t0>",)
    assert added.ids[0] == words.bos_token_id
    assert before in (None, words.convert_tokens_to_ids("man"))


def test_two_vocabularies_are_undone_last_first(tiny):
    model, words = tiny
    first = added_words(model, words, ["<a>"])
    second = added_words(model, words, ["<b>"])
    with pytest.raises(VtkError, match="later first"):
        first.undo()
    second.undo()
    first.undo()
    assert len(words) == OLD


def test_they_are_undone_when_something_goes_wrong_inside(tiny):
    model, words = tiny
    with pytest.raises(RuntimeError), added_words(model, words, ["<a>"]):
        raise RuntimeError
    assert len(words) == OLD


def test_what_cannot_be_added_is_refused(tiny):
    model, words = tiny
    for wrong in ([], ["<a>", "<a>"], [""]):
        with pytest.raises(VtkError, match="each once"):
            added_words(model, words, wrong)
    with pytest.raises(UnknownNameError, match="Did you mean 'mean'"):
        added_words(model, words, ["<a>"], start="men")
    with pytest.raises(VtkError, match="a fast tokenizer"):
        added_words(model, object(), ["<a>"])
    assert len(words) == OLD
