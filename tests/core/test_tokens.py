from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.errors import ShapeError, SpaceError
from vtk_notebooks.tokens import Space

from ._films import GRIDS, SEEDS, film, grouping, matrix

# -- from a grid ----------------------------------------------------------------------------


@given(grid=GRIDS, seed=SEEDS)
def test_from_a_grid_every_token_is_its_cell(grid, seed):
    tokens = film(grid, seed=seed)
    assert torch.equal(matrix(tokens), torch.eye(len(tokens)).double())
    assert tokens.kind == "hard"
    assert torch.equal(tokens.on_grid("test").flatten(0, 2), tokens.x)


def test_cells_are_numbered_by_frame_then_row_then_column():
    assert film().centre()[13].tolist() == [1.0, 1.0, 1.0]  # 13 = 1 * 8 + 1 * 4 + 1


def test_a_frame_lasts_until_the_next_and_the_last_one_until_the_film_ends():
    x = torch.zeros(3, 1, 1, 2)
    times_s = torch.tensor([0.0, 1.0, 3.0])
    assert Tokens.from_grid(x, times_s, 3.5).ends_s().tolist() == [1.0, 3.0, 3.5]
    assert Tokens.from_grid(x, times_s).ends_s().tolist() == [1.0, 3.0, 4.0]  # a median step
    assert Tokens.from_grid(x[:1], times_s[:1]).ends_s().tolist() == [1.0]


# -- invariants -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"share": torch.full((2,), 0.4)}, "add up to 1"),
        ({"share": torch.tensor([1.0, 1.2])}, "add up to 1"),
        ({"edges": torch.tensor([[0, 0], [1, 2]])}, "into its grid"),
        ({"edges": torch.tensor([[0, 0], [2, 1]])}, "into its grid"),
        ({"edges": torch.tensor([[0, 0], [1, -1]])}, "into its grid"),
        ({"spaces": (Space("made", 2),)}, "channels of"),
        ({"grid": (2, 1, 1), "times_s": torch.zeros(1)}, "2 times for a grid of 2 frames"),
    ],
)
def test_tokens_that_contradict_themselves_are_refused(changed, message):
    good = {
        "x": torch.zeros(2, 3),
        "edges": torch.tensor([[0, 0], [1, 1]]),
        "share": torch.ones(2),
        "grid": (1, 1, 2),
        "times_s": torch.zeros(1),
        "duration_s": 1.0,
    }
    Tokens(**good)
    with pytest.raises(ShapeError, match=message):
        Tokens(**{**good, **changed})


def test_merged_tokens_are_on_no_grid_and_the_error_says_who_asked():
    with pytest.raises(ShapeError, match=r"^Someone expects .* Put it first"):
        film().regroup(grouping(24, 0)).on_grid("Someone")


# -- select and regroup -----------------------------------------------------------------------


@given(seed=SEEDS, grid=GRIDS)
def test_selected_tokens_are_kept_bit_for_bit_and_in_the_asked_order(seed, grid):
    tokens = film(grid, seed=seed)
    index = torch.randperm(len(tokens), generator=torch.Generator().manual_seed(seed))
    index = index[: 1 + seed % len(tokens)]
    out = tokens.select(index)
    assert torch.equal(out.x, tokens.x[index])
    assert torch.equal(out.edges[:, 1][out.edges[:, 0].argsort()], index)
    assert out.kind == "hard"


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_a_group_of_one_is_that_token_bit_for_bit(dtype):
    tokens = film(dtype=dtype)
    order = torch.randperm(24, generator=torch.Generator().manual_seed(0))
    assert torch.equal(tokens.regroup(order).x[order], tokens.x)


def test_weights_set_the_parts():
    tokens = film((1, 1, 2))
    out = tokens.regroup(torch.tensor([0, 0]), weight=torch.tensor([3.0, 1.0]))
    assert out.share.tolist() == [0.75, 0.25]
    torch.testing.assert_close(out.x[0], 0.75 * tokens.x[0] + 0.25 * tokens.x[1])


