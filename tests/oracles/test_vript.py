"""Vript-RR, on four files of predictions that came with its evaluation."""

import pytest

from vtk_notebooks.scoring import score

PUBLISHED = {
    "clip_videochat2": 51.97,
    "clip_videochat": 33.55,
    "video_videochat2": 42.11,
    "video_videochat": 22.37,
}


@pytest.fixture
def scored(oracle, tmp_path):
    def scored(system, mode):
        path = tmp_path / "pred.csv"
        path.write_text(oracle(f"vript_rr/RR_{system}_multiplechoice_output.csv"), newline="")
        return score("vript-rr", path, mode=mode)

    return scored


@pytest.mark.parametrize("system", PUBLISHED)
def test_accuracy_is_as_the_authors_script_gives_it(system, scored):
    report = scored(system, "upstream")
    assert report.n == 152
    assert report.numbers["acc"].rounded(2) == PUBLISHED[system]


@pytest.mark.parametrize("system", PUBLISHED)
def test_strict_differs_by_replies_that_contradict_themselves_only(system, scored):
    strict, upstream = scored(system, "strict"), scored(system, "upstream")
    assert abs(strict.numbers["acc"] - upstream.numbers["acc"]) < 1.5
    assert strict.unread < 2
