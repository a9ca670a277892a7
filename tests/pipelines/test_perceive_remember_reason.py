import pytest

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError

HOW = build("pipeline", "perceive_remember_reason")


@pytest.mark.weights
def test_a_model_is_shown_only_what_the_question_wakes():
    clip, question, ask = HOW.example()
    seen = []

    def model(shown, text):
        seen.append((shown.times_s.tolist(), text))
        return ask(shown, text)

    told = build("pipeline", "perceive_remember_reason", threshold=1.0)(clip, question, model)
    assert str(told) == "255 of 255"  # nothing fits: the last three frames are shown
    [(times_s, text)] = seen
    assert times_s == [4.5, 5.0, 5.5]
    assert "6.0 seconds" in text
    assert "4.5 s to 6.0 s" in text
    assert text.endswith(question)


@pytest.mark.weights
def test_offline_all_clips_are_shown_where_none_fits_thinned_to_what_is_allowed():
    clip, question, _ = HOW.example()
    how = build("pipeline", "perceive_remember_reason", threshold=1.0, mode="offline", frames=4)
    told = how(
        clip, question, lambda shown, text: f"{len(shown)} {shown.times_s[[0, -1]].tolist()}"
    )
    assert told.answer == "4 [0.0, 5.5]"
    assert told.memory.kept().all()


@pytest.mark.weights
def test_without_a_model_it_says_what_was_woken():
    clip, question, _ = HOW.example()
    told = build("pipeline", "perceive_remember_reason", threshold=-1.0)(clip, question)
    assert told.answer.startswith("Seen at ")
    assert len(told.woken) == 1
    none = build("pipeline", "perceive_remember_reason", threshold=1.0)(clip, question)
    assert none.answer.startswith("Not seen; last at 4.5 s to 6.0 s")


@pytest.mark.weights
def test_braces_in_a_question_are_words():
    clip, _, _ = HOW.example()
    assert HOW(clip, "{spans}?", lambda shown, text: text).answer.endswith("{spans}?")


def test_no_question_and_bad_parameters_are_refused():
    with pytest.raises(VtkError, match="a question"):
        HOW(HOW.example()[0], " ")
    with pytest.raises(VtkError, match="frames"):
        build("pipeline", "perceive_remember_reason", frames=0)
    with pytest.raises(VtkError, match="prompt"):
        build("pipeline", "perceive_remember_reason", prompt="Answer!")
