from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.lattice import (
    batches,
    frames,
    gathered,
    laid_out,
    lattice,
    parts,
    pooled,
    within,
)
from vtk_notebooks.errors import ShapeError

from ..core._films import GRIDS, SEEDS, film, grouping


def without_cells(tokens, at):
    """The same tokens; number `at` speaks for no cell."""
    n = torch.arange(len(tokens))
    step = torch.stack([n, n], 1)[n != at]
    return tokens.derive(tokens.x, step, torch.ones(len(step)), "none")


@given(grid=GRIDS)
def test_on_a_full_grid_a_token_stands_where_its_cell_is(grid):
    place, size = lattice(film(grid))
    assert size == grid
    assert place.tolist() == torch.cartesian_prod(*map(torch.arange, grid)).view(-1, 3).tolist()


@given(grid=st.tuples(*[st.integers(1, 9)] * 3), kernel=st.tuples(*[st.integers(1, 4)] * 3))
def test_behind_a_pool_frames_rows_and_columns_are_counted_anew(grid, kernel):
    out = pooled(film(grid), kernel)
    fewer = tuple(-(-n // k) for n, k in zip(grid, kernel, strict=True))
    assert lattice(out).size == fewer
    assert torch.equal(laid_out(out, "test").flatten(), torch.arange(len(out)))


@given(grid=st.tuples(*[st.integers(1, 9)] * 3), kernel=st.tuples(*[st.integers(1, 4)] * 3))
def test_a_pool_is_the_mean_of_each_window(grid, kernel):
    tokens = film(grid)
    x = tokens.on_grid("test")
    blocks = [x]
    for axis, k in enumerate(kernel):
        blocks = [part for block in blocks for part in block.split(k, dim=axis)]
    means = {tuple(b.mean((0, 1, 2)).tolist()) for b in blocks}
    out = pooled(tokens, kernel)
    assert len(out) == len(blocks)
    for row in out.x:
        assert (
            min(sum(abs(a - b) for a, b in zip(row.tolist(), m, strict=True)) for m in means) < 1e-5
        )


def test_a_merged_token_stands_in_the_cell_that_its_middle_lies_in():
    tokens = film((2, 1, 4)).regroup(torch.tensor([0, 1, 2, 3, 4, 4, 5, 5]))
    assert lattice(tokens).place[:, 2].tolist() == [0, 1, 2, 3, 1, 3]  # between two: the later


def test_pools_stack():
    tokens = film((8, 4, 6))
    twice = pooled(pooled(tokens, (2, 1, 3)), (2, 2, 1))
    torch.testing.assert_close(twice.x, pooled(tokens, (4, 2, 3)).x)


def test_dropped_frames_are_not_counted():
    tokens = film((5, 1, 2))
    odd = tokens.select(torch.tensor([2, 3, 6, 7]))
    assert lattice(odd).place.tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1]]


def test_a_window_that_was_dropped_leaves_no_gap():
    tokens = film((4, 1, 2)).select(torch.tensor([0, 1, 3, 5, 7]))
    out = pooled(tokens, (2, 1, 1))
    assert out.mass().tolist() == [1, 2, 2]


def test_a_token_without_cells_stays_alone_at_the_end():
    tokens = without_cells(film((2, 1, 3)), 1)
    assert lattice(tokens).place[1].tolist() == [-1, -1, -1]
    out = pooled(tokens, (1, 1, 3))
    assert len(out) == 3
    assert torch.equal(out.x[2], tokens.x[1])
    assert out.mass().tolist() == [2, 3, 0]


def test_a_hole_in_the_lattice_is_refused():
    with pytest.raises(ShapeError, match=r"asked.*one token for each.*Put it first"):
        laid_out(film().select(torch.arange(23)), "asked")
    with pytest.raises(ShapeError, match="asked"):
        laid_out(without_cells(film(), 3), "asked")


@given(grid=GRIDS)
def test_frames_are_read_off_the_order(grid):
    t, h, w = grid
    assert frames(film(grid)).tolist() == torch.arange(t).repeat_interleave(h * w).tolist()


def test_mixtures_of_all_frames_are_a_frame_each():
    tokens = film((3, 2, 2))
    share = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])  # slots of frames
    slot, place, frame = torch.cartesian_prod(torch.arange(2), torch.arange(4), torch.arange(3)).T
    step = torch.stack([slot * 4 + place, frame * 4 + place], 1)
    x = torch.einsum("k t, t s d -> k s d", share, tokens.x.view(3, 4, 3)).reshape(8, 3)
    soft = tokens.derive(x, step, share[slot, frame], "attn")
    assert frames(soft).tolist() == [0] * 4 + [1] * 4


def test_a_later_frame_of_which_less_is_left_is_still_another_frame():
    assert frames(film((3, 1, 4)).select(torch.tensor([0, 5, 10, 11]))).tolist() == [0, 1, 2, 2]


@given(have=st.integers(1, 30), want=st.integers(1, 30))
def test_parts_of_a_line_are_those_of_adaptive_average_pooling(have, want):
    pairs = parts(have, want)
    table = torch.zeros(want, have).index_put(tuple(pairs.T), torch.ones(len(pairs)))
    assert table.max() == 1
    assert all(a < b for a, b in pairwise(map(tuple, pairs.tolist())))
    line = torch.arange(have).float().square()
    mean = (table / table.sum(1, keepdim=True)) @ line
    theirs = torch.nn.functional.adaptive_avg_pool1d(line[None], want)[0]
    torch.testing.assert_close(mean, theirs)


@given(n=st.integers(1, 20), seed=SEEDS)
def test_batches_hold_every_token_of_a_part_once(n, seed):
    part = grouping(n, seed, drop=True)
    rows = [row for batch in batches(part) for row in batch.tolist()]
    assert sorted(i for row in rows for i in row) == (part >= 0).nonzero().flatten().tolist()
    assert sorted({tuple(part[row].tolist()) for row in rows}) == sorted(
        tuple(part[row].tolist()) for row in rows
    )
    assert all(len(set(part[row].tolist())) == 1 and row == sorted(row) for row in rows)


def test_all_tokens_in_order_are_not_copied():
    x = torch.randn(6, 2)
    assert gathered(x, torch.arange(6).view(2, 3)).data_ptr() == x.data_ptr()
    assert torch.equal(gathered(x, torch.tensor([[1, 0]])), x[[1, 0]][None])


def test_decisions_within_parts_become_groups_of_all_tokens():
    part = torch.tensor([1, 0, 1, -1, 0, 1])

    def halves(rows, left):
        assert left == (rows.shape[1] + 1) // 2
        return torch.arange(rows.shape[1]).expand(rows.shape) // 2

    group = within(part, lambda n: (n + 1) // 2, halves)
    assert group.tolist() == [1, 0, 1, 3, 0, 2]
