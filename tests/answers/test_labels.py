import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.answers import label_index
from vtk_notebooks.errors import VtkError

LINES = ("Sentence A: The man is moving.", "Sentence B: The man is moving left.")
OPTIONS = ("Option 1: A dog runs.", "Option 2: A dog sits.")
SAYS = {
    "Sentence B: The man is moving left.": 1,
    "Sentence B: The man is moving left": 1,
    "sentence a.": 0,
    "(B)": 1,
    "**Sentence B**": 1,
    "The man is moving left.": 1,
    "The man is moving.": 0,
    "Sentence A, since he goes on.": 0,
    "I see that the man is moving left in the video.": 1,
    "Not Sentence A but Sentence B": 1,
}
SILENT = (
    "",
    "Neither.",
    "Sentence A or Sentence B",
    "Neither sentence A nor sentence B captures it.",
    "Sentence A: The man is moving left.",
    "Option B",
    "Sentence C",
    "sentence able",
    "He is moving leftwards",
)


@pytest.mark.parametrize(("text", "line"), SAYS.items())
def test_it_reads_which_line_is_named(text, line):
    assert label_index(text, LINES) == line


@pytest.mark.parametrize("text", SILENT)
def test_it_never_guesses(text):
    assert label_index(text, LINES) is None


def test_a_number_is_a_label_too():
    assert label_index("2", OPTIONS) == 1
    assert label_index("Option 2: A dog sits. \nIt does not run.", OPTIONS) == 1


def test_two_lines_with_one_sentence_cannot_be_told_apart_by_it():
    assert label_index("A dog runs.", ("Option 1: A dog runs.", "Option 2: A dog runs.")) is None


@given(said=st.text(max_size=60))
def test_the_order_of_the_lines_does_not_matter(said):
    forth, back = label_index(said, OPTIONS), label_index(said, OPTIONS[::-1])
    assert (forth is None) == (back is None)
    assert forth is None or back == 1 - forth


def test_lines_without_labels_are_refused():
    with pytest.raises(VtkError, match="Caption A"):
        label_index("A", ("A. yes", "B. no"))
