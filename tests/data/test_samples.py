"""What each format says, as attributes of a sample."""

import numpy as np
import pytest

from vtk_notebooks.data import Chapter, Saliency, Sample, Span, read
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment


@pytest.fixture
def samples(lay):
    return lambda format, variant: read(lay(format, variant), format, strict=True).samples


def test_qvhighlights_gives_moments_and_three_annotators(samples):
    first, second = samples("qvhighlights", "truth")
    assert (first.id, first.film, first.duration_s) == (2579, "NUsG_210.0_360.0", 150)
    assert first.moments == (Moment(82.0, 86.0),)
    assert first.saliency == Saliency(((1, 1, 2), (4, 3, 3)), 2.0, (41, 42))
    assert second.text == "café 😀"


def test_predictions_keep_their_scores_and_their_order(samples):
    [sample] = samples("qvhighlights", "predictions")
    assert sample.spans == (Span(0.0, 70.0, 0.9986), Span(78.0, 146.0, 0.4138))
    assert sample.saliency.clips is None
    assert sample.saliency.array().shape == (3, 1)


def test_durations_of_tvsum_are_seconds_here(samples):
    [sample] = samples("lighthouse", "tvsum")
    assert sample.duration_s == 6
    assert sample.saliency.clip_s == 2.0
    assert sample.extra["duration"] == 3


def test_youtube_highlights_say_their_mean_step(samples):
    [sample] = samples("lighthouse", "youtube")
    assert sample.saliency.clip_s == 2.5
    assert sample.extra["clip"] == [[0.0, 100.0], [50.0, 150.0]]


def test_charades_sta_splits_at_the_first_double_hash(samples):
    _, second, _ = samples("charades_sta", "test")
    assert second.text == "the person ## puts it down"
    assert second.spans == (Span(0.0, 9),)


def test_charades_gives_actions_by_class(samples):
    first, second = samples("charades", "train")
    assert first.text == "A person cooks, then laughs."
    assert first.spans[0] == Span(11.9, 21.2, None, "c092")
    assert (second.spans, second.duration_s) == ((), 18.33)


@pytest.mark.parametrize(
    ("format", "variant", "first"),
    [
        ("activitynet_captions", "truth", Span(0.28, 55.15, None, "A lesson is given.")),
        ("activitynet_captions", "predictions", Span(21.9, 28.0, None, "cuts.")),
        ("youcook2", "official", Span(90, 102, None, "spread margarine")),
        ("youcook2", "copy", Span(47, 60, None, "pick the ends")),
        ("vidchapters", "stretches", Span(0.0, 75.0, None, "Intro")),
        ("timechat", "dense captions", Span(21.0, 22.0, None, "begin to run up.")),
        ("timechat_eval", "films", Span(47, 60, None, "pick the ends off")),
        ("timechat_eval", "predictions by film", Span(21.9, 128.0, None, "cuts a cucumber.")),
        ("srt", "plain", Span(1.0, 2.5, None, "Hello,\nworld.")),
        ("vtt", "plain", Span(1.0, 2.5, None, "Hello")),
        ("vtt", "notes, names and settings", Span(1.0, 2.5, None, "Hello")),
    ],
)  # fmt: skip
def test_sentences_come_with_their_stretch(format, variant, first, samples):
    assert samples(format, variant)[0].captions[0] == first


@pytest.mark.parametrize("format", ["srt", "vtt"])
def test_cues_are_timed_to_the_millisecond(format, samples):
    assert samples(format, "plain")[0].captions[1].start_s == 60.04
    assert samples(format, "plain")[0].captions[1].end_s == 3600.0


def test_the_captions_of_e_t_bench_are_its_targets_with_its_sentences(samples):
    tvg, dvc, rar = samples("et_bench", "all tasks")
    assert tvg.spans == (Span(15.0, 31.0),)
    assert [c.text for c in dvc.captions] == ["a cat", "it then"]
    assert (rar.id, rar.answer_index, rar.choices[2]) == ("rar/1", 2, "c")


