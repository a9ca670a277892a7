from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import provenance
from vtk_notebooks.errors import ShapeError
from vtk_notebooks.provenance import KINDS, compose, weakest, weighted_sums

from ._films import GRIDS, SEEDS, film, grouping, matrix


@given(grid=GRIDS, seed=SEEDS)
def test_provenance_of_two_stages_is_the_product_of_their_tables(grid, seed):
    tokens = film(grid, seed=seed)
    once = tokens.regroup(grouping(len(tokens), seed, drop=True))
    group = grouping(len(once), seed + 1, drop=True)
    twice = once.regroup(group)
    mass = once.mass().double()
    step = torch.zeros(len(twice), len(once), dtype=torch.float64)
    kept = group >= 0
    step[group[kept], kept.nonzero().squeeze(1)] = mass[kept]
    step = step / step.sum(1, keepdim=True)
    torch.testing.assert_close(matrix(twice), step @ matrix(once), atol=1e-6, rtol=1e-5)


@given(grid=GRIDS, seed=SEEDS)
def test_merging_in_rounds_equals_merging_at_once(grid, seed):
    tokens = film(grid, seed=seed)
    first = grouping(len(tokens), seed)
    second = grouping(int(first.max()) + 1, seed + 1)
    rounds = tokens.regroup(first).regroup(second)
    at_once = tokens.regroup(second[first])
    torch.testing.assert_close(rounds.x, at_once.x, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(matrix(rounds), matrix(at_once), atol=1e-6, rtol=1e-5)


@given(grid=GRIDS, seed=SEEDS)
def test_three_stages_compose_the_same_whichever_two_come_first(grid, seed):
    tokens = film(grid, seed=seed)
    a = grouping(len(tokens), seed)
    b = grouping(int(a.max()) + 1, seed + 1)
    c = grouping(int(b.max()) + 1, seed + 2)
    left = tokens.regroup(b[a]).regroup(c)
    right = tokens.regroup(a).regroup(c[b])
    torch.testing.assert_close(matrix(left), matrix(right), atol=1e-6, rtol=1e-5)


@given(grid=GRIDS, seed=SEEDS)
def test_provenance_rebuilds_the_features_of_any_merge(grid, seed):
    tokens = film(grid, seed=seed)
    out = tokens.regroup(grouping(len(tokens), seed, drop=True))
    rebuilt = matrix(out) @ tokens.x.double()
    torch.testing.assert_close(out.x.double(), rebuilt, atol=1e-5, rtol=1e-4)


def test_a_chain_claims_no_more_than_its_weakest_stage():
    tokens = film()
    pairs = torch.stack([torch.arange(24) // 2, torch.arange(24)], 1)
    stacked = tokens.derive(tokens.x[:12], pairs, torch.ones(24), "concat")
    assert stacked.select(torch.arange(3)).kind == "concat"
    assert tokens.regroup(torch.arange(24)).kind == "hard"
    assert tokens.regroup(torch.arange(24) // 2).kind == "mean"
    assert weakest(*KINDS) == "none"
    assert weakest("hard", "attn", "mean") == "attn"


def test_steps_are_scaled_to_shares_and_what_is_zero_is_left_out():
    tokens = film((1, 1, 4))
    step = torch.tensor([[0, 0], [0, 1], [0, 2], [1, 3]])
    out = tokens.derive(tokens.x[:2], step, torch.tensor([1.0, 3.0, 0.0, 5.0]), "attn")
    assert out.edges.tolist() == [[0, 0], [0, 1], [1, 3]]
    assert out.share.tolist() == [0.25, 0.75, 1.0]


@given(
    seed=SEEDS, before=st.sampled_from(["cells", "scaled", "one each", "any"]), tidy=st.booleans()
)
def test_any_steps_in_any_order_compose_as_their_tables_do(seed, before, tidy):
    draw = torch.Generator().manual_seed(seed)
    old, made, cells = 6, 4, 6
    edges = torch.stack([torch.arange(old), torch.arange(cells)], 1)
    share = torch.ones(old)
    if before == "scaled":
        share = torch.rand(old, generator=draw) + 0.1
    elif before == "one each":
        edges[:, 1] = torch.randperm(cells, generator=draw)
    elif before == "any":
        edges = torch.randint(0, 6, (14, 2), generator=draw)
        share = torch.rand(14, generator=draw) + 0.1
    step = torch.stack([torch.randint(0, n, (9,), generator=draw) for n in (made, old)], 1)
    step = step.unique(dim=0) if tidy else step
    part = (torch.rand(len(step), generator=draw) - 0.3).clamp_min(0)  # some are zero

    def table(pairs, values, size):
        return torch.zeros(size).index_put(tuple(pairs.T), values, accumulate=True)

    product = table(step, part, (made, old)) @ table(edges, share, (old, cells))
    got, parts = compose(step, part, (edges, share), (made, old, cells))
    assert (parts > 0).all()
    assert got.tolist() == got.unique(dim=0).tolist()  # in order, each once
    total = product.sum(1, keepdim=True)
    expected = torch.where(total > 0, product / total.clamp_min(1e-12), 0)
    torch.testing.assert_close(table(got, parts, (made, cells)), expected)


def test_a_token_made_of_nothing_speaks_for_no_cell():
    tokens = film((1, 1, 2))
    out = tokens.derive(torch.zeros(2, 3), torch.tensor([[0, 0]]), torch.ones(1), "mean")
    assert out.mass().tolist() == [1, 0]
    assert out.centre()[1].isnan().all()
    assert out.regroup(torch.tensor([0, 0])).mass().tolist() == [1]


@given(seed=SEEDS, n=st.integers(1, 30), m=st.integers(1, 8))
def test_weighted_sums_are_a_matrix_product(seed, n, m):
    draw = torch.Generator().manual_seed(seed)
    x, share = torch.randn(n, 3, generator=draw), torch.rand(n + m, generator=draw)
    old = torch.randint(0, n, (n + m,), generator=draw)
    new = torch.cat([torch.arange(m), torch.randint(0, m, (n,), generator=draw)])
    table = torch.zeros(m, n).index_put((new, old), share, accumulate=True)
    torch.testing.assert_close(weighted_sums(x, old, new, share), table @ x, atol=1e-5, rtol=1e-4)


def test_a_mean_of_very_many_in_16_bits_is_right_to_its_last_bit():
    x = (torch.arange(100_000) % 5 + 1).half()[:, None]  # a share of 1e-5 is no number of 16 bits
    n = torch.arange(len(x))
    share = torch.full((len(x),), 1 / len(x))
    assert weighted_sums(x, n, n % 2, 2 * share).tolist() == [[3.0], [3.0]]


@given(seed=SEEDS)
def test_numbers_of_32_bits_and_small_portions_say_the_same(seed):
    tokens, draw = film((2, 3, 4), seed), torch.Generator().manual_seed(seed)
    first = torch.randint(0, 6, (24,), generator=draw).unique(return_inverse=True)[1]
    value = torch.rand(24, generator=draw)

    def told(start):
        merged = start.regroup(first)
        two = merged.joined(merged.regroup(torch.arange(len(merged)) // 2))
        return [
            *(merged.edges.long(), merged.share, two.centre(), two.mass(), two.owner()),
            *(two.kept(), two.spread(value[: len(two)]), two.edges.long(), two.share),
        ]

    with pytest.MonkeyPatch.context() as patch:
        expected = told(tokens)
        patch.setattr(provenance, "_LEAN", 0)
        patch.setattr(provenance, "AT_ONCE", 3)
        edges = tokens.edges.to(provenance.numbers(len(tokens.edges)))
        assert edges.dtype == torch.int32
        got = told(replace(tokens, edges=edges))
    for have, want in zip(got, expected, strict=True):
        torch.testing.assert_close(have, want, equal_nan=True)


def test_edges_that_come_in_parts_are_one_table_however_few_they_are():
    parts = [(torch.tensor([0, 1]), torch.tensor([5, 3]), torch.ones(2))]
    parts.append((torch.tensor([2]), torch.tensor([4]), torch.full((1,), 0.5)))
    for most in (3, 100):
        step, share = provenance.edge_table(iter(parts), most)
        assert step.tolist() == [[0, 5], [1, 3], [2, 4]]
        assert share.tolist() == [1.0, 1.0, 0.5]
        assert step.untyped_storage().nbytes() == step.nbytes  # no room is kept for the others


def test_a_step_from_tokens_that_there_are_not_is_refused():
    tokens = film((1, 1, 2))
    for old in (2, -1):
        with pytest.raises(ShapeError, match="steps from 2 tokens"):
            tokens.derive(torch.zeros(1, 3), torch.tensor([[0, old]]), torch.ones(1), "mean")
