import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Moment, build
from vtk_notebooks.curation import ChapterMining
from vtk_notebooks.data import Chapter, format_chapters
from vtk_notebooks.errors import VtkError

STARTS = st.lists(st.integers(1, 5000), min_size=1, max_size=8, unique=True).map(sorted)


def test_a_typed_list_becomes_titled_stretches_up_to_the_end_of_the_film():
    mined = build("curation", "chapter_mining")("0:00 Intro\n1:15 Unboxing\n12:03 End", 900)
    assert mined == [
        Moment(0.0, 75.0, text="Intro"),
        Moment(75.0, 723.0, text="Unboxing"),
        Moment(723.0, 900.0, text="End"),
    ]


@pytest.mark.parametrize("description", ["", "Thanks for watching!", "0:00 only one"])
def test_most_descriptions_list_no_chapters(description):
    assert ChapterMining()(description, 60) == []


def test_a_chapter_that_does_not_lie_in_the_film_is_left_out():
    description = "0:00 Intro\n0:30 Middle\n1:00 Late\n2:00 Later"
    titles = [m.text for m in ChapterMining()(description, 100)]
    assert titles == ["Intro", "Middle"]  # the third would end at 2:00, the fourth start there
    assert ChapterMining(least=3)(description, 100) == []


def test_a_last_chapter_that_starts_where_the_film_ends_is_empty_and_left_out():
    assert len(ChapterMining()("0:00 a b\n0:30 c d\n1:00 e f", 60)) == 2


@given(starts=STARTS, rest=st.floats(0.5, 100))
def test_chapters_tile_the_film_and_what_is_typed_is_mined(starts, rest):
    typed = [Chapter(s, f"chapter {i}") for i, s in enumerate([0, *starts])]
    mined = ChapterMining()(format_chapters(typed), starts[-1] + rest)
    assert [(m.start_s, m.text) for m in mined] == [(c.start_s, c.title) for c in typed]
    assert [m.end_s for m in mined] == [*starts, starts[-1] + rest]


def test_a_film_without_length_is_refused():
    with pytest.raises(VtkError, match="longer than 0 s"):
        ChapterMining()("0:00 a b\n0:30 c d", 0)
