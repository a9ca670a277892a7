import json

import pytest

from vtk_notebooks.data import AnnotationWarning
from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

TITLES = ("Intro", "Unboxing", "Final thoughts")


def film(*starts: int, duration_s: float | None = 900.0, titles=TITLES):
    """One film of VidChapters."""
    rows = [{"time": t, "label": title} for t, title in zip(starts, titles, strict=False)]
    return {"chapters": rows, **({"duration": duration_s} if duration_s else {})}


@pytest.fixture
def file(tmp_path):
    """Writes films, or one film's description, under a name."""

    def write(name, content):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_the_truth_scores_one_in_every_number(file):
    same = file("t.json", {"A": film(0, 75, 720), "B": film(0, 10)})
    report = score("chapters", same, same)
    assert report.n == 2
    numbers = dict(report.numbers)
    assert set(numbers.pop("without_first").values()) == {1.0}
    assert set(numbers.values()) == {1.0}
    assert {"Precision@1s", "Recall@0.9", "F1@60s", "SODA_c (same words)"} <= set(numbers)


def test_starts_count_by_distance_chapters_by_overlap_and_titles_by_their_words(file):
    said = file("p.json", {"A": film(0, 79, 720, titles=("Intro", "The unboxing", "End"))})
    truth = file("t.json", {"A": film(0, 75, 720)})
    numbers = score("chapters", said, truth).numbers
    assert numbers["Recall@3s"] == pytest.approx(2 / 3)
    assert numbers["Recall@5s"] == 1
    assert numbers["Recall@0.9"] == 1
    assert numbers["SODA_c (same words)"] == pytest.approx((75 / 79) / 3)
    assert numbers["SODA_c (token F1)"] > numbers["SODA_c (same words)"]


def test_the_first_chapter_is_a_gift_and_is_told_apart(file):
    said, truth = (file(n, {"A": film(0, t)}) for n, t in (("p.json", 500), ("t.json", 75)))
    numbers = score("chapters", said, truth).numbers
    assert numbers["Recall@5s"] == 0.5
    assert numbers["without_first"]["Recall@5s"] == 0


def test_descriptions_as_typed_are_paired_whatever_they_are_called(file):
    said = file("mine.txt", "Hello!\n0:00 Intro\n1:15 Unboxing\n12:00 Final thoughts\n")
    truth = file("theirs.description", "0:00 - Intro\n(1:15) Unboxing\n12:00 Final thoughts")
    report = score("chapters", said, truth)
    assert report.numbers["F1@1s"] == 1
    assert report.numbers["SODA_c (same words)"] == 1
    assert report.notes == ("1 films have no duration: their last chapter has no end",)


def test_a_last_chapter_without_an_end_still_has_a_start(file):
    said, truth = (
        file(n, {"A": film(0, t, duration_s=None)}) for n, t in (("p.json", 80), ("t.json", 75))
    )
    numbers = score("chapters", said, truth).numbers
    assert numbers["Recall@3s"] == 0.5
    assert numbers["Recall@0.9"] == 1  # only the first chapter has two ends


def test_captions_with_timestamps_are_chapters_too(file):
    said = {"results": {"A": [{"timestamp": [0, 75], "sentence": "Intro"}]}}
    truth = {"A": {"duration": 90, "timestamps": [[0, 75]], "sentences": ["Intro"]}}
    numbers = score("chapters", file("p.json", said), file("t.json", truth)).numbers
    assert numbers["SODA_c (same words)"] == numbers["F1@0.9"] == 1


def test_a_film_without_a_prediction_counts_as_zero_unless_upstream(file):
    said = file("p.json", {"A": film(0, 75)})
    truth = file("t.json", {"A": film(0, 75), "B": film(0, 10)})
    strict, upstream = (score("chapters", said, truth, mode) for mode in ("strict", "upstream"))
    assert (strict.numbers["F1@1s"], strict.n) == (0.5, 2)
    assert (upstream.numbers["F1@1s"], upstream.n) == (1, 1)
    assert strict.notes == ("1 films have no prediction: counted as 0",)


def test_equal_parts_stand_beside(file):
    same = file("t.json", {"A": film(0, 300, 600)})
    beside = score("chapters", same, same).beside
    assert beside["3 equal parts"]["F1@0.9"] == 1
    assert "SODA_c (same words)" not in beside["3 equal parts"]


def test_a_truth_that_lists_no_chapters_is_refused(file):
    nothing = file("t.txt", "Thanks for watching!")
    with (
        pytest.warns(AnnotationWarning, match="1 problem"),
        pytest.raises(VtkError, match="films with chapters"),
    ):
        score("chapters", nothing, nothing)
