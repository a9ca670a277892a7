import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.judge import RecordedJudge


def shout(prompt: str) -> str:
    return prompt.upper()


def test_a_judge_is_asked_once_for_each_prompt_and_never_by_the_next_session(tmp_path):
    file = tmp_path / "new" / "replies.jsonl"
    judge = RecordedJudge(file, shout, "shouter 1")
    assert [judge("a"), judge("b"), judge("a")] == ["A", "B", "A"]
    assert judge.asked == 2
    later = RecordedJudge(file, None, "shouter 1")
    assert (later("b"), later("a"), later.asked) == ("B", "A", 0)


def test_another_judge_s_replies_are_not_used(tmp_path):
    RecordedJudge(tmp_path / "r", shout, "one")("a")
    with pytest.raises(VtkError, match="callable from prompt to reply"):
        RecordedJudge(tmp_path / "r", None, "other")("a")


def test_a_reply_that_was_cut_off_is_asked_for_again_and_nothing_else_is_lost(tmp_path):
    file = tmp_path / "r"
    judge = RecordedJudge(file, shout)
    judge("a"), judge("b")
    file.write_bytes(file.read_bytes()[:-7])
    again = RecordedJudge(file, shout)
    assert [again("a"), again("b")] == ["A", "B"]
    assert again.asked == 1
    assert [json.loads(line)["reply"] for line in file.read_text().splitlines()] == ["A", "B"]


def test_a_damaged_line_is_named(tmp_path):
    (tmp_path / "r").write_text('{"key": 1}\n')
    with pytest.raises(VtkError, match=r"r, line 1 expects a JSON object"):
        RecordedJudge(tmp_path / "r")
