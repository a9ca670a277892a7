"""The nearest neighbours of VideoICL on UCF-Crime, as its released ranks have them."""

import re

import pytest

from vtk_notebooks.metrics.questions.example_votes import ExampleVotes


def label(film: str) -> str:
    """The crime that the name of a UCF-Crime film says, before its number."""
    found = re.match(r"[A-Za-z]+(_Videos)?", film)
    assert found
    return found[0]


def test_votes_are_right_as_often_as_was_counted(oracle):
    rows = oracle("video_icl/video_top100_sim_subset1.json")
    ranked = [[label(name) for name in row["train_examples"]] for row in rows]
    truths = [label(row["test_sample"]) for row in rows]
    numbers = ExampleVotes()(ranked, truths)
    assert len(set(truths)) == 14
    assert numbers["k=1"].n == 168
    assert numbers["k=1"] == pytest.approx(39.2857, abs=1e-4)
    assert numbers["k=8"] == pytest.approx(42.8571, abs=1e-4)
