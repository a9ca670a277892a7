import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.blocks.relational_memory import RelationalMemory


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=generator(seed))


def memory(seed=0):
    return drawn(lambda: RelationalMemory(8, slots=3, heads=2), seed)


def test_it_starts_with_slots_that_are_told_apart():
    start = memory().start(2)
    assert torch.equal(start[0] @ start[0].T, torch.eye(3))
    assert torch.equal(start[0], start[1])


@torch.no_grad()
def test_with_a_closed_input_gate_and_an_open_forget_gate_it_stays_as_it_is():
    kept = memory()
    kept.of_word.bias.copy_(torch.tensor([-1e4, 1e4]).repeat_interleave(8))
    after = kept(draw(2, 5, 8))
    assert torch.equal(after, kept.start(2).flatten(1)[:, None].expand_as(after))


@torch.no_grad()
def test_with_an_open_input_gate_and_a_closed_forget_gate_nothing_old_is_left_in_sum():
    fresh = memory()
    fresh.of_word.bias.copy_(torch.tensor([1e4, -1e4]).repeat_interleave(8))
    after = fresh(10 * draw(2, 5, 8))
    assert (after.abs() <= 1).all()
    slots, word = fresh.start(2), 10 * draw(2, 5, 8)[:, 0]
    heard = torch.cat([slots, word[:, None]], 1)
    new = slots + fresh.attend(slots, heard, heard)[0]
    expected = (new + fresh.think(new)).tanh()
    torch.testing.assert_close(after[:, 0], expected.flatten(1))


@given(seed=st.integers(0, 99), at=st.integers(0, 5))
def test_it_hears_of_words_up_to_now_only(seed, at):
    words = draw(1, 6, 8, seed=seed)
    later = words.clone()
    later[:, at] += 1
    before, after = memory(seed)(words), memory(seed)(later)
    torch.testing.assert_close(before[:, :at], after[:, :at])
    assert not torch.allclose(before[:, at:], after[:, at:])
