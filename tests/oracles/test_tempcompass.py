"""TempCompass: published predictions score what was published, with and without a judge."""

import json

import pytest

from vtk_notebooks.metrics.questions.tempcompass import judge_prompt, judged, matched
from vtk_notebooks.scoring import score
from vtk_notebooks.scoring.tempcompass import _asked, _replies

RULES_ONLY = {"multi-choice": 45.6, "yes_no": 56.4, "caption_matching": 63.3}
"""Video-LLaVA, as its authors' rules score it without a judge."""


@pytest.fixture
def file(oracle, tmp_path):
    def copy(name):
        path = tmp_path / "file.json"
        path.write_text(json.dumps(oracle(f"tempcompass/{name}.json")))
        return path

    return copy


@pytest.mark.parametrize(("task", "published"), RULES_ONLY.items())
def test_video_llava_scores_what_it_scores_by_rules_alone(task, published, file):
    path = file(f"predictions__video-llava__{task}")
    report = score("tempcompass", path, mode="upstream")
    assert report.numbers["avg"].rounded(1) == published
    assert score("tempcompass", path).numbers["avg"] >= report.numbers["avg"]  # ours read more


@pytest.mark.parametrize(("model", "published"), [("video-llava", 45.6), ("gemini", 63.9)])
def test_a_recorded_judge_makes_the_published_score(model, published, file):
    path = file(f"auto_eval_results__{model}__multi-choice")
    for mode in ("upstream", "strict"):
        assert score("tempcompass", path, mode=mode).numbers["avg"].rounded(1) == published


@pytest.mark.parametrize("model", ["video-llava", "gemini"])
def test_every_rating_in_a_file_of_results_is_found_again(model, file):
    from vtk_notebooks.data import read

    samples = list(read(file(f"auto_eval_results__{model}__multi-choice"), "tempcompass"))
    asked = [_asked(s) for s in samples]
    replies = _replies(samples, asked)
    for sample, one in zip(samples, asked, strict=True):
        found = matched("multi-choice", one, "upstream")
        assert (found is not None) == sample.extra["match_success"]
        reply = replies.get(judge_prompt(one), "")
        rating = judged(one, lambda prompt, reply=reply: reply) if found is None else found
        assert rating == sample.extra["rating"]


@pytest.mark.parametrize(("task", "published"), [("yes_no", 70.3), ("caption_matching", 77.4)])
def test_what_gemini_was_given_by_its_judge_lies_within_what_rules_leave_open(
    task, published, file
):
    """Its judge's replies are not at hand for these two; rules alone bound the score."""
    path = file(f"predictions__gemini__{task}")
    numbers = score("tempcompass", path, mode="upstream").numbers
    assert numbers["avg"] - 0.05 <= published <= numbers["avg"] + 100.05 - numbers["match_rate"]
    ours = score("tempcompass", path).numbers  # reads nearly all, so it bounds nearly everything
    assert ours["avg"] - 0.05 <= published <= ours["avg"] + 100.05 - ours["match_rate"]
