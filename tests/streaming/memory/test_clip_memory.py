from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.streaming import remember
from vtk_notebooks.streaming.memory import ClipMemory
from vtk_notebooks.tokens import Tokens


def film(rows, h=1, w=1):
    """Frames whose cells are all alike."""
    x = torch.as_tensor(rows, dtype=torch.float32)[:, None, None].expand(-1, h, w, -1)
    return Tokens.from_grid(x, torch.arange(len(rows)) * 1.0, space="made")


def scenes(*lengths, d=8):
    """One direction for each scene."""
    return torch.cat([torch.eye(d)[[i % d]].expand(n, -1) for i, n in enumerate(lengths)])


def asked(i, d=8):
    return Query("made", torch.eye(d)[i], torch.eye(d)[[i]], ("made",), "made")


def kept(rows, query=None, **params):
    memory = ClipMemory(**params)
    return memory, remember(memory, film(rows), query)


def test_a_scene_that_does_not_change_is_cut_every_16_frames():  # as the released rule does
    memory, _ = kept(torch.ones(50, 8))
    assert memory.spans == [(0, 16), (16, 32), (32, 48), (48, 50)]


def test_frames_that_have_nothing_in_common_are_cut_every_3():
    memory, _ = kept(scenes(*[1] * 10))
    assert memory.spans == [(0, 3), (3, 6), (6, 9), (9, 10)]


def test_a_clip_ends_where_the_scene_changes():
    memory, _ = kept(scenes(5, 7, 4))
    assert memory.spans == [(0, 5), (5, 12), (12, 16)]


def test_frames_as_alike_as_the_cut_are_parted():
    a, b = [1.0, 0.0], [0.6, 0.8]
    assert kept([a, a, a, b], cut=0.6001)[0].spans == [(0, 3), (3, 4)]
    assert kept([a, a, a, b], cut=0.5999)[0].spans == [(0, 4)]
    assert kept(scenes(3, 1), cut=0.0)[0].spans == [(0, 3), (3, 4)]


@given(
    lengths=st.lists(st.integers(1, 20), min_size=1, max_size=8),
    least=st.integers(1, 4),
    more=st.integers(0, 6),
)
@settings(max_examples=40, deadline=None)
def test_clips_are_as_long_as_they_may_be_and_cover_the_stream(lengths, least, more):
    rows = scenes(*lengths)
    memory, out = kept(rows, min_len=least, max_len=least + more, clips=200)
    firsts, stops = zip(*memory.spans, strict=True)
    assert firsts == (0, *stops[:-1])
    assert stops[-1] == len(rows)
    assert all(least <= b - a <= least + more for a, b in memory.spans[:-1])
    assert out.kept().all()


def test_the_overview_comes_first_and_then_what_the_question_wakes():
    memory, out = kept(scenes(5, 7, 4), asked(1))
    assert memory.recall(asked(1)) == [(5, 12, 1.0)]
    assert torch.allclose(out.x, torch.eye(8)[[0, 1, 2, 1]])
    assert out.mass().tolist() == [5, 7, 4, 7]


def test_live_the_clip_most_alike_is_woken_or_else_the_last_three_frames():
    rows = torch.cat([scenes(4), 0.8 * scenes(4)[:, :] + 0.6 * torch.eye(8)[3], scenes(1, 5)[1:]])
    memory, _ = kept(rows)
    assert [clip[:2] for clip in memory.recall(asked(3))] == [(4, 8)]
    assert memory.recall(asked(6)) == [(10, 13, 0.0)]
    assert memory.recall() == [(10, 13, 0.0)]


def test_of_two_clips_that_fit_the_better_one_is_woken_live():
    vector = torch.tensor([0.6, 0.8])
    memory, _ = kept(scenes(4, 4, d=2))
    [clip] = memory.recall(Query("made", vector, vector[None], ("made",), "made"))
    assert clip[:2] == (4, 8)


def test_offline_all_that_fit_are_woken_or_else_all():
    memory, out = kept(scenes(4, 4, 4, 4, d=2), asked(1, 2), mode="offline")
    assert memory.recall(asked(1, 2)) == [(4, 8, 1.0), (12, 16, 1.0)]
    assert len(out) == 4 + 2
    nowhere = Query("made", torch.tensor([-1.0, -1.0]), torch.zeros(1, 2), ("made",), "made")
    assert [clip[:2] for clip in memory.recall(nowhere)] == memory.spans


@pytest.mark.parametrize(("mode", "level"), [("live", 0.3), ("offline", 0.2)])
def test_the_published_thresholds_are_not_reached_by_their_own_value(mode, level):
    def woken(cosine):
        rest = (1 - cosine**2) ** 0.5
        memory, _ = kept([[1.0, 0.0]] * 4 + [[0.0, 1.0]] * 4, mode=mode)
        vector = torch.tensor([cosine, -rest])
        return memory.recall(Query("made", vector, vector[None], ("made",), "made"))

    assert [clip[:2] for clip in woken(level + 0.01)] == [(0, 4)]
    assert all(clip.score == 0 for clip in woken(level - 0.01))


def test_when_there_are_too_many_the_two_neighbours_most_alike_become_one():
    a, b, c = torch.eye(3)
    near = 0.7 * a + 0.714 * b
    rows = torch.stack([a] * 3 + [near] * 6 + [c] * 3 + [a] * 3)
    memory, out = kept(rows, clips=2)
    assert memory.spans == [(0, 9), (9, 12), (12, 15)]
    assert torch.allclose(out.x[0], (3 * a + 6 * near) / 9)


def test_a_clip_keeps_as_many_parts_of_its_frames_as_asked_for():
    x = torch.randn(4, 4, 6, 5, generator=torch.Generator().manual_seed(0))
    x = x[:1] + 0.01 * x
    tokens = Tokens.from_grid(x, torch.arange(4.0), space="made")
    out = remember(ClipMemory(side=2, mode="offline"), tokens)
    by_hand = x.view(4, 2, 2, 2, 3, 5).mean((0, 2, 4)).flatten(0, 1)
    assert torch.allclose(out.x, torch.cat([by_hand.mean(0, keepdim=True), by_hand]), atol=1e-6)


def test_bad_parameters_are_refused():
    numbers: list[Any] = [{"min_len": 0}, {"min_len": 5, "max_len": 4}, {"clips": 0}, {"side": 0}]
    for bad in [*numbers, {"best": 0.0}]:
        with pytest.raises(VtkError, match="ClipMemory"):
            ClipMemory(**bad)
    with pytest.raises(VtkError, match="offline"):
        ClipMemory(mode="later")
