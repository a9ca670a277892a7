from vtk_notebooks.labs.mark import Mark, is_open, right, unanswered, wrong


def test_three_dots_anywhere_are_no_answer_yet():
    assert all(map(is_open, (..., {"a": 1, "b": ...}, ("same", ...), {"a": (1, ...)})))
    assert not any(map(is_open, (0, None, {}, (), {"a": 0}, ("same", 3), "...")))


def test_a_mark_says_how_it_stands_why_and_what_to_think_about():
    assert repr(unanswered("a number")) == "Not answered yet. Put a number where the dots are."
    assert repr(right("It is 3.")) == "Right. It is 3."
    assert repr(wrong("It is not 4.", "Count.")) == "Not yet. It is not 4.\nHint: Count."


def test_only_a_right_answer_is_right():
    assert Mark("right", "").right
    assert not Mark("wrong", "").right
    assert not Mark("open", "").right
