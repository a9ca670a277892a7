import json

import pytest

from vtk_notebooks.errors import VtkError
from vtk_notebooks.scoring import score

OPTIONS = ["A. red", "B. green", "C. blue", "D. black"]


def choice(answer, task="Counting", **more):
    return {
        "task_type": task, "question": f"Which now? {len(more)}{answer}", "time_stamp": "00:00:31",
        "answer": answer, "options": OPTIONS, "required_ability": "working memory", **more,
    }  # fmt: skip


def output(due, wanted="goal", **more):
    return {
        "task_type": "Proactive Output", "question": f"Say {wanted} when it is {due}.",
        "time_stamp": "00:00:20", "ground_truth_time_stamp": due, "ground_truth_output": wanted,
        "required_ability": "working memory", **more,
    }  # fmt: skip


def spoke(time_s, content, answered=True):
    asked = {"role": "user", "content": "Is it time?", "time": time_s - 9, "cost": 0.1}
    reply = {"role": "assistant", "content": content, "time": time_s, "cost": 0.1}
    return {"answered": time_s if answered else False, "dialog_history": [asked, reply]}


@pytest.fixture
def lay(tmp_path):
    """Writes one film with these questions; as a dialogue, each in a record of its own."""

    def write(*questions, dialogue=False):
        film = {"time": "[0:00:00 - 0:00:40]", "video_categories": "x", "video_path": "v.mp4"}
        records = [[{**film, "questions": [q]} for q in questions]]
        if not dialogue:
            records = [{**film, "questions": list(questions)}]
        path = tmp_path / "results.json"
        path.write_text(json.dumps(records))
        return path

    return write


@pytest.mark.parametrize("dialogue", [False, True])
def test_answers_are_found_under_the_name_of_the_model(lay, dialogue):
    path = lay(
        choice("A", M="A"), choice("B", M="(B) green"), choice("C", M="A"), dialogue=dialogue
    )
    report = score("streamingbench", path)
    assert report.numbers["total"] == {"total": 3, "correct": 2, "accuracy": pytest.approx(2 / 3)}
    assert report.notes == ("answers of M",)


def test_tasks_have_numbers_of_their_own(lay):
    path = lay(choice("A", M="A"), choice("B", "Clips Summarize", M="C"))
    numbers = score("streamingbench", path).numbers
    assert numbers["Counting"] == {"total": 1, "correct": 1, "accuracy": 1}
    assert numbers["Clips Summarize"] == {"total": 1, "correct": 0, "accuracy": 0}


def test_a_question_without_an_answer_is_wrong_and_the_script_leaves_it_out(lay):
    path = lay(choice("A", M="A"), choice("B"), choice("C", M="no idea"))
    strict, upstream = (score("streamingbench", path, mode=m) for m in ("strict", "upstream"))
    assert strict.numbers["total"]["accuracy"] == pytest.approx(1 / 3)
    assert strict.unread == pytest.approx(200 / 3)
    assert upstream.numbers["total"]["accuracy"] == 0.5
    assert "1 questions have no answer of M: left out" in upstream.notes


def test_always_the_same_letter_stands_beside(lay):
    beside = score("streamingbench", lay(choice("A", M="B"), choice("B", M="B"))).beside
    assert beside["always A"]["total"] == {"accuracy": 0.5}


def test_output_is_right_on_time_and_with_its_words(lay):
    path = lay(
        output("00:00:29", M=spoke(31, "It is a goal!")),
        output("00:00:28", M=spoke(28, "corner")),
        output("00:00:27", M=spoke(24, "goal")),
        output("00:00:26", M=spoke(30, "no", answered=False)),
    )
    numbers = score("streamingbench", path).numbers["Proactive Output"]
    assert (numbers["total"], numbers["time_correct"], numbers["answer_correct"]) == (4, 2, 1)
    assert (numbers["early"], numbers["late"], numbers["silent"]) == (0.25, 0, 0.25)


def test_the_script_takes_the_last_line_for_speaking_up_and_any_characters_for_words(lay):
    path = lay(output("00:00:29", "3", M=spoke(30, "13", answered=False)))
    strict, upstream = (
        score("streamingbench", path, mode=m).numbers["Proactive Output"]
        for m in ("strict", "upstream")
    )
    assert (strict["time_accuracy"], strict["silent"]) == (0, 1)
    assert (upstream["time_accuracy"], upstream["answer_accuracy"]) == (1, 1)


def test_an_instruction_without_an_answer_is_silence_and_the_script_leaves_it_out(lay):
    path = lay(output("00:00:29", M=spoke(29, "goal")), output("00:00:40"))
    strict, upstream = (
        score("streamingbench", path, mode=m).numbers["Proactive Output"]
        for m in ("strict", "upstream")
    )
    assert (strict["total"], strict["time_accuracy"], strict["silent"]) == (2, 0.5, 0.5)
    assert (upstream["total"], upstream["time_accuracy"]) == (1, 1)


def test_saying_what_was_asked_for_after_seven_seconds_needs_no_film(lay):
    path = lay(output("00:00:29", M=spoke(40, "x")), output("00:00:40", M=spoke(30, "x")))
    [blind] = score("streamingbench", path).beside.values()
    assert blind["Proactive Output"]["answer_accuracy"] == 0.5


@pytest.mark.parametrize(
    ("questions", "match"),
    [
        ([choice("A")], "the answers of one model, got none"),
        ([choice("A", M="A", N="B")], r"the answers of one model, got \['M', 'N'\]"),
        ([choice("A", M="A"), output("00:00:29", M="x")], "proactive questions or others"),
        ([output("soon", M=spoke(1, "goal"))], "a clock time as ground_truth_time_stamp"),
    ],
)
def test_files_that_cannot_be_scored_are_refused(lay, questions, match):
    with pytest.raises(VtkError, match=match):
        score("streamingbench", lay(*questions))
