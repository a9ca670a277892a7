import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models.attention import (
    attention_layers,
    capture,
    patched,
    recorded,
    without_heads,
    without_keys,
)

from ._models import IDS, language

LAYER = "model.layers.1.self_attn"


@torch.no_grad()
def logits(model, ids=IDS):
    return model(ids).logits[0]


def test_a_silenced_head_is_as_if_its_columns_of_the_projection_were_zero():
    model, cut = language(), language()
    with torch.no_grad():
        cut.get_submodule(LAYER).o_proj.weight[:, 8:16] = 0  # head 1 of 4, 8 channels each
    before = logits(model)
    with without_heads(model, [1], [1]):
        during = logits(model)
    torch.testing.assert_close(during, logits(cut))
    assert not torch.allclose(during, before)
    assert torch.equal(logits(model), before)


def test_what_nobody_sees_might_as_well_be_something_else():
    model, other = language(), IDS.clone()
    other[0, 3] = (other[0, 3] + 7) % 64
    after = [i for i in range(9) if i != 3]
    with without_keys(model, [3]):
        torch.testing.assert_close(logits(model)[after], logits(model, other)[after])
    assert not torch.allclose(logits(model)[after], logits(model, other)[after])


@torch.no_grad()
@pytest.mark.parametrize("capture_first", [True, False])
def test_masked_keys_get_no_attention_and_nobody_looks_ahead(capture_first):
    model, gone = language(), torch.tensor([0, 3])
    if capture_first:
        with capture(model) as seen, without_keys(model, gone):
            model(IDS)
    else:
        with without_keys(model, gone), capture(model) as seen:
            model(IDS)
    for m in seen:
        assert m.weights[0, :, 4:, [0, 3]].max() == 0
        assert m.weights[0].triu(1).max() == 0
        torch.testing.assert_close(m.weights.sum(-1), torch.ones(1, 4, 9))


def test_a_patched_activation_carries_another_run_over():
    model, other = language(), IDS.flip(1)
    with recorded(model, ["model.layers.2"]) as kept:
        theirs = logits(model, other)
    with patched(model, "model.layers.2", kept["model.layers.2"]):
        torch.testing.assert_close(logits(model), theirs)
    with patched(model, "model.layers.2", kept["model.layers.2"], [8]):
        part = logits(model)
    torch.testing.assert_close(part[8], theirs[8])
    torch.testing.assert_close(part[:8], logits(model)[:8])


def test_everything_is_undone_even_after_an_error():
    from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS as FUNCTIONS

    model, before = language(), dict(FUNCTIONS)
    value = torch.zeros(1, 9, 32)
    with (
        pytest.raises(ZeroDivisionError),
        without_heads(model, None, [0]),
        without_keys(model, [1]),
        patched(model, "model.layers.0", value),
        recorded(model, ["model.norm"]),
    ):
        _ = 1 / 0
    assert dict(FUNCTIONS) == before
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in model.modules())


def test_what_is_not_there_is_named():
    model = language()
    assert LAYER in attention_layers(model)
    with pytest.raises(VtkError, match="heads from 0 to 3"), without_heads(model, 0, [4]):
        pass
    with pytest.raises(VtkError, match="name of a submodule"), recorded(model, ["model.layer.9"]):
        pass
    with (
        pytest.raises(VtkError, match="same length"),
        patched(model, "model.norm", torch.zeros(1, 4, 32)),
    ):
        logits(model)
