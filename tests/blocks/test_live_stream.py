import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.live_stream import UNTAUGHT, Marks, Said, Watched, laid_out
from vtk_notebooks.errors import VtkError

F, OPENS, CLOSES, END, COMMA = range(5)
PLUS, ONE = Marks(F, OPENS, CLOSES, END, COMMA), Marks(F, OPENS, CLOSES, END)
_ = UNTAUGHT


def test_a_stream_with_intervals_is_laid_out_as_published():
    stream = laid_out([Watched(3), Said([8, 9], taught=True)], PLUS, 2)
    assert stream.ids.tolist() == [1, 0, 0, 4, 0, 0, 4, 0, 0, 2, 8, 9, 3]
    assert stream.labels.tolist() == [_, _, 4, _, _, 4, _, _, 2, _, 9, 3, _]
    assert stream.decisions.tolist() == [2, 5, 8]


def test_without_an_interval_token_a_silent_frame_ends_the_text():
    stream = laid_out([Watched(2), Said([8], taught=True), Watched(1, reply=False)], ONE)
    assert stream.ids.tolist() == [1, 0, 0, 2, 8, 3, 1, 0, 2]
    assert stream.labels.tolist() == [_, 3, 2, _, 3, _, _, 3, _]


def test_what_a_user_says_is_read_and_not_learnt():
    stream = laid_out([Said([7, 7]), Watched(2, taught=1)], PLUS)
    assert stream.ids.tolist() == [7, 7, 1, 0, 4, 0, 2]
    assert stream.labels.tolist() == [_, _, _, 4, _, _, _]


PARTS = st.lists(
    st.tuples(st.integers(1, 5), st.booleans())
    | st.tuples(st.lists(st.integers(5, 9), max_size=3), st.booleans()),
    min_size=1,
    max_size=6,
)


@given(drawn=PARTS, many=st.integers(1, 3))
def test_of_a_frame_only_the_last_token_is_taught(drawn, many):
    parts = [
        Watched(what, reply=own) if isinstance(what, int) else Said(what, own)
        for what, own in drawn
    ]
    stream = laid_out(parts, PLUS, many)
    seen = sum(p.frames for p in parts if isinstance(p, Watched))
    assert int(stream.frames.sum()) == many * seen
    taught = (stream.labels != UNTAUGHT) & stream.frames
    assert taught.nonzero().squeeze(1).tolist() == stream.decisions.tolist()


def test_what_cannot_be_laid_out_is_refused():
    for parts in ([], [Watched(0)], [Watched(2, taught=3)], [Said([F])]):
        with pytest.raises(VtkError, match="laid_out"):
            laid_out(parts, PLUS)
    with pytest.raises(VtkError, match="different"):
        Marks(0, 1, 2, 2)
