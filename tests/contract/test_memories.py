"""What every registered memory promises; registering a new one is enough to cover it."""

from typing import Any

import pytest
import torch

from vtk_notebooks import Tokens, build, names
from vtk_notebooks.blocks.streaming.ledger import held_bytes
from vtk_notebooks.errors import ShapeError, SpaceError, VtkError
from vtk_notebooks.heads.best_span import BestSpan
from vtk_notebooks.protocols import Memory
from vtk_notebooks.registry import maker
from vtk_notebooks.streaming import remember, remembered
from vtk_notebooks.tokens import KINDS

EVERY = pytest.mark.parametrize("name", names("memory"))
CHUNKS = pytest.mark.parametrize("chunk", [7, 43])


def small(name: str) -> Any:
    """One that is full after a few frames."""
    made: Any = maker("memory", name)
    return build("memory", name, **made.example())


def same(a: Tokens, b: Tokens) -> None:
    assert torch.equal(a.x, b.x)
    assert torch.equal(a.edges, b.edges)
    assert torch.equal(a.share, b.share)
    assert torch.equal(a.times_s, b.times_s)


def frames(tokens: Tokens, stop: int) -> Tokens:
    """The film up to there, as a film of its own."""
    x = tokens.on_grid("test")[:stop]
    return Tokens.from_grid(x, tokens.times_s[:stop], space=tokens.spaces[0].name)


@EVERY
def test_it_keeps_the_protocol(name):
    made = build("memory", name)
    assert isinstance(made, Memory)
    assert made.kind in KINDS
    assert isinstance(made.needs_text, bool)
    assert small(name).example.__doc__


@EVERY
@pytest.mark.parametrize("grid", [(50, 4, 4), (9, 3, 5), (1, 6, 6), (2, 1, 1)])
def test_it_never_gives_more_tokens_than_it_said(name, grid, film, query):
    for made in (build("memory", name), small(name)):
        for out in remembered(made, film(grid), query):
            assert 0 < len(out) <= made.most(grid[1:])
            assert out.grid == grid


@EVERY
def test_what_it_holds_stops_growing_however_long_the_film(name, film, query):
    made, held = small(name), []
    for _ in remembered(made, film((96, 4, 4)), query):
        held.append(held_bytes(made))
    assert max(held[48:]) <= max(held[:48])
    assert max(held) > 0


@EVERY
def test_what_it_holds_has_no_hiding_place(name, film):
    """Whatever is a tensor below it is counted, or is the ledger's, or a weight."""
    made = small(name)
    remember(made, film((40, 4, 4)))
    seen, ledger = set(), made._ledger

    def count(value: Any) -> int:
        if id(value) in seen or value is ledger or isinstance(value, torch.nn.Module):
            return 0
        seen.add(id(value))
        if torch.is_tensor(value):
            return value.nbytes
        if isinstance(value, dict):
            return sum(map(count, value.values()))
        if isinstance(value, str | bytes):
            return len(value)
        if hasattr(value, "__iter__"):
            return sum(map(count, value))
        return sum(map(count, getattr(value, "__dict__", {}).values()))

    assert count(vars(made)) <= held_bytes(made) + 64


@EVERY
@pytest.mark.parametrize("seen", [1, 5, 17, 30])
def test_it_never_looks_ahead(name, seen, film, query):
    one, other = film((40, 4, 4)), film((40, 4, 4), seed=1)
    x = torch.cat([one.on_grid("test")[:seen], other.on_grid("test")[seen:]])
    twin = Tokens.from_grid(x, one.times_s, space="made")
    states = [list(remembered(small(name), tokens, query))[seen - 1] for tokens in (one, twin)]
    same(*states)


@EVERY
def test_a_film_so_far_is_a_film(name, film, query):
    tokens = film((30, 4, 4))
    early = list(remembered(small(name), tokens, query))[11]
    alone = remember(small(name), frames(tokens, 12), query)
    assert torch.equal(early.x, alone.x)
    assert torch.equal(early.edges, alone.edges)


@EVERY
@CHUNKS
def test_chunks_of_any_size_are_remembered_as_frame_by_frame(name, chunk, film, query):
    tokens = film((60, 4, 4))
    same(remember(small(name), tokens, query), remember(small(name), tokens, query, chunk=chunk))


