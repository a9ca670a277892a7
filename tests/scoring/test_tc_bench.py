import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

TYPES = ("transition completion", "transition object consistency", "other objects")


@pytest.fixture
def write(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.write_text(json.dumps(data))
        return path

    return write


def judged(*replies):
    return [
        {"question": "?", "type": t, "frames": [1, 16], "gpt_answer": r, "correct": 0}
        for t, r in zip(TYPES, replies, strict=True)
    ]


CLIPS = {
    "00000-00000": judged("yes", "yes", "no"),
    "00000-00001": judged("yes", "it seems so", "yes"),
    "00001-00000": judged("no, its eyes are shut", "no", "no"),
}
PROMPTS = [{"id": 0, "type": "attribute binding"}, {"id": 1, "type": "background shifts"}]


def test_words_are_read_and_only_a_yes_completes(write):
    report = score("tc-bench", write("pred.json", CLIPS))
    assert report.numbers["TCR"] == pytest.approx(100 / 3)
    assert report.numbers["TC-Score"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert report.unread == pytest.approx(100 / 9)
    assert report.n == 3


def test_upstream_reads_parts_of_words_and_lets_neither_pass(write):
    report = score("tc-bench", write("pred.json", CLIPS), mode="upstream")
    assert report.numbers["TCR"] == pytest.approx(200 / 3)
    assert report.numbers["TC-Score"] == pytest.approx((2 / 3 + 2.5 / 3 + 1 / 3) / 3)


def test_with_the_prompts_numbers_are_told_by_type_and_missing_clips_fail(write):
    files = write("pred.json", CLIPS), write("prompts.json", PROMPTS)
    report = score("tc-bench", *files)
    assert report.n == 4
    assert report.numbers["TCR"] == 25
    assert report.numbers["attribute binding"]["TCR"] == 50
    assert report.numbers["background shifts"] == {"TCR": 0, "TC-Score": 0}
    assert report.notes == ("1 clips were not judged: counted as failed",)
    upstream = score("tc-bench", *files, mode="upstream")
    assert (upstream.n, upstream.notes) == (3, ("1 clips were not judged: left out",))


def test_samples_of_one_prompt_stand_or_fall_together(write):
    clips = {
        f"{p:05d}-{s:05d}": judged(*["yes" if p else "no"] * 3) for p in (0, 1) for s in (0, 1)
    }
    found = score("tc-bench", write("pred.json", clips)).numbers["TCR"]
    assert (found, found.low, found.high) == (50, 0, 100)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"clip one": []}, "PROMPT-SAMPLE"),
        ({"00000-00000": [{"question": "?"}]}, "clip 00000-00000 expects statements"),
        ({"00000-00000": []}, "statements on their transition"),
        ({}, "statements on their transition"),
    ],
)
def test_a_file_of_another_shape_is_refused(write, data, message):
    with pytest.raises(VtkError, match=message):
        score("tc-bench", write("pred.json", data))


def test_clips_of_unknown_prompts_are_refused(write):
    with pytest.raises(VtkError, match="the prompts of all clips"):
        score("tc-bench", write("pred.json", CLIPS), write("prompts.json", PROMPTS[:1]))


def test_prompts_of_another_shape_are_refused(write):
    with pytest.raises(VtkError, match="id and type"):
        score("tc-bench", write("pred.json", CLIPS), write("prompts.json", [{"prompt": "?"}]))
