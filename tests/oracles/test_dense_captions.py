"""TimeChat's predictions for YouCook2, film by film, and the reference matching of SODA."""

import json

import numpy as np
import pytest

from vtk_notebooks import Moment
from vtk_notebooks.data import AnnotationWarning
from vtk_notebooks.metrics.captions.dense_detection import detections
from vtk_notebooks.scoring import score
from vtk_notebooks.scoring.dvc import THRESHOLDS, matched_cider
from vtk_notebooks.text.captions import best_in_order

PUBLISHED = {
    "CIDER": 0.027036232,
    "Precision_Mean": 0.12544783,
    "Recall_Mean": 0.13103015,
    "F1_Score": 0.11976427,
    "F1_of_means": 0.12806885,
    "Precision@0.3": 0.33453428, "Recall@0.3": 0.34456594,
    "Precision@0.5": 0.13122125, "Recall@0.5": 0.14058838,
    "Precision@0.7": 0.03375333, "Recall@0.7": 0.03609479,
    "Precision@0.9": 0.00228246, "Recall@0.9": 0.00287149,
}  # fmt: skip


@pytest.fixture
def files(oracle, tmp_path):
    """Predictions and truth, as published and as ActivityNet's."""

    def copy(name):
        file = tmp_path / name
        file.write_text(json.dumps(oracle(f"youcook2_dvc/{name}")))
        return file

    return copy


@pytest.fixture
def films(oracle):
    """Predicted and true events of each film, in the published order; ends put in order."""
    said = oracle("youcook2_dvc/dvc_example_pred_file.json")
    true = oracle("youcook2_dvc/dvc_gt__activitynet_format.json")
    names = oracle("youcook2_dvc/dvc_expected_per_video.json")["key"]
    answers = [[moment(c["timestamp"], c["caption"]) for c in said[n]] for n in names]
    truths = [
        [moment(ends, text) for ends, text in zip(f["timestamps"], f["sentences"], strict=True)]
        for f in map(true.get, names)
    ]
    return answers, truths


def moment(ends, text=""):
    return Moment(float(min(ends)), float(max(ends)), text=text)


@pytest.mark.parametrize(
    ("pred", "truth"),
    [
        ("dvc_example_pred_file.json", "dvc_example_gt_file.json"),
        ("dvc_pred__activitynet_format.json", "dvc_gt__activitynet_format.json"),
    ],
)
@pytest.mark.filterwarnings(f"ignore::{AnnotationWarning.__module__}.AnnotationWarning")
def test_the_scorer_gives_the_published_numbers(pred, truth, files):
    report = score("dvc", files(pred), files(truth))
    assert report.n == 415
    for name, value in PUBLISHED.items():
        assert report.numbers[name] == pytest.approx(value, abs=6e-9), name
    assert "15 of 3210 predictions end before they start" in report.notes[0]


def test_every_film_has_its_published_precision_and_recall(films, oracle):
    expected = oracle("youcook2_dvc/dvc_expected_per_video.json")
    answers, truths = films
    both = detections(answers, truths, THRESHOLDS)
    for i, name in enumerate(("Precision", "Recall")):
        each = np.array([expected[f"{name}@{m}"] for m in THRESHOLDS])
        assert np.abs(both[i] - each).max() < 1e-12
        assert np.abs(both[i].mean(0) - expected[f"{name}_Mean"]).max() < 1e-12


def test_every_film_has_its_published_cider(films, oracle):
    expected = oracle("youcook2_dvc/dvc_expected_per_video.json")["CIDER"]
    answers, truths = films
    assert np.abs(matched_cider(answers, truths) - expected).max() < 1e-12


def test_the_matching_is_sodas(oracle):
    case = oracle("reference_values/soda_dp_and_detection.json")
    total, pairs = best_in_order(np.array(case["scores"]))
    assert total == pytest.approx(case["max_score"])
    assert pairs == [tuple(pair) for pair in case["pairs"]]


def test_the_small_case_of_detection(oracle):
    case = oracle("reference_values/soda_dp_and_detection.json")
    said, true = ([moment(span) for span in case[name]] for name in ("pred", "gt"))
    precision, recall = detections([said], [true], THRESHOLDS)
    assert precision[:, 0] == pytest.approx(case["precision"])
    assert recall[:, 0] == pytest.approx(case["recall"])
