import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.batch import even_clips
from vtk_notebooks.blocks.grounding.points import assign, points, to_place, to_time

INF = float("inf")


def test_levels_have_their_strides_and_reaches():
    table = points(16)
    assert [int((table[:, 3] == s).sum()) for s in (1, 2, 4, 8)] == [16, 8, 4, 2]
    assert table[:16, 0].tolist() == list(range(16))
    assert table[24:28].tolist() == [[p, 4, 8, 4] for p in (0, 4, 8, 12)]
    assert table[-1].tolist() == [8, 8, INF, 8]
    assert table[0].tolist() == [0, 0, 2, 1]


def test_a_film_that_ends_within_a_stride_keeps_that_point():
    assert int((points(9)[:, 3] == 8).sum()) == 2


def test_a_span_is_for_the_level_of_its_length_and_near_its_middle():
    table = points(16)
    answers, ends = assign(table, torch.tensor([[[2.0, 9.0]]]), torch.ones(1, 1).bool())
    chosen = table[answers[0]]
    place, stride = chosen[:, 0], chosen[:, 3]
    assert list(zip(place.tolist(), stride.tolist(), strict=True)) == [(6, 2), (4, 4), (8, 4)]
    torch.testing.assert_close(place - ends[0, answers[0], 0] * stride, torch.full_like(place, 2))
    torch.testing.assert_close(place + ends[0, answers[0], 1] * stride, torch.full_like(place, 9))


@given(start=st.floats(0, 15), length=st.floats(1, 16))
def test_every_span_of_a_clip_or_more_is_answered_for(start, length):
    end = min(16.0, start + length)
    if end - start >= 1:
        answers, _ = assign(points(16), torch.tensor([[[start, end]]]), torch.ones(1, 1).bool())
        assert answers.any()


@given(start=st.floats(0, 15), length=st.floats(0.5, 16))
def test_who_answers_lies_inside_near_the_middle_and_within_reach(start, length):
    span = torch.tensor([start, min(16.0, start + length)])
    table = points(16)
    answers, _ = assign(table, span[None, None], torch.ones(1, 1).bool())
    for place, shortest, longest, stride in table[answers[0]].tolist():
        far = max(place - span[0].item(), span[1].item() - place)
        assert span[0] <= place <= span[1]
        assert shortest - 1e-4 <= far <= longest + 1e-4
        assert abs(place - span.mean().item()) <= 1.5 * stride + 1e-4


def test_of_two_spans_a_point_takes_the_shorter_and_none_that_does_not_exist():
    spans = torch.tensor([[[2.0, 6.0], [3.0, 5.0]]])
    table = points(8)
    both, ends = assign(table, spans, torch.tensor([[True, True]]))
    assert both[0, 4]
    assert ends[0, 4].tolist() == [1, 1]
    one, ends = assign(table, spans, torch.tensor([[True, False]]))
    assert one[0, 4]
    assert ends[0, 4].tolist() == [2, 2]
    assert not assign(table, spans, torch.zeros(1, 2).bool())[0].any()


@given(places=st.lists(st.floats(0, 4), min_size=1, max_size=5))
def test_places_and_times_undo_each_other_on_uneven_clips(places):
    edges = torch.tensor([0.0, 0.1, 0.4, 0.5, 1.0])
    clips, mask = torch.stack([edges[:-1], edges[1:]], 1)[None], torch.ones(1, 4).bool()
    place = torch.tensor([places])
    torch.testing.assert_close(to_place(to_time(place, clips, mask), clips, mask), place)


def test_a_place_beyond_the_film_is_its_end():
    mask = torch.tensor([[True, True, False]])
    time = to_time(torch.tensor([[-1.0, 1.0, 5.0]]), even_clips(mask), mask)
    assert time[0].tolist() == pytest.approx([0, 0.5, 1])


def test_a_long_span_is_for_points_near_its_middle_only():
    table = points(64)
    answers, _ = assign(table, torch.tensor([[[0.0, 64.0]]]), torch.ones(1, 1).bool())
    assert table[answers[0], 0].tolist() == [24, 32, 40]
