"""What every registered compressor promises; registering a new one is enough to cover it."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from vtk_notebooks import Tokens, build, names
from vtk_notebooks.comparison import fitted, within
from vtk_notebooks.cost import flops
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


def assert_rebuilt(out, tokens):
    """Shares add up to 1 and, where they are parts of a mean, give the features back."""
    shares = matrix(out, tokens)
    torch.testing.assert_close(shares.sum(1), torch.ones(len(out)).double(), atol=1e-5, rtol=0)
    if out.kind in ("hard", "mean", "attn"):
        rebuilt = shares @ tokens.x.double()
        torch.testing.assert_close(out.x.double(), rebuilt, atol=1e-5, rtol=1e-5)


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
@pytest.mark.parametrize("budget", [1, 30, 150, 0.1, 0.25, 1.0, 10**6])
def test_within_a_budget_it_never_exceeds_it_or_says_how_many_it_needs(name, budget, film, query):
    grid, made, cells = (8, 6, 6), build("compressor", name), 8 * 6 * 6
    most = min(cells, budget) if isinstance(budget, int) else round(budget * cells)
    least = fitted(made, grid, most).count(grid)[1]
    if least > most:
        with pytest.raises(VtkError, match=f"needs {least} at least"):
            within(made, grid, budget)
        return
    fit = within(made, grid, budget)
    fewest, promised = fit.count(grid)
    assert 0 < fewest <= len(fit(film(grid), query)) <= promised <= most


@EVERY
@pytest.mark.parametrize("budget", [0, 0.0, -1, 1.5, float("nan")])
def test_a_budget_of_nothing_is_refused(name, budget):
    with pytest.raises(VtkError, match="a quarter of the tokens"):
        within(build("compressor", name), (8, 6, 6), budget)


@EVERY
@pytest.mark.parametrize("grid", [(1, 1, 1), (1, 4, 4), (8, 1, 1)])
def test_one_token_or_one_frame_is_squeezed_or_refused_clearly(name, grid, film, query):
    made = build("compressor", name)
    try:
        out = made(film(grid), query)
    except VtkError as error:
        assert error.hint  # noqa: PT017
        return
    fewest, most = made.count(grid)
    assert 0 < fewest <= len(out) <= most
    assert out.x.isfinite().all()


@EVERY
def test_a_film_that_stands_still_is_squeezed_like_any_other(name, film, query):
    still = film((8, 6, 6)).on_grid("test")[:1].expand(8, -1, -1, -1)
    made = build("compressor", name)
    out = made(Tokens.from_grid(still, torch.arange(8) / 2, space="made"), query)
    fewest, most = made.count((8, 6, 6))
    assert fewest <= len(out) <= most
    assert out.x.isfinite().all()


@EVERY
def test_a_film_of_one_colour_is_squeezed_like_any_other(name, query):
    made = build("compressor", name)
    for value in (0.0, 1.0):
        x = torch.full((8, 6, 6, 16), value)
        out = made(Tokens.from_grid(x, torch.arange(8) / 2, space="made"), query)
        assert made.count((8, 6, 6))[0] <= len(out) <= made.count((8, 6, 6))[1]
        assert out.x.isfinite().all()


@EVERY
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_in_16_bits_it_chooses_as_it_does_on_the_same_numbers_in_32(name, dtype, film, query):
    made, tokens = build("compressor", name), film((8, 7, 5))
    alike = replace(tokens, x=(1 + tokens.x / 8).to(dtype))  # 16 bits cannot rank their cosines
    asked = replace(query, vector=query.vector.to(dtype), words=query.words.to(dtype))
    wide = replace(asked, vector=asked.vector.float(), words=asked.words.float())
    out, expected = made(alike, asked), made(replace(alike, x=alike.x.float()), wide)
    assert torch.equal(out.edges, expected.edges)
    torch.testing.assert_close(out.x.float(), expected.x, atol=0.02, rtol=0.02)


@EVERY
def test_films_of_unequal_length_are_squeezed_each_on_its_own(name, film, query):
    made = build("compressor", name)
    alone = made(film((5, 3, 7)), query)
    made(film((8, 6, 6), seed=1), query)  # another clip of the batch, which is a list
    again = made(film((5, 3, 7)), query)
    assert torch.equal(alone.x, again.x)


QUADRATIC = {
    "keyframe_token_drop": "EVAD's attention is over all tokens",
    "hierarchical_merge": "LongVLM matches all tokens of a segment, of which there are ten",
}
OVER_FRAMES = {"threshold_frame_merge", "hierarchical_frame_select", "static_plus_context"}
"""These compare frames with frames; a frame has many tokens."""


@EVERY
def test_work_and_the_largest_tensor_grow_as_the_film_does(name, film, query):
    made, found = build("compressor", name), list[tuple[float, float]]()
    for frames in (64, 256):
        tokens = film((frames, 4, 4))
        with Largest() as largest:
            made(tokens, query)
        found.append((largest.nbytes / len(tokens), flops(lambda t=tokens: made(t, query))))
    (bytes_before, work), (bytes_after, more_work) = found
    if name in QUADRATIC:
        assert more_work > 6 * work  # or it no longer belongs there
    elif name not in OVER_FRAMES:
        assert more_work <= 4.4 * work
        assert bytes_after <= 1.1 * bytes_before


class Largest(TorchDispatchMode):
    """Remembers the largest tensor that any operation inside has made."""

    nbytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        tensors = [x for x in (out if isinstance(out, tuple) else (out,)) if torch.is_tensor(x)]
        self.nbytes = max([self.nbytes, *(x.untyped_storage().nbytes() for x in tensors)])
        return out


@EVERY
@pytest.mark.parametrize("grid", GRIDS)
def test_provenance_adds_up_and_rebuilds_the_features(name, grid, film, query):
    tokens = film(grid)
    made = build("compressor", name)
    out = made(tokens, query)
    assert KINDS.index(out.kind) <= KINDS.index(made.kind)
    assert_rebuilt(out, tokens)


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
