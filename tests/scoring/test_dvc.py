import json

import pytest

from vtk_notebooks import scoring
from vtk_notebooks.data import AnnotationWarning
from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import dvc, score

TRUTH = {
    "F1": ([[0, 10], [10, 20]], ["cut the bread into slices", "toast it in a pan"]),
    "F2": ([[5, 15]], ["whisk two eggs with some milk"]),
}


@pytest.fixture
def truth(tmp_path):
    """Two films as ActivityNet has them."""
    films = {
        film: {"duration": 20.0, "timestamps": spans, "sentences": sentences}
        for film, (spans, sentences) in TRUTH.items()
    }
    file = tmp_path / "truth.json"
    file.write_text(json.dumps(films))
    return file


@pytest.fixture
def said(tmp_path):
    """Writes predictions as TimeChat does: film -> (start, end, caption)s."""

    def write(**films):
        rows = {
            f"{film}.mp4": [{"timestamp": [a, b], "caption": text} for a, b, text in captions]
            for film, captions in films.items()
        }
        file = tmp_path / "pred.json"
        file.write_text(json.dumps(rows))
        return file

    return write


def right(film):
    spans, sentences = TRUTH[film]
    return [(a, b, text) for (a, b), text in zip(spans, sentences, strict=True)]


def test_the_truth_scores_one_and_cider_only_where_words_are_rare(said, truth):
    report = score("dvc", said(F1=right("F1"), F2=right("F2")), truth)
    numbers = report.numbers
    assert report.n == 2
    assert report.notes == ()
    for name in ("Precision_Mean", "Recall@0.9", "F1_Score", "F1_of_means", "SODA_c (token F1)"):
        assert numbers[name] == 1, name
    assert numbers["SODA_c (METEOR exact+stem)"] > 0.9
    assert numbers["CIDER"] == pytest.approx(5)  # 10 in the first film, 0 in that of one event
    assert numbers["n_preds"] == 1.5


def test_a_film_without_a_prediction_counts_as_zero_and_is_reported(said, truth):
    file = said(F1=right("F1"))
    strict, upstream = (score("dvc", file, truth, mode) for mode in ("strict", "upstream"))
    assert strict.numbers["F1_Score"] == upstream.numbers["F1_Score"] == 0.5
    assert strict.numbers["F1_of_means"] == 0.5
    assert upstream.numbers["F1_of_means"] == 1
    assert strict.notes == ("1 of 2 films have no prediction: counted as 0",)
    assert "left out of F1@" in upstream.notes[0]


def test_an_inverted_prediction_is_read_the_other_way_round_but_not_by_vidchapters(said, truth):
    with pytest.warns(AnnotationWarning, match="inverted"):
        report = score("dvc", said(F1=right("F1"), F2=[(15, 5, "whisk")]), truth)
    assert report.numbers["Precision_Mean"] == report.numbers["F1_Score"] == 1
    assert report.numbers["F1_of_means"] == 0.5
    assert "1 of 3 predictions end before they start" in report.notes[0]


def test_a_caption_in_the_wrong_place_is_compared_with_nothing(said, truth):
    words = "cut the bread into slices"
    there, elsewhere = (
        score("dvc", said(F1=[(a, b, words), (10, 20, "toast it in a pan")]), truth)
        for a, b in ((0, 10), (18, 20))
    )
    assert elsewhere.numbers["CIDER"] < there.numbers["CIDER"]


def test_equal_parts_of_the_film_stand_beside(said, truth):
    report = score("dvc", said(F1=right("F1")), truth)
    [(name, numbers)] = report.beside.items()
    assert name == "1 equal parts"
    assert numbers["Recall@0.3"] == 1
    assert "CIDER" not in numbers


def test_without_the_extra_meteor_is_left_out_and_a_note_says_so(said, truth, monkeypatch):
    monkeypatch.setattr(dvc, "has_meteor", lambda: False)
    report = scoring.score("dvc", said(F1=right("F1"), F2=right("F2")), truth)
    assert "SODA_c (METEOR exact+stem)" not in report.numbers
    assert report.notes == ("METEOR is left out: pip install 'vtk-notebooks[captions]'",)


def test_a_truth_without_captions_is_refused(said, tmp_path):
    empty = tmp_path / "empty.json"
    empty.write_text("{}")
    with pytest.raises(VtkError, match="films with captions"):
        score("dvc", said(F1=right("F1")), empty)
