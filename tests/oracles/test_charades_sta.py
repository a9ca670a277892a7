"""Blind answers on Charades-STA's test set: numbers that need no model, only the right metric."""

import re

import pytest

from vtk_notebooks import Moment
from vtk_notebooks.blind import first_seconds, middle_third, whole_film
from vtk_notebooks.metrics import Recall

BLIND = {"whole_video": whole_film, "middle_third": middle_third, "first_8s": first_seconds}


@pytest.fixture
def questions(oracle):
    """Film, duration and true moment of each of the 3,720 questions."""
    films = oracle("charades_sta/charades_test_with_durations.json")
    text = oracle("charades_sta/charades_sta_test.txt")
    rows = re.findall(r"^(\w+) (\S+) (\S+)##", text, re.MULTILINE)
    return [(films[v]["duration"], Moment(float(a), float(b))) for v, a, b in rows]


@pytest.mark.parametrize("ends", ["raw_txt", "clipped_end"])
@pytest.mark.parametrize("blind", BLIND)
def test_a_blind_answer_scores_what_it_scores(blind, ends, questions, oracle):
    expected = oracle("charades_sta/expected_charades_blind_baselines.json")[f"{blind}/{ends}"]
    clip = ends == "clipped_end"
    truths = [[truth.within(d) if clip else truth] for d, truth in questions]
    answers = [[BLIND[blind](d)] for d, _ in questions]
    numbers = Recall(at=(1,))(answers, truths)
    assert len(truths) == expected["n"]
    for m in ("0.3", "0.5", "0.7"):
        assert numbers[f"R1@{m}"] == pytest.approx(expected[f"R1@{m}"], abs=1e-9)
    assert numbers["mIoU"] == pytest.approx(expected["mIoU_hull"], abs=1e-9)
