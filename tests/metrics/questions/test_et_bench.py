from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.questions.et_bench import MERGED, Answered, EtBench, chosen, seconds_f1

ONE = ((10, 20),)
TWO = ((0, 4), (10, 20))
VERBS = ("sit", "run", "eat", "walk")


def one(task, said, spans=ONE, mode="strict", **more):
    """The number of a single sample, in percent."""
    numbers = build("metric", "et_bench", mode=mode)([Answered(task, said, spans, **more)])
    [name] = [n for n in numbers if n != "Failed"]
    return float(numbers[name]), float(numbers["Failed"])


def test_a_span_earns_a_quarter_for_each_threshold_it_reaches():
    assert [one("tvg", said)[0] for said in ("10 - 20", "10 - 17", "10 - 15", "10 - 13")] == [
        100, 100, 75, 50,
    ]  # fmt: skip
    assert one("epm", "30 - 40") == (0, 0)


def test_only_the_first_span_counts_against_one_truth_and_the_best_of_several():
    assert one("tvg", "50 - 60, or 10 - 20")[0] == 0
    assert one("tem", "10 - 20", spans=TWO)[0] == 100


def test_spans_as_a_set_need_not_be_matched_one_to_one():
    assert one("tal", "10 - 20, 0 - 4", TWO)[0] == 100
    assert one("tal", "10 - 15 and 15 - 20")[0] == 75  # IoU .5 each; .7 is not reached
    assert one("tal", "0 - 4", TWO)[0] == pytest.approx(200 / 3)


def test_a_summary_is_scored_by_its_seconds():
    assert one("evs", "0 - 10", ((0, 10), (20, 30)))[0] == pytest.approx(200 / 3)
    assert one("evs", "0 - 8, 4 - 10", ((0, 10),))[0] == 100  # overlaps count once


def test_a_highlight_is_right_within_any_annotators_span():
    spans = ((1, 3), (7, 9))
    assert [one("vhd", said, spans)[0] for said in ("at 8", "From 0.5 to 2", "0:02")] == [
        100,
        0,
        100,
    ]
    assert one("vhd", "at -2", spans, mode="upstream") == (0, 0)


def test_a_grounded_answer_needs_the_right_choice_as_well():
    more = {"choices": VERBS, "right": 1}
    assert one("gvq", "B, 10 - 20", **more) == (100, 0)
    assert one("gvq", "A, 10 - 20", **more) == (0, 0)
    assert one("gvq", "(B)", **more) == (0, 100)
    assert one("gvq", "(A)", **more) == (0, 0)  # wrong whatever its time


def test_an_article_is_no_choice_except_upstream():
    asked = {"spans": (), "choices": VERBS, "right": 0}
    assert one("rvq", "a man walks down", **asked) == (0, 100)
    assert one("rvq", "a man walks down", mode="upstream", **asked) == (100, 0)


def test_the_script_takes_a_letter_in_brackets_for_an_answer_but_not_with_a_time():
    asked = {"choices": VERBS, "right": 1, "mode": "upstream"}
    assert one("rvq", "It is (B)", (), **asked) == (100, 0)
    assert one("gvq", "It is (B), 10 - 20", **asked) == (0, 100)
    assert one("gvq", "Best option: (B), 10 - 20", **asked) == (100, 0)


def test_without_a_letter_the_most_similar_choice_counts_and_fails():
    def similarity(a: str, b: str) -> float:
        return float("run" in b and "hurry" in a)

    sample = Answered("rar", "they hurry", choices=VERBS, right=1)
    assert chosen(sample, "strict", similarity) == (1, False)
    numbers = EtBench()([sample], similarity)
    assert (numbers["RAR (Acc)"], numbers["Failed"]) == (100, 100)
    assert EtBench()([sample])["RAR (Acc)"] == 0
    assert chosen(replace(sample, said=" "), "strict", similarity) == (-1, False)


