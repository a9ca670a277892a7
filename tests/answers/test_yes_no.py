import pytest

from vtk_notebooks.answers import yes_no


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Yes", True),
        ("no.", False),
        ("YES, it does", True),
        ("No, yes would be wrong", False),
        ("The answer is yes", True),
        ("I would say: no!", False),
        ("nothing happens", None),
        ("her eyes are open", None),
        ("I know", None),
        ("perhaps yes, perhaps no", None),
        ("", None),
    ],
)
def test_words_count_and_parts_of_words_do_not(text, said):
    assert yes_no(text) is said