def test_chapters_end_where_the_next_one_starts(samples):
    [sample] = samples("vidchapters", "chapters")
    assert sample.chapters == (Chapter(0, "Intro"), Chapter(75, "Unboxing"))
    assert sample.chapter_spans == (Span(0, 75, None, "Intro"), Span(75, 300, None, "Unboxing"))
    assert Sample("x", chapters=sample.chapters).chapter_spans == sample.chapter_spans[:1]


def test_a_grounding_answer_in_prose_is_a_span(samples):
    [sample] = samples("timechat", "grounding")
    assert sample.spans == (Span(0.0, 6.9),)
    assert sample.film == "Charades/AO8RW.mp4"


def test_questions_come_with_choices_and_the_right_one(samples):
    for format, variant in (
        ("video_mme", "films"), ("video_mme", "table"), ("longvideobench", "validation"),
        ("vnbench", "questions"), ("vnbench", "results"), ("streamingbench", "real"),
        ("streamingbench", "sequential"), ("ovbench", "coin"), ("tempcompass", "questions"),
        ("tempcompass", "ratings"),
    ):  # fmt: skip
        for sample in samples(format, variant):
            assert sample.answer_index is not None, format


def test_streaming_questions_say_when_they_are_put(samples):
    assert [s.asked_s for s in samples("streamingbench", "real")] == [31, 32]
    assert samples("ovbench", "coin")[0].asked_s == 85.0
    [proactive] = samples("streamingbench", "proactive")
    assert (proactive.asked_s, proactive.answer) == (20, "3")
    assert proactive.extra["ground_truth_time_stamp"] == "00:00:29"


def test_questions_in_one_record_share_what_it_says(samples):
    one, two = samples("streamingbench", "real")
    assert one.film == two.film == "./videos/sample_348_real.mp4"
    assert one.shared == two.shared
    assert one.shared["video_categories"] == "meals"


def test_results_come_with_what_the_model_said(samples):
    assert samples("vnbench", "results")[0].response == "D."
    assert samples("video_mme", "films")[0].response == "B"
    assert samples("tempcompass", "ratings")[0].response == "A"
    assert samples("et_bench", "all tasks")[0].response == "15 - 30"


def test_the_duration_of_v_star_follows_from_its_frames(samples):
    assert samples("v_star", "test")[0].duration_s == 20.0


def test_only_valid_spans_are_moments():
    spans = (Span(4, 2), Span(3, 3), Span(-1, 2), Span(0, 2, 0.5), Span(5, 99))
    assert Sample("x", spans=spans).moments == (Moment(0.0, 2.0, 0.5), Moment(5.0, 99.0))


def test_saliency_lies_on_the_clips_that_were_rated():
    saliency = Saliency(((1, 2), (3, 4)), 2.0, (1, 3))
    expected = np.array([[0, 0], [1, 2], [0, 0], [3, 4], [0, 0]], float)
    assert np.array_equal(saliency.array(5), expected)
    assert np.array_equal(saliency.array(), expected[:4])
    assert np.array_equal(saliency.array(2), expected[:2])
    assert Saliency((), 2.0).array().shape == (0, 1)


@pytest.mark.parametrize(
    "saliency",
    [
        Saliency(((1,), (1, 2)), 2.0),
        Saliency(((1,),), 2.0, (1, 2)),
        Saliency(((1,),), 2.0, (10**9,)),
    ],
)
def test_saliency_without_a_table_is_refused(saliency):
    with pytest.raises(VtkError, match="one row of one width for each clip"):
        saliency.array()


@pytest.mark.parametrize(
    ("answer", "index"),
    [("B", 1), ("b)", 1), ("(B)", 1), (1, 1), ("no", 1), ("C", None), (2, None), (-1, None),
     ("maybe", None), (None, None), ("", None)],
)  # fmt: skip
def test_the_right_choice_is_found_however_it_is_said(answer, index):
    assert Sample("x", choices=("yes", "no"), answer=answer).answer_index == index
