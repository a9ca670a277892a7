"""Formats guessed by what they read."""

import json

import pytest

from vtk_notebooks.data import AnnotationError, AnnotationWarning, read_as_any

FORMATS = ("timechat_eval", "activitynet_captions", "vidchapters", "chapter_list")


def worth(sample):
    return len(sample.captions) + len(sample.chapters)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (json.dumps({"F": [{"timestamp": [0, 5], "caption": "a"}]}), "timechat_eval"),
        (json.dumps({"results": {"F": [{"timestamp": [0, 5], "sentence": "a"}]}}),
         "activitynet_captions"),
        (json.dumps({"F": {"chapters": [{"time": 0, "label": "a"}]}}), "vidchapters"),
        ("0:00 Intro\n1:00 End\n", "chapter_list"),
    ],
)  # fmt: skip
def test_the_format_that_reads_most_is_taken(text, format, tmp_path):
    file = tmp_path / "film.json"
    file.write_text(text)
    data = read_as_any(file, FORMATS, worth)
    assert data.format == format
    assert worth(data.samples[0])


def test_only_what_is_odd_in_the_chosen_format_is_told(tmp_path):
    file = tmp_path / "f.json"
    file.write_text(json.dumps({"F": [{"timestamp": [5, 0], "caption": "a"}]}))
    with pytest.warns(AnnotationWarning, match="inverted") as told:
        read_as_any(file, FORMATS, worth)
    assert len(told) == 1


def test_a_file_that_no_format_reads_is_told_of_in_the_first(tmp_path):
    file = tmp_path / "f.json"
    file.write_text("no JSON")
    with pytest.warns(AnnotationWarning, match="not readable"):
        data = read_as_any(file, ("timechat_eval", "vidchapters"), worth)
    assert (data.format, len(data)) == ("timechat_eval", 0)


def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(AnnotationError, match="nowhere"):
        read_as_any(tmp_path / "nowhere.json", FORMATS, worth)
