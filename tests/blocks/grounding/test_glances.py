import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.glances import (
    bells,
    counted,
    counters,
    holds,
    looked_at,
    mixture,
)

SIGMA = 0.3


def test_a_bell_is_symmetric_where_its_centre_is_a_part():
    bell = bells(9, SIGMA)  # parts lie on -1, -0.75, ...; 2 g / 9 - 1 is none of them
    assert torch.equal(bell.amax(1), torch.ones(9))
    [row] = bells(1, SIGMA)
    assert row.tolist() == [1]


@given(glance=st.integers(0, 15), window=st.integers(1, 16))
def test_a_window_has_its_parts_and_the_glance_stands_out(glance, window):
    [counter] = counters(torch.tensor([glance]), 40, window).roll(0)
    assert int((counter >= 0).sum()) == min(window, window - max(0, (window - 1) // 2 - glance))
    assert counter[glance] == 3
    assert int((counter == 3).sum()) == 1


def test_counters_go_up_where_parts_are_alike_and_down_only_where_they_are_centres():
    counter = torch.tensor([[-1, 0, 3, 1, 0]])
    alike = torch.tensor([[1.0, 0.95, 1.0, 0.1, 0.1]])
    assert counted(counter, alike, 0.9).tolist() == [[-1, 1, 4, 0, 0]]


@given(glance=st.integers(0, 11))
def test_a_moment_holds_the_glance_between_its_ends(glance):
    [inside] = holds(torch.tensor([glance]), 12)
    for first in range(12):
        for last in range(12):
            assert bool(inside[first, last]) == (first <= glance <= last)


def test_one_centre_that_is_sure_is_the_plain_prior():
    glance, alike = torch.tensor([4]), torch.zeros(1, 12)
    alike[0, 4] = 1
    plain = mixture(torch.tensor([[-1] * 4 + [3] + [-1] * 7]), alike, SIGMA)
    torch.testing.assert_close(looked_at(glance, alike, SIGMA, 5, 2.0), plain)


def test_parts_that_look_like_the_glance_widen_the_prior():
    glance, alike = torch.tensor([4]), torch.full((1, 12), 0.1)
    alike[0, 4] = 1
    narrow = looked_at(glance, alike, SIGMA, 5, 0.9)
    alike[0, 5:7] = 0.99
    wide = looked_at(glance, alike, SIGMA, 5, 0.9)
    assert wide[0, 6, 8] > narrow[0, 6, 8]
