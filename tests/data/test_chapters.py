"""Chapters mined from descriptions."""

import pytest

from vtk_notebooks.data import Chapter, parse_chapters


@pytest.mark.parametrize(
    ("description", "titles"),
    [
        ("0:00 Intro\n1:00 End", ["Intro", "End"]),
        ("00:00:00 Intro\n00:01:00 End", ["Intro", "End"]),
        ("Intro 0:00\nEnd - 1:00", ["Intro", "End"]),
        ("* [0:00] Intro!\n* [1:00] End?", ["Intro", "End"]),
        ("0:00 10 tips\n1:00 \u201cL\u2019été\u201d", ["10 tips", "L\u2019été"]),
        ("0:00 Intro\nhttps://x.y/z?t=0:30\n1:00 End", ["Intro", "End"]),
        ("0:00 Intro\n0:30\n1:00 End", ["Intro", "End"]),
        ("0:00 Intro\n0:99 no time\n1:00 End", ["Intro", "End"]),
        ("0:00 Intro\n1:00 The 2:30 rule", ["Intro", "The 2:30 rule"]),
        ("0:00 Intro\r\n1:00 End\r\n", ["Intro", "End"]),
    ],
)
def test_chapters_are_found_as_they_are_typed(description, titles):
    chapters = parse_chapters(description)
    assert chapters is not None
    assert [c.title for c in chapters] == titles
    assert (chapters[0].start_s, chapters[-1].start_s) == (0, 60)


@pytest.mark.parametrize(
    "description",
    ["", "no time", "0:00 only one", "0:10 a b\n0:20 c d", "0:00 ab\n0:00 cd",
     "0:00 ab\n0:20 cd\n0:10 ef", "0:00 a\n1:00 b", "1234:00 x y\n1235:00 z",
     "0:00:00:00 frames\n0:00:01:00 more"],
)  # fmt: skip
def test_what_is_no_list_of_chapters_gives_none(description):
    assert parse_chapters(description) is None


def test_a_chapter_after_an_hour_counts_it():
    assert parse_chapters("0:00 ab\n1:02:10 cd") == (Chapter(0, "ab"), Chapter(3730, "cd"))
