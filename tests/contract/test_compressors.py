"""What every registered compressor promises; registering a new one is enough to cover it."""

from itertools import pairwise

import pytest
import torch

from vtk_notebooks import Tokens, build, names
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.protocols import Compressor
from vtk_notebooks.tokens import KINDS

EVERY = pytest.mark.parametrize("name", names("compressor"))
GRIDS = [(8, 6, 6), (5, 3, 7), (1, 4, 4), (3, 2, 2)]
BUDGETS = [1.0, 0.8, 0.5, 0.3, 0.25, 0.1, 0.04]


def matrix(after: Tokens, before: Tokens) -> torch.Tensor:
    """Shares of the cells in each token, on a grid where cell and token are the same."""
    table = torch.zeros(len(after), len(before), dtype=torch.float64)
    return table.index_put(tuple(after.edges.T), after.share.double(), accumulate=True)


@EVERY
def test_it_keeps_the_protocol(name):
    made = build("compressor", name)
    assert isinstance(made, Compressor)
    assert made.kind in KINDS
    assert isinstance(made.needs_text, bool)


@EVERY
@pytest.mark.parametrize("grid", GRIDS)
def test_it_returns_as_many_tokens_as_it_said_and_never_more_than_it_got(name, grid, film, query):
    made = build("compressor", name)
    out = made(film(grid), query)
    fewest, most = made.count(grid)
    assert 0 < fewest <= len(out) <= most <= len(film(grid))
    assert out.grid == grid


@EVERY
@pytest.mark.parametrize("keep", BUDGETS)
def test_a_budget_is_met_as_nearly_as_it_can_be(name, keep, query, film):
    grid, made = (16, 12, 12), build("compressor", name)
    cells = 16 * 12 * 12
    reach = {most / cells for k in range(1, 51) for most in [made.at(k / 50).count(grid)[1]]}
    got = len(made.at(keep)(film(grid), query)) / cells
    uneven = 0.03  # windows that do not divide this grid
    assert abs(got - keep) <= min(abs(part - keep) for part in reach) + uneven


@EVERY
def test_a_larger_budget_never_gives_fewer_tokens(name):
    made = build("compressor", name)
    counts = [made.at(k / 25).count((16, 12, 12))[1] for k in range(1, 26)]
    uneven = 0.03 * 16 * 12 * 12
    assert all(a <= b + uneven for a, b in pairwise(counts))


@EVERY
def test_everything_kept_is_everything_untouched_or_its_at_says_why_not(name, film, query):
    made, tokens = build("compressor", name).at(1.0), film((16, 12, 12))
    out = made(tokens, query)
    if len(out) == len(tokens) and out.kind != "receptive":  # which says that features are new
        assert torch.equal(out.x, tokens.x)
        assert torch.equal(out.edges, tokens.edges)
    assert "keep=1" in type(made).at.__doc__


@EVERY
@pytest.mark.parametrize("keep", [-1.0, 0.0, 1.5, float("nan")])
def test_an_impossible_budget_is_refused(name, keep):
    with pytest.raises(VtkError):
        build("compressor", name).at(keep)


@EVERY
@pytest.mark.parametrize("grid", GRIDS)
def test_provenance_adds_up_and_rebuilds_the_features(name, grid, film, query):
    tokens = film(grid)
    made = build("compressor", name)
    out = made(tokens, query)
    shares = matrix(out, tokens)
    assert KINDS.index(out.kind) <= KINDS.index(made.kind)
    torch.testing.assert_close(shares.sum(1), torch.ones(len(out)).double(), atol=1e-5, rtol=0)
    if out.kind in ("hard", "mean", "attn"):
        rebuilt = shares @ tokens.x.double()
        torch.testing.assert_close(out.x.double(), rebuilt, atol=1e-5, rtol=1e-5)


@EVERY
def test_tokens_that_claim_to_be_cells_are_those_cells_bit_for_bit(name, film, query):
    tokens = film()
    out = build("compressor", name)(tokens, query)
    if out.kind == "hard":
        token, cell = out.edges.unbind(1)
        assert torch.equal(out.x[token], tokens.x[cell])
        assert len(cell.unique()) == len(out)


@EVERY
def test_nothing_outside_the_provenance_moves_a_token(name, film, query):
    tokens = film((3, 4, 4), grad=True)
    out = build("compressor", name)(tokens, query)
    support = matrix(out, tokens) > 0
    for i, row in enumerate(out.x):
        (slope,) = torch.autograd.grad(row.sum(), tokens.x, retain_graph=True)
        assert slope.isfinite().all()
        assert torch.equal(slope.abs().sum(1) > 0, support[i])


@EVERY
def test_equal_tokens_in_equal_tokens_out_and_the_input_is_left_alone(name, film, query):
    tokens, made = film(), build("compressor", name)
    before = [tokens.x.clone(), tokens.edges.clone(), tokens.share.clone()]
    state = torch.random.get_rng_state()
    first, second = made(tokens, query), made(tokens, query)
    assert torch.equal(first.x, second.x)
    assert torch.equal(first.edges, second.edges)
    assert all(map(torch.equal, before, [tokens.x, tokens.edges, tokens.share]))
    assert torch.equal(state, torch.random.get_rng_state())


@EVERY
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_it_answers_in_the_precision_it_was_asked_in(name, dtype, film, query):
    out = build("compressor", name)(film(dtype=dtype), query)
    assert out.x.dtype == dtype
    assert out.x.isfinite().all()


@EVERY
def test_it_reads_the_question_if_and_only_if_it_says_so(name, film, query):
    made = build("compressor", name)
    if made.needs_text:
        with pytest.raises(VtkError, match="query"):
            made(film())
    else:
        assert torch.equal(made(film()).x, made(film(), query).x)


@EVERY
def test_behind_another_stage_it_composes_or_says_where_it_belongs(name, film, query):
    tokens = film()
    merged = build("compressor", "bipartite_merge", keep=0.5)(tokens)
    try:
        out = build("compressor", name)(merged, query)
    except ShapeError as error:
        assert "first" in error.hint  # noqa: PT017
        return
    assert 0 < len(out) <= len(merged)
    rebuilt = matrix(out, tokens) @ tokens.x.double()
    torch.testing.assert_close(out.x.double(), rebuilt, atol=1e-5, rtol=1e-5)
