import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.arrays import generator
from vtk_notebooks.blocks.grounding.conditional_memory import (
    Decision,
    MemoryReader,
    corrected,
    mask_token,
    other_object,
    remembered,
)
from vtk_notebooks.blocks.kernels import drawn


def some(seed, part=0.4):
    return torch.rand(1, 4, 4, generator=generator(seed)) < part


@given(st.integers(0, 999))
def test_disjoint_masks_are_two_objects_and_parts_of_one_are_one(seed):
    mask, inner = some(seed, 0.7), some(seed + 1)
    mask[0, 0, 0] = inner[0, 0, 0] = True
    assert not other_object(mask, mask & inner)
    assert not other_object(mask & inner, mask)
    assert other_object(mask, ~mask).item() == (~mask).any().item()


def test_a_tenth_of_the_smaller_is_overlap_enough():
    a, b = torch.zeros(2, 1, 5, 8).bool()
    a[0, :4, :5] = True  # 20 cells
    b[0, 3:, 4:], b[0, 3, 4:] = True, False
    b[0, 3, 4:], b[0, 4, :6] = True, True
    part = (a & b).sum() / min(a.sum(), b.sum())
    assert 0 < part < 0.1
    assert other_object(a, b)
    b[0, 3, 3] = True
    assert not other_object(a, b)


def test_nothing_is_no_other_object_but_one_beside_nothing_is():
    nothing, thing = torch.zeros(2, 1, 4, 4).bool()
    thing[0, 1, 1] = True
    assert not other_object(thing, nothing)
    assert not other_object(nothing, nothing)
    assert other_object(nothing, thing)


def test_a_candidate_is_written_tenfold_and_the_rest_is_left():
    tracked, fresh = torch.tensor([[[3.0, -2.0, 1.0]]]), torch.tensor([[[-1.0, 4.0, 0.5]]])
    assert corrected(tracked, fresh).tolist() == [[[3.0, 40.0, 5.0]]]


def test_a_frame_in_which_nothing_was_found_says_nothing():
    cells = torch.randn(1, 2, 3, 8, generator=generator(0))
    full = remembered(cells, torch.full((1, 2, 3), 4.0))
    empty = remembered(cells, torch.full((1, 2, 3), -4.0))
    assert empty.strength == 0
    read = MemoryReader()
    torch.testing.assert_close(read(cells, [full, empty]), read(cells, [full]))


def test_cells_take_the_mask_of_what_they_look_like_and_none_of_what_is_new():
    scene, thing, new = torch.eye(8)[:3]
    then, now = (
        torch.stack([scene, thing])[None, None],
        torch.stack([thing, scene, new])[None, None],
    )
    memory = [remembered(then, torch.tensor([[[-5.0, 5.0]]]))]
    on, off, unknown = MemoryReader()(now, memory)[0, 0]
    assert on > 5
    assert max(off, unknown) < -5


def test_what_was_written_tenfold_outweighs_older_frames():
    cells = torch.eye(8)[None, None, :3]
    old = remembered(cells, torch.tensor([[[-5.0, 5.0, -5.0]]]))
    written = corrected(torch.tensor([[[-5.0, 5.0, -5.0]]]), torch.tensor([[[-5.0, -5.0, 5.0]]]))
    said = MemoryReader()(cells, [old] * 5 + [remembered(cells, written)])[0, 0]
    assert said[2] > 0 > said[1] > said[0]


def test_the_decision_reads_the_tokens_of_both_masks():
    made, cells = drawn(lambda: Decision(8, 2), 0), torch.randn(1, 2, 2, 8, generator=generator(0))
    a, b = torch.tensor([[[9.0, -9.0], [-9.0, -9.0]]]), torch.tensor([[[-9.0, -9.0], [-9.0, 9.0]]])
    torch.testing.assert_close(mask_token(cells, 5 * a), cells[:, 0, 0] - cells.mean((1, 2)))
    assert made(cells, a, b) != made(cells, a, a)
    assert made(cells, a, b) != made(cells, b, b)
