import pickle

import pytest

from vtk_notebooks import errors
from vtk_notebooks.errors import DecodeError, UnknownNameError, VtkError

EVERY = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, VtkError)]


@pytest.mark.parametrize("error", EVERY)
def test_a_message_says_who_what_what_came_and_what_to_do(error):
    message = str(error("open_clip", "a film", "'notes.txt'", "Give a video file."))
    assert message == "open_clip expects a film, got 'notes.txt'. Give a video file."


@pytest.mark.parametrize("error", EVERY)
def test_errors_survive_the_way_back_from_another_process(error):
    raised = error("a", "b", "c", "d")
    back = pickle.loads(pickle.dumps(raised))
    assert type(back) is error
    assert (str(back), back.who, back.expected, back.got, back.hint) == (str(raised), *"abcd")


def test_without_a_hint_the_message_just_ends():
    assert str(DecodeError("a", "b", "c")) == "a expects b, got c."


def test_they_are_caught_as_what_they_are():
    assert issubclass(VtkError, ValueError)
    assert issubclass(UnknownNameError, KeyError)
