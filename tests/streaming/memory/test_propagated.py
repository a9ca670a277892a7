import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory.propagated import PropagatedMemory
from vtk_notebooks.tokens import Tokens


def film(t, d=6, seed=0):
    x = torch.randn(t, 4, 4, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 1, space="made")


def question(vector):
    return Query("made", vector, vector[None], ("made",), "made")


def shares(out):
    """Of each frame in each token."""
    t, h, w = out.grid
    table = torch.zeros(len(out), t)
    return table.index_put((out.edges[:, 0], out.edges[:, 1] // (h * w)), out.share, True)


@pytest.mark.parametrize(("t", "clips"), [(16, 1), (64, 4), (200, 4)])
def test_as_many_tokens_however_long_the_film(t, clips):  # the paper's claim
    assert len(remember(PropagatedMemory(), film(t))) == clips * 4 * 4


def test_a_question_selects_the_clip_it_is_about():
    tokens = film(60)
    x = tokens.on_grid("test").clone()
    x[20:30] = torch.tensor([9.0, 0, 0, 0, 0, 0])
    tokens = Tokens.from_grid(x, tokens.times_s, space="made")
    memory = PropagatedMemory(frames=10, select=1)
    out = remember(memory, tokens, question(torch.tensor([1.0, 0, 0, 0, 0, 0])))
    assert shares(out).sum(0).argmax() in range(20, 30)
    assert shares(out)[:, 20:30].sum(1).min() > 0.5
    assert shares(out)[:, 30:].sum() == 0


def test_a_clip_hears_of_all_clips_before_it_ever_more_faintly():
    memory = PropagatedMemory(frames=5, select=1)
    heard = shares(remember(memory, film(20))).mean(0).view(4, 5).sum(1)
    assert (heard > 0).all()
    assert (heard.diff() > 0).all()


def test_half_of_a_summary_is_what_it_was():
    out = remember(PropagatedMemory(frames=4, summary=4), film(4))
    own = shares(out).view(4, 4, 4)[:, 0].diagonal()  # moments are frames here
    assert (own > 0.5).all()


@given(t=st.integers(1, 30), frames=st.integers(1, 7), select=st.integers(1, 3))
def test_what_is_read_is_a_mixture_of_frames_in_the_order_of_the_film(t, frames, select):
    memory = PropagatedMemory(frames=frames, summary=1, select=select, pool=4)
    tokens = film(t)
    out = remember(memory, tokens)
    torch.testing.assert_close(shares(out) @ tokens.x.view(t, 16, 6).mean(1), out.x)
    last = [int(row.nonzero().max()) for row in shares(out)]
    assert last == sorted(last)
    assert len(out) == min(select, -(-t // frames))


def test_a_clip_that_was_forgotten_lives_on_in_the_next():
    memory = PropagatedMemory(frames=5, select=1, clips=1)
    out = remember(memory, film(15))
    assert (shares(out)[:, :10].sum(1) > 0).all()
    assert (shares(out)[:, 10:].sum(1) > 0.5).all()


def test_without_a_question_the_latest_clips_are_read():
    out = shares(remember(PropagatedMemory(frames=5, select=2), film(23)))
    assert [int(row.nonzero().max()) // 5 for row in out[::16]] == [3, 4]


def test_noise_changes_the_choice_and_the_seed_gives_it_back():
    tokens, asked = film(60), question(torch.ones(6))

    def chosen(**more):
        return remember(PropagatedMemory(frames=5, select=2, **more), tokens, asked).x

    assert torch.equal(chosen(tau=5.0, seed=3), chosen(tau=5.0, seed=3))
    assert any(not torch.equal(chosen(), chosen(tau=5.0, seed=seed)) for seed in range(3))


@pytest.mark.parametrize(
    "wrong",
    [{"summary": 17}, {"summary": 0}, {"select": 0}, {"clips": 3}, {"tau": -1.0}, {"pool": 0}],
)
def test_numbers_that_make_no_memory_are_refused(wrong):
    with pytest.raises(VtkError, match="PropagatedMemory"):
        PropagatedMemory(**wrong)


def test_a_question_learns_from_clips_that_were_not_chosen_too():
    vector = torch.randn(6, generator=torch.Generator().manual_seed(1)).requires_grad_()
    seen = PropagatedMemory(frames=4, summary=2, select=1)
    kept, plain = remember(seen, film(16), question(vector)), question(vector.detach())
    assert torch.equal(kept.x, remember(seen, film(16), plain).x)  # what is read stays as it is
    [slope] = torch.autograd.grad(kept.x.sum(), vector)
    assert slope.abs().max() > 0
