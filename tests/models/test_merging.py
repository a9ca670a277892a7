import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import softmax

from vtk_notebooks.arrays import generator
from vtk_notebooks.errors import WeightsError
from vtk_notebooks.models.merging import Attention, MergingStack, schedule, size_bias


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed), dtype=torch.float64)


def attention(d=8, heads=2, seed=0):
    made, draw = Attention(d, heads).double(), generator(seed)
    with torch.no_grad():
        for weight in made.parameters():
            weight.copy_(torch.randn(weight.shape, generator=draw))
    return made.requires_grad_(False)


def stack(d=8, layers=3, seed=0):
    made, draw = MergingStack(d, 2, 12, layers).double(), generator(seed)
    with torch.no_grad():
        for weight in made.parameters():
            weight.copy_(torch.randn(weight.shape, generator=draw) / weight.shape[-1] ** 0.5)
    return made


@given(seed=st.integers(0, 999), b=st.integers(1, 3), n=st.integers(1, 7))
def test_proportional_attention_is_attention_over_repeated_tokens(seed, b, n):
    x, made = noise(b, n, 8, seed=seed), attention(seed=seed)
    many = torch.randint(1, 5, (b, n), generator=generator(seed))
    y, _ = made(x, many.double())
    for i in range(b):
        repeated = x[i].repeat_interleave(many[i], dim=0)[None]
        theirs, _ = made(repeated, torch.ones(repeated.shape[:2]).double())
        first = many[i].cumsum(0) - many[i]
        torch.testing.assert_close(y[i], theirs[0, first])


def test_a_bias_along_the_rows_is_cancelled_by_the_softmax():
    x, size = noise(2, 6, 8), torch.randint(1, 9, (2, 6), generator=generator(0)).double()
    made = attention()
    released, without = (made(x, size, form)[0] for form in ("query", "none"))
    torch.testing.assert_close(released, without)
    assert not torch.allclose(made(x, size, "key")[0], without, atol=1e-3)


def test_the_size_is_added_to_the_columns_as_a_log():
    bias = size_bias(torch.tensor([[1.0, 3.0]]))
    assert bias is not None
    weights = softmax(torch.zeros(1, 1, 2, 2) + bias, -1)
    torch.testing.assert_close(weights[0, 0], torch.tensor([[0.25, 0.75]] * 2))


def test_keys_are_averaged_over_heads():
    x, made = noise(1, 5, 8), attention(heads=2)
    _, keys = made(x, torch.ones(1, 5).double())
    torch.testing.assert_close(keys, made.k(x).view(1, 5, 2, 4).mean(2))


def test_merges_are_means_by_size_through_all_layers():
    made = MergingStack(8, 2, 12, 3).double()  # branches that add nothing
    x = noise(2, 16, 8)
    y, size, group = made(x, [5, 4, 2])
    assert y.shape == (2, 5, 8)
    assert size.sum(1).tolist() == [16, 16]
    for i in range(2):
        for k in range(5):
            torch.testing.assert_close(y[i, k], x[i, group[i] == k].mean(0))
            assert int((group[i] == k).sum()) == size[i, k]


def test_a_class_token_stays_first():
    _, size, group = stack()(noise(2, 17, 8), [5, 4, 3], class_token=True)
    assert group[:, 0].tolist() == [0, 0]
    assert size[:, 0].tolist() == [1, 1]


def test_layers_that_are_given_no_number_are_not_run():
    made, x = stack(), noise(1, 6, 8)
    assert torch.equal(made(x, [0])[0], made.blocks[0](x, torch.ones(1, 6).double())[0])


def test_it_can_be_trained():
    made, x = stack(), noise(2, 16, 8).requires_grad_()
    made(x, [5, 4, 0])[0].square().sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()
    assert (x.grad.abs().sum(-1) > 0).all()
    unused = {name for name, p in made.named_parameters() if p.grad is None or not p.grad.any()}
    assert unused <= {f"blocks.{i}.attention.k.bias" for i in range(3)}  # softmax ignores it


@pytest.mark.parametrize(
    ("inflection", "merges"),
    [
        (0.0, [8] * 5),
        (-1.0, [16, 12, 8, 4, 0]),
        (1.0, [0, 4, 8, 12, 16]),
        (-0.5, [12, 10, 8, 6, 4]),
    ],
)
def test_schedules_fall_or_rise_around_the_same_mean(inflection, merges):
    assert schedule(5, 8, inflection) == merges


def test_what_is_saved_is_what_is_loaded(tmp_path):
    made, x = stack().float(), noise(1, 6, 8).float()
    made.save(tmp_path / "a.safetensors")
    loaded = MergingStack.load(tmp_path / "a.safetensors")
    assert loaded.config == made.config
    assert torch.equal(loaded(x, [1, 1, 1])[0], made.eval()(x, [1, 1, 1])[0])


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_a_file_without_a_stack_is_refused(content, tmp_path):
    if content is not None:
        (tmp_path / "a").write_bytes(content)
    with pytest.raises(WeightsError, match="a trained stack"):
        MergingStack.load(tmp_path / "a")


@pytest.mark.weights
def test_a_real_vit_without_merges_is_the_vit_itself():
    from vtk_notebooks.models import dinov2

    model = dinov2.backbone("cpu")
    x = torch.rand(2, 3, 42, 56, generator=generator(0))
    with torch.inference_mode():
        patches = model.embeddings(x)
        ours = MergingStack.of(model)(patches, [0] * 12, class_token=True)[0]
        theirs = model.encoder(patches).last_hidden_state
    torch.testing.assert_close(ours, theirs, atol=1e-3, rtol=1e-3)
