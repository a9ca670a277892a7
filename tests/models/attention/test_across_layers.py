import pytest
import torch

from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.attention import AttentionMap, capture, mean, most, relevance, rollout

from ._models import IDS, language


def layer(*rows, name="l"):
    weights = torch.tensor(rows, dtype=torch.float32)[None, None]
    return AttentionMap(name, weights, torch.arange(weights.shape[2]), ())


def test_mean_and_most_are_what_they_say():
    maps = [layer([1.0, 0.0], [0.5, 0.5]), layer([0.0, 1.0], [0.5, 0.5])]
    assert mean(maps).weights[0].tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert most(maps).weights[0].tolist() == [[1, 1], [0.5, 0.5]]


def test_a_joined_map_knows_of_which_layers_and_rows_it_is():
    rows = torch.tensor([7, 2])
    maps = [AttentionMap(name, torch.rand(1, 2, 2, 9), rows, (0, 1)) for name in ("a", "b")]
    for how, joined in (("mean", mean(maps)), ("max", most(maps))):
        assert (joined.how, joined.layers) == (how, ("a", "b"))
        assert joined.rows.tolist() == [7, 2]
        assert joined.bytes == 2 * 9 * 4


def test_rollout_by_hand():
    # half residual: layer 1 is [[1, 0], [.5, .5]], layer 2 is [[1, 0], [.25, .75]]
    maps = [layer([1.0, 0.0], [1.0, 0.0]), layer([1.0, 0.0], [0.5, 0.5])]
    assert rollout(maps).weights[0].tolist() == [[1, 0], [0.625, 0.375]]


@torch.no_grad()
def test_rollout_of_a_model_mixes_and_never_looks_ahead():
    model = language()
    with capture(model) as seen:
        model(IDS)
    flow = rollout(seen).weights
    assert rollout(seen).layers == tuple(seen.maps)
    torch.testing.assert_close(flow.sum(-1), torch.ones(1, 9))
    assert flow[0].triu(1).max() == 0


def test_layers_of_other_shapes_are_refused():
    with pytest.raises(ShapeError, match="one stack"):
        mean([layer([1.0, 0.0]), layer([1.0])])
    with pytest.raises(ShapeError, match="rows=None"):
        rollout([layer([1.0, 0.0])])


def score(model, position=4, token=3):
    return lambda: model(IDS).logits[0, position, token]


def test_relevance_is_the_rule_applied_to_the_gradients_of_the_maps():
    model = language("eager")
    out = model(IDS, output_attentions=True)
    grads = torch.autograd.grad(out.logits[0, 4, 3], out.attentions)
    expected = torch.eye(9)[None]
    for a, g in zip(out.attentions, grads, strict=True):
        expected = expected + (a * g).clamp_min(0).mean(1) @ expected
    model = language("sdpa")
    ours = relevance(model, score(model))
    assert (ours.how, len(ours.layers), ours.rows.tolist()) == ("relevance", 3, list(range(9)))
    torch.testing.assert_close(ours.weights, expected.detach(), atol=1e-5, rtol=1e-4)


def test_what_comes_later_has_no_relevance():
    model = language()
    row = relevance(model, score(model)).weights[0, 4]
    assert row[5:].abs().max() == 0
    assert row[:5].max() > 0


def test_the_model_is_set_back_whatever_happens():
    model = language().requires_grad_(False)
    with pytest.raises(ZeroDivisionError):
        relevance(model, lambda: torch.tensor(1 / 0))
    assert model.config._attn_implementation == "sdpa"
    assert not any(p.requires_grad for p in model.parameters())
    assert not any(m._forward_hooks for m in model.modules())


def test_rollout_of_nothing_is_refused():
    with pytest.raises((VtkError, ShapeError)):
        rollout([])