def test_gradients_reach_exactly_the_members():
    x = torch.randn(1, 1, 4, 2, requires_grad=True)
    out = Tokens.from_grid(x, torch.zeros(1)).regroup(torch.tensor([0, 0, 1, -1]))
    (slope,) = torch.autograd.grad(out.x[0].sum(), x)
    assert slope[0, 0].tolist() == [[0.5, 0.5], [0.5, 0.5], [0.0, 0.0], [0.0, 0.0]]


def test_groups_with_gaps_and_groups_of_nothing_are_refused():
    with pytest.raises(ShapeError, match="without gaps"):
        film((1, 1, 3)).regroup(torch.tensor([0, 0, 2]))
    with pytest.raises(ShapeError, match="at least one kept token"):
        film((1, 1, 3)).regroup(torch.tensor([-1, -1, -1]))


# -- spaces -----------------------------------------------------------------------------------


def test_two_encoders_side_by_side_keep_their_own_channels():
    both = film(d=3, space="a").beside(film(d=2, seed=1, space="b"))
    assert both.spaces == (("a", 3), ("b", 2))
    assert torch.equal(both.part("a"), film(d=3).x)
    assert torch.equal(both.part("b"), film(d=2, seed=1).x)


def test_a_coarser_grid_is_read_at_each_cells_centre():
    coarse = film((1, 1, 2), d=1, space="b")
    both = film((1, 2, 4)).beside(coarse).part("b")[:, 0]
    a, b = coarse.x[:, 0]
    assert both.tolist() == [a, a, b, b, a, a, b, b]
    odd = film((1, 1, 3)).beside(coarse).part("b")[:, 0]
    assert odd.tolist() == [a, b, b]  # the middle one's centre lies on the border


def test_a_token_of_several_cells_takes_the_mean_of_what_another_says_of_them():
    other = film((4, 1, 2), d=1, space="b")
    group = torch.tensor([0, 1, 0, 1, 2, 3, 2, 3])  # tubelets of two frames
    both = film((4, 1, 2)).regroup(group).beside(other).part("b")[:, 0]
    values = other.x[:, 0].view(2, 2, 2)
    torch.testing.assert_close(both, values.mean(1).flatten())
    back = other.beside(film((4, 1, 2), space="a").regroup(group)).part("a")
    torch.testing.assert_close(back[0], back[2])  # both frames of a tubelet read it


def test_what_sees_another_part_of_the_frame_is_read_at_the_same_place():
    whole = film((1, 4, 8), d=1, space="b")
    middle = replace(film((1, 2, 2)), view=(0.25, 0.5, 0.75, 1.0))
    both = middle.beside(whole).part("b")[:, 0]
    assert both.tolist() == whole.x[:, 0].view(4, 8)[2:, [3, 5]].flatten().tolist()
    edge = whole.beside(replace(film((1, 1, 2), d=1, space="a"), view=(0.25, 0.0, 0.75, 1.0)))
    left, right = film((1, 1, 2), d=1).x[:, 0].tolist()
    assert edge.part("a")[:8, 0].tolist() == [left] * 4 + [right] * 4


def test_tokens_that_leave_cells_out_do_not_stand_beside_others():
    with pytest.raises(ShapeError, match="Put it first"):
        film().select(torch.tensor([5])).beside(film(space="b"))


def test_a_space_the_tokens_lack_is_refused_with_those_they_have():
    with pytest.raises(SpaceError, match="Add 'conse' to the recipe's encoders"):
        film().part("conse")


def test_tokens_of_other_films_do_not_join():
    with pytest.raises(ShapeError, match=r"Tokens\.joined"):
        film().joined(film((2, 2, 4)))
    late = Tokens.from_grid(torch.zeros(3, 2, 4, 3), torch.arange(3) + 7.0)
    for meet in (film().joined, film().beside):
        with pytest.raises(ShapeError):
            meet(late)


