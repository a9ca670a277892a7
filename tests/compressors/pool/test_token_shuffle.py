import pytest
import torch
from einops import rearrange
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import Pool3d, TokenShuffle
from vtk_notebooks.compressors.pool.token_shuffle import ShuffleProjection
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=8, h=2, w=3, d=5, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def test_before_training_the_projection_is_that_of_the_mean():  # the paper's claim, in one line
    x = film().x[None]
    base = torch.nn.Linear(5, 7)
    mean = rearrange(x, "b (k m) d -> b k m d", m=4).mean(2)
    torch.testing.assert_close(ShuffleProjection(5, 4, base)(x), base(mean))
    torch.testing.assert_close(ShuffleProjection(5, 4)(x), mean)


def test_without_a_file_it_is_the_projection_at_its_initial_value():
    tokens = film()
    torch.testing.assert_close(TokenShuffle(4)(tokens).x, ShuffleProjection(5)(tokens.x[None])[0])


def test_1536_tokens_become_384():
    assert len(TokenShuffle(4)(film(t=16, h=8, w=12))) == 384


def test_stacking_loses_nothing_that_a_mean_would():
    tokens = film(d=2)
    shuffle = ShuffleProjection(2, 4)
    shuffle.project = torch.nn.Linear(8, 8)
    with torch.no_grad():
        shuffle.project.weight.copy_(torch.eye(8))
        shuffle.project.bias.zero_()
    back = rearrange(shuffle(tokens.x[None])[0], "k (m d) -> (k m) d", m=4)
    assert torch.equal(back, tokens.x)


@given(m=st.integers(1, 60), t=st.integers(1, 9))
def test_a_last_group_that_is_not_full_is_filled_with_its_last_token(m, t):
    tokens = film(t=t)
    out = TokenShuffle(m)(tokens)
    padded = torch.cat([tokens.x, tokens.x[-1:].expand(-len(tokens) % m, -1)])
    torch.testing.assert_close(out.x, rearrange(padded, "(k m) d -> k m d", m=m).mean(1))


def test_groups_are_neighbours_in_time_whatever_the_order_of_the_tokens():
    tokens = film(h=1, w=1)
    backwards = tokens.select(torch.arange(7, -1, -1))
    torch.testing.assert_close(TokenShuffle(4)(backwards).x, TokenShuffle(4)(tokens).x)


@given(t=st.integers(1, 9), h=st.integers(1, 7), w=st.integers(1, 7), k=st.integers(1, 4))
def test_behind_a_pool_whose_windows_differ_neighbours_are_those_that_came(t, h, w, k):
    pooled = Pool3d((k, 3, 3))(film(t, h, w))
    padded = torch.cat([pooled.x, pooled.x[-1:].expand(-len(pooled) % 4, -1)])
    means = rearrange(padded, "(k m) d -> k m d", m=4).mean(1)
    torch.testing.assert_close(TokenShuffle(4)(pooled).x, means)


def test_a_trained_projection_makes_features_of_a_space_of_its_own(tmp_path):
    torch.manual_seed(0)
    trained = ShuffleProjection(5, 4, torch.nn.Linear(5, 7))
    torch.nn.init.normal_(trained.project.weight)
    save_file(trained.state_dict(), tmp_path / "a.safetensors")
    out = TokenShuffle(4, file=str(tmp_path / "a.safetensors"))(film())
    torch.testing.assert_close(out.x, trained(film().x[None])[0])
    assert out.spaces == (("token_shuffle", 7),)
    assert out.kind == "concat"


def test_a_projection_trained_for_other_tokens_is_refused(tmp_path):
    file = str(tmp_path / "a.safetensors")
    save_file(ShuffleProjection(5, 4).state_dict(), file)
    with pytest.raises(ShapeError, match="20 channels"):
        TokenShuffle(2, file=file)(film())


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_a_file_without_a_projection_is_refused(content, tmp_path):
    file = tmp_path / "a.safetensors"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(WeightsError, match="a trained projection"):
        TokenShuffle(4, file=str(file))(film())


def test_another_budget_forgets_the_weights_that_do_not_fit_it():
    assert TokenShuffle(4, file="x").at(0.5) == TokenShuffle(2)
    assert TokenShuffle(4, file="x").at(0.25) == TokenShuffle(4, file="x")


def test_an_empty_group_is_refused():
    with pytest.raises(VtkError, match="1 or more"):
        TokenShuffle(0)
