import threading

import pytest
import torch

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

ASKED = Query("made", torch.eye(8)[0], torch.eye(8)[:1], ("made",), "made")
SCENES = [1, 0, 2, 0, 3, 0, 4, 0, 5]  # direction 0 is what was asked for
PATIENCE_S = 5.0


def frames(on_end=lambda: None, each=3):
    """A stream of scenes of three frames each."""
    for i in range(len(SCENES) * each):
        x = torch.eye(8)[SCENES[i // each]].view(1, 1, 1, 8)
        yield Tokens.from_grid(x, torch.tensor([i * 0.5]), space="made")
    on_end()


def follow(react=None, stream=None, **params):
    return build("pipeline", "asynchronous_reply", **params).follow(
        stream or frames(), ASKED, react
    )


def test_no_frame_waits_for_a_reply():  # a reaction that ends only when the stream has ended
    over = threading.Event()
    waited = []

    def slow(due):
        waited.append(over.wait(PATIENCE_S))
        return "at last"

    told = follow(slow, frames(over.set))
    assert waited == [True] * 4
    assert len(told.decisions) == len(SCENES) * 3
    assert [r.due.t_s for r in told.replies] == [3.0, 6.0, 9.0, 12.0]


def test_a_reply_knows_what_had_been_seen_when_it_was_due_and_no_more():
    over = threading.Event()

    def slow(due):
        assert over.wait(PATIENCE_S)
        return str(len(due.clips))

    told = follow(slow, frames(over.set))
    assert all(end_s <= r.due.t_s for r in told.replies for _, end_s, _ in r.due.clips)
    assert [r.text for r in told.replies] == ["3", "4", "4", "4"]  # of 3, 5, 7 and 9 clips


def test_the_clips_that_fit_are_among_those_shown_and_in_the_order_of_time():
    for reply in follow().replies:
        starts_s = [start_s for start_s, _, _ in reply.due.clips]
        assert starts_s == sorted(starts_s)
        fitting = [c for c in reply.due.clips if c[2] > 0.2]
        assert len(fitting) == [3.0, 6.0, 9.0, 12.0].index(reply.due.t_s) + 1


def test_more_than_four_clips_are_shown_where_more_fit():
    still = (
        Tokens.from_grid(torch.eye(8)[0].view(1, 1, 1, 8), torch.tensor([float(i)]), space="made")
        for i in range(20)
    )
    told = follow(stream=still, cut=1.0)  # every third frame ends a clip
    assert len(told.replies[-1].due.clips) == 7


def test_replies_that_cannot_keep_up_give_way_to_later_ones():
    over, begun = threading.Event(), threading.Event()

    def slow(due):
        begun.set()
        assert over.wait(PATIENCE_S)
        return "late"

    def stream():
        for tokens in frames(over.set):
            yield tokens
            if tokens.times_s[0] == 3.0:
                assert begun.wait(PATIENCE_S)

    told = follow(slow, stream(), waiting=1)
    assert [r.due.t_s for r in told.replies] == [3.0, 12.0]
    assert told.dropped == 2


def test_without_a_reaction_it_tells_the_clip_that_fits():
    first = str(follow()).splitlines()[0]
    assert first == "3.0 s: seen from 1.5 s to 3.0 s (cosine 1.00)"


def test_any_policy_may_decide_and_the_cut_is_one_for_memory_and_policy():
    assert len(follow(policy="speak_gate", waiting=99).replies) == 12  # each frame that fits
    [reply] = follow(cut=-1.0).replies  # after the one clip that is full
    assert [(start_s, end_s) for start_s, end_s, _ in reply.due.clips] == [(0, 8), (8, 8)]


def test_silence_is_told_as_such():
    away = Query("made", -torch.eye(8)[0], torch.eye(8)[:1], ("made",), "made")
    told = build("pipeline", "asynchronous_reply").follow(frames(), away)
    assert (told.replies, str(told)) == ((), "(silence)")


def test_an_error_of_the_reaction_is_raised_after_the_stream_and_loses_no_frame():
    seen = []

    def stream():
        for tokens in frames():
            seen.append(tokens)
            yield tokens

    def broken(due):
        raise RuntimeError("no voice")

    with pytest.raises(RuntimeError, match="no voice"):
        follow(broken, stream())
    assert len(seen) == len(SCENES) * 3


def test_no_thread_is_left_when_the_stream_breaks():
    def stream():
        yield from list(frames())[:4]
        raise OSError("the camera fell")

    before = threading.active_count()
    with pytest.raises(OSError, match="camera"):
        follow(None, stream())
    assert threading.active_count() == before


@pytest.mark.weights
def test_a_clip_is_watched_through_conse():
    how = build("pipeline", "asynchronous_reply")
    assert len(how(*how.example()).decisions) == 12


def test_no_question_and_bad_parameters_are_refused():
    how = build("pipeline", "asynchronous_reply")
    with pytest.raises(VtkError, match="a question"):
        how(how.example()[0], " ")
    with pytest.raises(VtkError, match="waiting"):
        build("pipeline", "asynchronous_reply", waiting=0)