def test_joined_tokens_stand_one_after_the_other():
    first, second = film().select(torch.tensor([5])), film().regroup(torch.arange(24) // 12)
    out = first.joined(second)
    assert torch.equal(out.x, torch.cat([first.x, second.x]))
    assert torch.equal(matrix(out), torch.cat([matrix(first), matrix(second)]))
    assert out.kind == "mean"


# -- back to pixels -----------------------------------------------------------------------------


@given(grid=GRIDS, seed=SEEDS)
def test_on_the_grid_spreading_and_owning_are_the_identity(grid, seed):
    tokens = film(grid, seed=seed)
    value = tokens.x[:, 0]
    assert torch.equal(tokens.spread(value).flatten(), value)
    assert tokens.owner().flatten().tolist() == list(range(len(tokens)))


@given(grid=GRIDS, seed=SEEDS)
def test_a_cell_shows_its_own_tokens_value_and_dropped_ones_nothing(grid, seed):
    tokens = film(grid, seed=seed)
    group = grouping(len(tokens), seed, drop=True)
    out = tokens.regroup(group)
    value = torch.arange(len(out)).float() + 1
    spread, owner = out.spread(value).flatten(), out.owner().flatten()
    assert torch.equal(owner, group)
    assert torch.equal(out.kept().flatten(), group >= 0)
    assert torch.equal(spread.isnan(), group < 0)
    torch.testing.assert_close(spread[group >= 0], value[group[group >= 0]])


def test_a_cell_shared_by_two_tokens_shows_their_mean_by_share_and_the_larger_owns_it():
    tokens = film((1, 1, 2))
    step = torch.tensor([[0, 0], [0, 1], [1, 1]])
    out = tokens.derive(tokens.x, step, torch.tensor([0.75, 0.25, 1.0]), "attn")
    spread = out.spread(torch.tensor([1.0, 2.0]))
    torch.testing.assert_close(spread.flatten(), torch.tensor([1.0, (0.25 + 2.0) / 1.25]))
    assert out.owner().flatten().tolist() == [0, 1]


@given(grid=GRIDS, seed=SEEDS, best=st.floats(0.01, 1))
def test_a_frame_is_the_mean_of_the_best_part_of_its_cells(grid, seed, best):
    tokens = film(grid, seed=seed)
    value = tokens.x[:, 0]
    got = tokens.per_frame(value, best)
    for frame, cells in zip(got, value.view(grid[0], -1), strict=True):
        count = max(1, int(torch.ceil(torch.tensor(best) * len(cells))))
        torch.testing.assert_close(frame, cells.sort(descending=True).values[:count].mean())


def test_dropped_cells_count_neither_as_best_nor_as_bad():
    tokens = film((2, 1, 4)).select(torch.tensor([0, 1]))
    got = tokens.per_frame(torch.tensor([-2.0, -4.0]))
    assert got[0] == -3
    assert got[1].isnan()


def test_centres_are_weighted_by_share():
    tokens = film((1, 1, 2))
    out = tokens.regroup(torch.tensor([0, 0]), weight=torch.tensor([3.0, 1.0]))
    assert out.centre().tolist() == [[0.0, 0.0, 0.25]]


@pytest.mark.parametrize("side", range(1, 8))
def test_tokens_of_one_frame_have_one_middle_in_time_however_many_cells_they_have(side):
    tokens = film((7, 7, 7))
    frame, row, column = torch.cartesian_prod(*[torch.arange(7)] * 3).T
    many = -(-7 // side)
    out = tokens.regroup((frame * many + row // side) * many + column // side)
    assert out.centre()[:, 0].tolist() == [t for t in range(7) for _ in range(many**2)]


def test_one_token_may_speak_for_an_hour_of_film():
    grid = (3600, 14, 14)
    cell = torch.arange(3600 * 14 * 14)
    edges = torch.stack([torch.zeros_like(cell), cell], 1)
    share = torch.full((len(cell),), 1 / len(cell))  # adds up to 1.007 in single precision
    one = Tokens(torch.zeros(1, 2), edges, share, grid, torch.arange(3600.0), 3600.0)
    assert one.centre().tolist() == [[1799.5, 6.5, 6.5]]


def test_what_an_hour_of_film_is_merged_into_has_shares_that_add_up():
    film = Tokens.from_grid(torch.zeros(3600, 14, 14, 1), torch.arange(3600.0), 3600.0)
    one = film.regroup(torch.arange(len(film)) % 3)
    total = torch.zeros(3).double().scatter_add(0, one.edges[:, 0], one.share.double())
    torch.testing.assert_close(total, torch.ones(3).double(), rtol=0, atol=1e-5)