def test_captions_are_compared_where_their_spans_meet():
    said = "0 - 4 seconds, sit. 10 - 20 seconds, run. 50 - 60 seconds, run."
    sample = Answered("dvc", said, TWO, ("sit", "run"))
    numbers = EtBench()([sample], lambda a, b: float(a == b))
    assert numbers["DVC (F1)"] == pytest.approx(80)  # precision 2/3, recall 1
    assert numbers["DVC (Sim)"] == pytest.approx(200 / 3)
    assert "DVC (Sim)" not in EtBench()([sample])
    half = replace(sample, said="10 - 15 seconds, run", spans=ONE, sentences=("run",))
    assert EtBench()([half], lambda a, b: float(a == b))["DVC (Sim)"] == 75  # at .7 none meets


def test_f1_of_captions_is_taken_after_precision_and_recall_are_averaged_over_films():
    both = [Answered("dvc", "0 - 4 sit", ((0, 4), (5, 9)), ("sit", "run"), film="a"),
            Answered("dvc", "0 - 4 sit, 5 - 9 run", ((0, 4),), ("sit",), film="b")]  # fmt: skip
    assert EtBench()(both)["DVC (F1)"] == pytest.approx(75)  # and not 66.7, the mean of F1s


def test_f1_of_captions_is_taken_at_each_threshold_before_they_are_averaged():
    said = {"spans": ((10, 20), (10, 15)), "sentences": ("run", "sit")}  # at .7 one is missed
    assert one("dvc", "10 - 20 run", **said)[0] == pytest.approx((3 * 100 + 200 / 3) / 4)


def test_captions_at_the_very_threshold_meet_except_upstream():
    sample = {"spans": ONE, "sentences": ("run",)}
    assert one("slc", "10 - 15 run", **sample)[0] == 75
    assert one("slc", "10 - 15 run", mode="upstream", **sample)[0] == 50


def test_what_cannot_be_read_counts_as_zero_and_is_reported():
    """Of the neighbours' defects: a mean that leaves out what failed."""
    for task in ("tvg", "tal", "evs", "vhd", "tem"):
        assert one(task, "no idea") == (0, 100)
    samples = [Answered("evs", "10 - 20", ONE), Answered("evs", "sorry", ONE)]
    assert EtBench()(samples)["EVS (F1)"] == 50
    assert EtBench("upstream")(samples)["EVS (F1)"] == 100
    assert EtBench("upstream")(samples)["EVS (F1)"].n == 2


def test_similarity_of_unread_captions_is_zero_and_upstream_left_out():
    samples = [Answered("dvc", said, ONE, ("run",)) for said in ("10 - 20 run", "I cannot say")]

    def similarity(a: str, b: str) -> float:
        return float(a == b)

    assert EtBench()(samples, similarity)["DVC (Sim)"] == 50
    assert EtBench("upstream")(samples, similarity)["DVC (Sim)"] == 100


def test_a_task_is_the_mean_of_its_sources_and_a_merged_number_of_its_tasks():
    asked = {"choices": VERBS, "right": 1}
    rar = [Answered("rar", "B", source="a", **asked)] + [
        Answered("rar", "A", source="b", **asked) for _ in range(3)
    ]
    numbers = EtBench()([*rar, Answered("eca", "B", **asked), Answered("rvq", "B", **asked)])
    assert numbers["RAR (Acc)"] == 50
    assert numbers["Acc (ref)"] == pytest.approx(250 / 3)
    assert "Acc (ref)" not in EtBench()(rar)


def test_a_right_answer_to_each_of_the_twelve_tasks_makes_every_number_full():
    numbers = build("metric", "et_bench")(*EtBench.example())
    tasks = {task for group in MERGED.values() for task in group}
    assert len(tasks) == 12
    assert len(numbers) == 14 + len(MERGED) + 1
    assert numbers.pop("Failed") == 0
    assert set(numbers.values()) == {100}


def test_the_map_of_the_script_ends_after_a_thousand_seconds():
    assert one("evs", "995 - 1010", ((990, 1000),))[0] == pytest.approx(40)
    assert one("evs", "995 - 1010", ((990, 1000),), "upstream")[0] == pytest.approx(200 / 3)


SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1])),
    min_size=1, max_size=4,
)  # fmt: skip


@given(said=SPANS, truth=SPANS)
def test_saying_the_same_spans_in_another_order_changes_no_set_score(said, truth):
    text = [" and ".join(f"{a} - {b}" for a, b in spans) for spans in (said, said[::-1])]
    for task in ("tal", "evs"):
        first, second = (one(task, t, tuple(truth))[0] for t in text)
        assert first == pytest.approx(second)
        assert 0 <= first <= 100