@EVERY
def test_reading_changes_nothing(name, film, query):
    made, tokens = small(name), film((40, 4, 4))
    *_, often = remembered(made, tokens, query)  # read after each frame
    before = held_bytes(made)
    same(often, remember(small(name), tokens, query))
    same(made.read(query), made.read(query))
    assert held_bytes(made) == before


@EVERY
def test_tokens_are_the_mixture_of_cells_that_their_shares_say(name, film, query):
    tokens = film((40, 4, 4), dtype=torch.float64)
    out = remember(small(name), tokens, query)
    shares = torch.zeros(len(out), len(tokens), dtype=torch.float64)
    shares = shares.index_put(tuple(out.edges.T), out.share.double(), accumulate=True)
    torch.testing.assert_close(shares.sum(1), torch.ones_like(shares[:, 0]))
    if out.kind in ("hard", "mean", "attn"):
        torch.testing.assert_close(shares @ tokens.x, out.x)


@EVERY
def test_it_is_the_same_each_time_also_after_a_reset(name, film, query):
    made, tokens = small(name), film((30, 4, 4))
    first = remember(made, tokens, query)
    remember(made, film((30, 4, 4), seed=3), query)
    same(first, remember(made, tokens, query))
    same(first, remember(small(name), tokens, query))


@EVERY
def test_a_film_that_stands_still_is_remembered_as_it_is(name, film, query):
    still = film((1, 4, 4)).on_grid("test").expand(40, -1, -1, -1)
    out = remember(small(name), Tokens.from_grid(still, torch.arange(40) / 2, space="made"), query)
    assert out.x.isfinite().all()
    assert len(out) <= small(name).most((4, 4))
    assert out.owner().max() < len(out)


@EVERY
def test_sixteen_bits_come_out_as_sixteen_bits(name, film, query):
    out = remember(small(name), film((20, 4, 4), dtype=torch.bfloat16), query)
    assert out.x.dtype == torch.bfloat16
    assert out.share.dtype == torch.float32


@EVERY
def test_a_head_can_say_when(name, film, query):
    out = remember(build("memory", name), film((20, 4, 4)), query)
    for moment in BestSpan()(out, query):
        assert 0 <= moment.start_s < moment.end_s <= out.duration_s


@EVERY
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_features_that_are_no_numbers_are_refused_and_leave_no_trace(name, value, film, query):
    made, tokens = small(name), film((10, 4, 4))
    before = remember(made, tokens, query)
    broken = film((3, 4, 4)).on_grid("test").clone()
    broken[2, 1, 1] = value
    with pytest.raises(VtkError, match="finite features"):
        made.write(Tokens.from_grid(broken, torch.arange(3) / 2, space="made"), 9.0)
    assert torch.equal(made.read(query).x, before.x)
    assert made.read(query).grid == (10, 4, 4)


@EVERY
@pytest.mark.parametrize("t_s", [4.5, 1.0, -1.0, float("nan")])
def test_a_frame_from_the_past_is_refused(name, t_s, film):
    made = small(name)
    remember(made, film((10, 4, 4)))  # until 4.5 s
    with pytest.raises(VtkError, match=r"a time after 4\.5 s"):
        made.write(film((1, 4, 4)), t_s)


@EVERY
def test_frames_of_another_shape_or_space_are_refused(name, film):
    made = small(name)
    made.write(film((1, 4, 4)), 0.0)
    with pytest.raises(ShapeError, match=r"frames of \(4, 4\) cells"):
        made.write(film((1, 3, 4)), 1.0)
    other = Tokens.from_grid(torch.zeros(1, 4, 4, 16), torch.zeros(1), space="another")
    with pytest.raises(SpaceError, match="another"):
        made.write(other, 1.0)


@EVERY
def test_merged_tokens_are_refused(name, film):
    with pytest.raises(ShapeError, match="one token per cell"):
        small(name).write(film((2, 4, 4)).select(torch.arange(5)), 0.0)


@EVERY
def test_nothing_can_be_read_before_something_was_seen(name, query):
    with pytest.raises(VtkError, match="Write first"):
        small(name).read(query)
