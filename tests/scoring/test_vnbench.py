import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

PROMPT = "What is the secret word?\nA. Ann\nB. Bob\nC. Cleo\nD. Dan\nAnswer with the letter."


@pytest.fixture
def lay(tmp_path):
    """Writes results, one list of responses per film; the right letters are A, B, C, D."""

    def write(films, prompt=PROMPT, **more):
        rows = [
            {"video_path": f"./{film}", "prompt": prompt, "pred": said, "gt": gt,
             "task_type": f"{film}", "try": n, **more}
            for film, responses in films.items()
            for n, (said, gt) in enumerate(zip(responses, "ABCD", strict=False))
        ]  # fmt: skip
        path = tmp_path / "results.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


def test_a_film_counts_when_all_four_tries_are_right(lay):
    report = score("vnbench", lay({"ret_edit1": "ABCD", "ord_edit1": "ABCA"}))
    assert report.n == 2
    assert {k: float(v) for k, v in report.numbers.items()} == {
        "ord_edit1": 0, "ret_edit1": 1, "ord": 0, "ret": 1, "Overall": 0.5, "single try": 7 / 8,
    }  # fmt: skip


def test_choices_are_read_from_the_prompt_so_that_words_can_be_answers(lay):
    films = {"ret_edit1": ["Ann", "It is Bob.", "The answer is C", "(d)"]}
    assert score("vnbench", lay(films)).numbers["Overall"] == 1
    unlisted = score("vnbench", lay(films, prompt="What is the secret word?"))
    assert unlisted.numbers["single try"] == 0.5
    assert unlisted.unread == 50


def test_upstream_swaps_two_names_reads_one_character_and_says_so(lay):
    path = lay({"ret_insert1": "ABCD", "ret_insert2": ["A", "(B)", "C", "D"]})
    strict, upstream = score("vnbench", path), score("vnbench", path, mode="upstream")
    assert (strict.numbers["ret_insert1"], strict.numbers["ret_insert2"]) == (1, 1)
    assert (upstream.numbers["ret_insert1"], upstream.numbers["ret_insert2"]) == (0, 1)
    assert "have changed places" in upstream.notes[0]


def test_a_film_with_fewer_tries_is_not_right_and_is_told_of(lay):
    report = score("vnbench", lay({"ret_edit1": "ABC"}))
    assert report.numbers["Overall"] == 0
    assert report.notes == ("1 samples have fewer than four tries: not right",)


def test_always_the_same_letter_stands_beside(lay):
    beside = score("vnbench", lay({"ret_edit1": "ABCD"})).beside["always A"]
    assert (beside["Overall"], beside["single try"]) == (0, 0.25)


def test_a_row_without_a_right_letter_is_refused(lay):
    with pytest.raises(VtkError, match="sample ret_edit1#0 expects a letter as gt"):
        score("vnbench", lay({"ret_edit1": "A"}, gt="Eve"))