@given(said=SPANS, truth=SPANS)
def test_seconds_are_counted_as_on_a_map(said, truth):
    marks = [np.zeros(60, bool) for _ in range(2)]
    for mark, spans in zip(marks, (said, truth), strict=True):
        for a, b in spans:
            mark[a:b] = True
    right = (marks[0] & marks[1]).sum()
    assert seconds_f1(said, truth) == pytest.approx(2 * right / (marks[0].sum() + marks[1].sum()))


RIGHT = {
    **dict.fromkeys(("rar", "eca", "rvq"), Answered("", "B", (), (), VERBS, 1)),
    **dict.fromkeys(("tvg", "epm", "tal", "evs", "vhd", "tem"), Answered("", "10 - 20", ONE)),
    **dict.fromkeys(("dvc", "slc"), Answered("", "10 - 20 run", ONE, ("run",))),
    "gvq": Answered("", "B, 10 - 20", ONE, (), VERBS, 1),
}


@given(task=st.sampled_from([*RIGHT]), right=st.integers(1, 5), silent=st.integers(1, 5))
def test_silence_lowers_every_task_by_its_share(task, right, silent):
    """Of the neighbours' defects: an answer that is not there shrinks the denominator."""
    sample = replace(RIGHT[task], task=task)
    samples = [sample] * right + [replace(sample, said="")] * silent
    numbers = EtBench()(samples, lambda a, b: float(a == b))
    share = 100 * right / (right + silent)
    assert numbers.pop("Failed") == pytest.approx(100 - share)
    assert [float(v) for v in numbers.values()] == [pytest.approx(share)] * len(numbers)
    assert all(v.n == len(samples) for v in numbers.values())


@given(said=SPANS, truth=SPANS, copies=st.integers(1, 4))
def test_no_score_exceeds_full_marks_however_often_a_thing_is_said(said, truth, copies):
    """Of the neighbours' defects: a recall that counts one truth for every prediction."""
    text = ". ".join(f"{a} - {b} run" for a, b in said * copies)
    sentences = ("run",) * len(truth)
    numbers = EtBench()([Answered("dvc", text, tuple(truth), sentences)], lambda a, b: 1.0)
    assert all(0 <= v <= 100 for v in numbers.values())
    once = ". ".join(f"{a} - {b} run" for a, b in said)
    assert (
        numbers["DVC (F1)"]
        == EtBench()([Answered("dvc", once, tuple(truth), sentences)])["DVC (F1)"]
    )


@given(
    noun=st.sampled_from(["dog", "man", "cab", "big door", "day at sea"]),
    verb=st.sampled_from(VERBS),
)
def test_an_article_is_never_read_as_the_first_choice(noun, verb):
    """Of the neighbours' defects: "a" and "A" at the start of a sentence are choice A."""
    for said in (f"a {noun} appears", f"A {noun} appears", f"It is a {noun}"):
        sample = Answered("rvq", said, (), (), VERBS, VERBS.index(verb))
        assert chosen(sample, "strict", None) == (-1, False)


@given(text=st.text(max_size=40), task=st.sampled_from(["tvg", "tal", "evs", "vhd", "tem"]))
def test_no_response_is_too_odd(text, task):
    for mode in ("strict", "upstream"):
        value = build("metric", "et_bench", mode=mode)(
            [Answered(task, text, ONE), Answered(task, "10 - 20", ONE)]
        )
        assert all(0 <= v <= 100 for v in value.values())


@pytest.mark.parametrize(
    "sample",
    [
        Answered("tvg", "1 - 2"),
        Answered("xyz", "", ONE),
        Answered("rar", "A", choices=VERBS, right=4),
        Answered("gvq", "A", (), (), VERBS, 1),
        Answered("dvc", "", ONE, ()),
    ],
)
def test_samples_without_what_is_right_are_refused(sample):
    with pytest.raises(VtkError, match="each with what is right"):
        EtBench()([sample])
    with pytest.raises(VtkError, match="one or more samples"):
        EtBench()([])
