"""Browsing: list, filter, show."""

import pytest

from vtk_notebooks.data import FilmFolder, listing, read, select, show
from vtk_notebooks.errors import UnknownNameError


@pytest.fixture
def data(lay):
    return read(lay("qvhighlights", "truth"), "qvhighlights")


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "films"
    for name in (
        "NUsG_210.0_360.0.mp4",
        "deep/er/3MSZA.MKV",
        "deep/a.mp4",
        "b/a.webm",
        "notes.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_listing_is_short_rows(data, films):
    assert listing(data, first=1) == [
        {"id": 2579, "film": "NUsG_210.0_360.0", "duration_s": 150, "text": "A girl cooks.",
         "moments": 1, "chapters": 0, "choices": 0}
    ]  # fmt: skip
    assert [row["at hand"] for row in listing(data, films)] == [True, False]


def test_long_texts_are_cut_in_a_listing(data):
    from dataclasses import replace

    long = replace(data, samples=(replace(data.samples[0], text="word " * 50),))
    assert len(listing(long)[0]["text"]) == 60


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [2579, 8]),
        ({"text": "GIRL"}, [2579]),
        ({"film": "_E8"}, [8]),
        ({"duration_s": (None, 20.5)}, [8]),
        ({"duration_s": (20.6, 150)}, [2579]),
        ({"moments": (2, None)}, [8]),
        ({"moments": (0, 0)}, []),
        ({"where": lambda s: s.saliency.clips == (0,)}, [8]),
        ({"text": "girl", "moments": (2, 2)}, []),
    ],
)
def test_a_selection_answers_to_all_conditions(wanted, ids, data):
    assert [s.id for s in select(data, **wanted)] == ids


def test_a_selection_can_ask_for_films_at_hand(data, films):
    assert [s.id for s in select(data, films=films)] == [2579]


def test_a_selection_looks_into_captions_and_chapters(lay):
    assert len(select(read(lay("srt", "plain"), "srt"), text="WORLD")) == 1
    assert len(select(read(lay("vidchapters", "chapters"), "vidchapters"), text="unbox")) == 1


def test_a_sample_without_a_duration_answers_to_no_bound(lay):
    data = read(lay("charades_sta", "test"), "charades_sta")
    assert len(select(data, duration_s=(None, 1000))) == 0


def test_show_gives_a_sample_with_its_film(data, films):
    shown = show(data, "2579", films)
    assert shown.sample is data.samples[0]
    assert shown.film == films / "NUsG_210.0_360.0.mp4"
    assert shown.note == ""


def test_show_says_which_file_was_looked_for(data, films):
    shown = show(data, 8, films)
    assert shown.film is None
    assert shown.note.startswith(f"There is no _e8 in {films}. It may end in .mp4, .mkv")
    assert show(data, 8).note == "No folder of films was given."


def test_show_brings_the_problems_of_its_sample(tmp_path):
    path = tmp_path / "two.txt"
    path.write_text("A 1 2##a\nB 4 3##b\n")
    with pytest.warns(match="inverted span"):
        data = read(path, "charades_sta")
    assert show(data, 0).problems == ()
    assert [p.kind for p in show(data, 1).problems] == ["inverted span"]


def test_an_unknown_sample_is_answered_with_the_nearest(data):
    with pytest.raises(UnknownNameError, match="Did you mean '2579'"):
        show(data, 2570)


@pytest.mark.parametrize(
    ("film", "found"),
    [
        ("NUsG_210.0_360.0", "NUsG_210.0_360.0.mp4"),
        ("3MSZA.mp4", "deep/er/3MSZA.MKV"),
        ("./videos/3MSZA.mp4", "deep/er/3MSZA.MKV"),
        ("b/a.mp4", "b/a.webm"),
        ("deep\\a", "deep/a.mp4"),
        ("../deep/a", "deep/a.mp4"),
        ("notes", None),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
        ("..", None),
        ("", None),
        ("\x00", None),
    ],
)
def test_a_film_is_found_however_it_is_called_and_never_outside(film, found, films):
    path = FilmFolder(films).find(film)
    assert path == (None if found is None else films / found)
    assert "\x00" not in " ".join(FilmFolder(films).missing(film))
