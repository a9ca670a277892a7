import json

from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.tiny.card import LOG, card, kept_card
from vtk_notebooks.tiny.films import HELD_OUT
from vtk_notebooks.tiny.keep import keep, summed

SCORE = Estimate(0.8125, 400, (0.7, 0.9))
HARM = Estimate(-0.25, 400, (-0.3, -0.2))
SCORES = {
    "films": 400,
    "held-out films": {"R1@0.5": SCORE, "QA": SCORE, "QA way": SCORE},
    "held-out combinations": {"R1@0.5": SCORE, "QA": SCORE},
    "blind": {"R1@0.5": SCORE, "QA": SCORE},
    "changes": {
        "no time labels": {"R1@0.5": SCORE, "QA": SCORE, "harm": {"R1@0.5": HARM, "QA": HARM}}
    },
}


def test_a_card_says_every_score_with_its_interval_and_every_harm_with_its_sign(
    untrained, tmp_path
):
    model, prompter = untrained
    folder = keep(model, prompter.adapter.tokenizer, tmp_path / "kept")
    clock = (5, 60, 30, 90)  # gone on with after a minute
    (folder / LOG).write_text("".join(json.dumps({"s": s}) + "\n" for s in clock))
    said = card(SCORES, folder)
    assert "| R1@0.5 | 0.812 [0.700, 0.900] | 0.812 [0.700, 0.900] |" in said
    assert "| QA way | 0.812 [0.700, 0.900] |  |  |" in said
    assert "| no time labels | 0.812 | -0.250 [-0.300, -0.200] |" in said
    assert all(" ".join(pair) in said for pair in HELD_OUT)
    assert "took 2\nminutes" in said
    assert "{" not in said
    assert said.startswith("---\nlicense: apache-2.0\n")


def test_a_new_card_is_in_the_list_of_hashes(untrained, tmp_path):
    model, prompter = untrained
    folder = keep(model, prompter.adapter.tokenizer, tmp_path / "kept")
    kept_card("---\nlicense: apache-2.0\n---\n", folder)
    sums = json.loads((folder / "sums.json").read_text())
    assert set(sums) == {f.name for f in folder.iterdir()} - {"sums.json"}
    assert summed(folder) == (folder / "sums.json").read_text()
