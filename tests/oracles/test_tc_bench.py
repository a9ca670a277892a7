"""TC-Bench, on the replies of the authors' judge for four systems."""

import json

import pytest

from vtk_notebooks.scoring import score

SYSTEMS = ("show-1", "lavie", "modelscope", "videocrafter")


@pytest.fixture
def scored(oracle, tmp_path):
    def scored(system, mode):
        pred, prompts = tmp_path / "pred.json", tmp_path / "prompts.json"
        pred.write_text(json.dumps(oracle(f"tc_bench/{system}.json")))
        prompts.write_text(json.dumps(oracle("tc_bench/t2v_prompts.json")))
        return score("tc-bench", pred, prompts, mode)

    return scored


def test_show_1_scores_as_published(scored):
    report = scored("show-1", "upstream")
    assert report.n == 748
    assert report.numbers["TCR"] == pytest.approx(4.9465, abs=5e-5)
    assert report.numbers["TC-Score"] == pytest.approx(0.618199, abs=5e-7)


@pytest.mark.parametrize("system", SYSTEMS)
def test_upstream_reads_every_reply_as_the_authors_file_says(system, scored, oracle):
    clips = oracle(f"tc_bench/{system}.json").values()
    done = [all(q["correct"] for q in c if q["type"] != "other objects") for c in clips]
    share = [sum(q["correct"] for q in clip) / len(clip) for clip in clips]
    numbers = scored(system, "upstream").numbers
    assert numbers["TCR"] == pytest.approx(100 * sum(done) / len(done))
    assert numbers["TC-Score"] == pytest.approx(sum(share) / len(share))


@pytest.mark.parametrize("system", SYSTEMS)
def test_strict_counts_all_750_clips_and_is_never_kinder(system, scored):
    strict, upstream = scored(system, "strict"), scored(system, "upstream")
    assert strict.n == 750
    assert strict.numbers["TCR"] < upstream.numbers["TCR"]
    assert strict.numbers["TC-Score"] < upstream.numbers["TC-Score"]
    assert 0 < strict.unread < 1.5
    assert set(strict.numbers) == {"TCR", "TC-Score", "attribute binding", "object binding",
                                   "background shifts"}  # fmt: skip
