import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import adaptive_avg_pool1d, layer_norm, scaled_dot_product_attention

from vtk_notebooks import Tokens
from vtk_notebooks.blocks import mixtures
from vtk_notebooks.blocks.mixtures import (
    attention,
    averaged,
    mixed_frames,
    mixed_of_all,
    mixed_of_parts,
    part_attention,
    pooled,
    runs,
    window_attention,
)
from vtk_notebooks.blocks.windows import windows


def film(t=4, h=3, w=4, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def draw(*shape, seed=1):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_it_is_scaled_dot_product_attention_behind_a_layer_norm():
    query, key, value = draw(2, 3, 8), draw(2, 5, 8, seed=2), draw(2, 5, 6, seed=3)
    share = attention(query, key, torch.ones(2, 5, dtype=torch.bool))
    q, k = (layer_norm(x, (8,)) for x in (query, key))
    torch.testing.assert_close(share @ value, scaled_dot_product_attention(q, k, value))


def test_the_length_of_a_feature_plays_no_part():
    query, key, all_in = draw(1, 3, 8), draw(1, 5, 8, seed=2), torch.ones(1, 5, dtype=torch.bool)
    torch.testing.assert_close(
        attention(query * 7, key * 0.3, all_in), attention(query, key, all_in), atol=1e-3, rtol=1e-3
    )


def test_what_is_not_there_gets_nothing():
    inside = torch.tensor([[True, False, True]])
    share = attention(draw(1, 2, 8), draw(1, 3, 8, seed=2), inside)[0]
    assert not share[:, 1].any()
    torch.testing.assert_close(share.sum(1), torch.ones(2))


def test_windows_a_few_at_a_time_are_windows_at_once(monkeypatch):
    tokens, where = film(), windows((4, 3, 4), (1, 2, 2))
    query = draw(len(where.member), 8)
    at_once = window_attention(query, tokens.x, where)
    monkeypatch.setattr(mixtures, "_MOST_FLOATS", 1)
    torch.testing.assert_close(window_attention(query, tokens.x, where), at_once)


@given(size=st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)))
def test_equal_shares_make_the_mean_of_a_window(size):
    tokens, where = film(), windows((4, 3, 4), size)
    share = where.inside / where.inside.sum(1, keepdim=True)
    out = pooled(tokens, where, share, "mean")
    for k in range(len(out)):
        cells = where.member[k][where.inside[k]]
        torch.testing.assert_close(out.x[k], tokens.x[cells].mean(0))
        assert out.edges[out.edges[:, 0] == k, 1].tolist() == cells.tolist()


def test_rows_of_shares_come_in_any_portions():
    tokens = film()
    share = draw(5, len(tokens)).softmax(1)
    whole, parts = mixed_of_all(tokens, [share], 5), mixed_of_all(tokens, share.split(2), 5)
    torch.testing.assert_close(parts.x, share @ tokens.x)
    assert torch.equal(parts.edges, whole.edges)
    assert parts.kind == "attn"


def test_a_share_of_nothing_is_no_edge():
    tokens = film()
    share = torch.zeros(2, len(tokens))
    share[0, 3] = share[1, 5] = share[1, 7] = 1.0
    out = mixed_of_all(tokens, [share / share.sum(1, keepdim=True)], 2)
    assert out.edges.tolist() == [[0, 3], [1, 5], [1, 7]]


@given(n=st.integers(1, 40), k=st.integers(1, 40))
def test_runs_are_those_of_adaptive_average_pooling_in_64_bits(n, k):
    x = draw(n).double()
    torch.testing.assert_close(runs(n, k) @ x, adaptive_avg_pool1d(x[None], k)[0])


def test_parts_mix_their_own_tokens_only_and_in_any_portions(monkeypatch):
    tokens = film()
    parts, query = tokens.x.view(4, 12, 8), draw(4, 3, 8)
    share = part_attention(query, parts)
    monkeypatch.setattr(mixtures, "_MOST_FLOATS", 1)
    torch.testing.assert_close(part_attention(query, parts), share)
    out = mixed_of_parts(tokens, share)
    for k in range(len(out)):
        part, row = divmod(k, 3)
        torch.testing.assert_close(out.x[k], share[part, row] @ parts[part])
        here = out.edges[out.edges[:, 0] == k, 1]
        assert here.tolist() == list(range(12 * part, 12 * part + 12))


def test_frames_are_mixed_place_by_place():
    tokens = film()
    share = draw(2, 4).softmax(1)
    share[1, 2] = 0.0
    share[1] /= share[1].sum()
    out = mixed_frames(tokens, share)
    expected = torch.einsum("k t, t p d -> k p d", share, tokens.x.view(4, 12, 8))
    torch.testing.assert_close(out.x.view(2, 12, 8), expected)
    assert torch.equal(out.edges[:, 0] % 12, out.edges[:, 1] % 12)
    assert (out.mass()[:12] == 4).all()
    assert (out.mass()[12:] == 3).all()


def test_an_old_token_may_be_taken_by_several_means_and_a_gap_is_a_zero_vector():
    tokens = film(t=1, h=1, w=4)
    out = averaged(tokens, torch.tensor([3, 0, 1, 3, 0]), torch.tensor([1, 0, 2, 3, 1]))
    x = tokens.x
    rows = torch.stack([(x[0] + x[1]) / 2, x[2], 0 * x[0], (x[1] + x[3]) / 2])
    torch.testing.assert_close(out.x, rows)
    assert out.edges.tolist() == [[0, 0], [0, 1], [1, 2], [3, 1], [3, 3]]
    assert out.mass().tolist() == [2, 1, 0, 2]
    assert out.kind == "mean"


def test_even_shares_of_three_cells_are_thirds_in_64_bits():
    torch.testing.assert_close(windows((3, 1, 1), (3, 1, 1)).even() * 3, torch.ones(1, 3).double())


def test_window_means_are_means_of_what_is_inside_however_few_at_a_time(monkeypatch):
    x = torch.randn(5 * 3 * 3, 4, generator=torch.Generator().manual_seed(0))
    where = windows((5, 3, 3), (2, 2, 2))
    expected = torch.stack(
        [x[m[there]].mean(0) for m, there in zip(where.member, where.inside, strict=True)]
    )
    torch.testing.assert_close(mixtures.window_means(x, where), expected)
    monkeypatch.setattr(mixtures, "_MOST_FLOATS", 40)
    torch.testing.assert_close(mixtures.window_means(x, where), expected)
