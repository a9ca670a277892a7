"""Published files, read, counted, and written back byte for byte."""

import os
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from vtk_notebooks.data import AnnotationWarning, parse_chapters, read, write

HOME = Path(os.environ.get("VTK_ORACLES") or Path(__file__).parents[3] / "shared/oracles")

FILES = {
    ("charades_sta/charades_sta_test.txt", "charades_sta"): (3720, {}),
    ("charades_sta/charades_test_with_durations.json", "activitynet_captions"): (1334, {}),
    ("qvhighlights/highlight_val_release.jsonl", "qvhighlights"): (1550, {}),
    ("qvhighlights/sample_val_preds.jsonl", "qvhighlights"): (1550, {}),
    ("qvhighlights/inference_hl_val_test_code_preds.jsonl", "qvhighlights"): (1550, {}),
    ("qvhighlights/univtg_val_preds.jsonl", "qvhighlights"): (1550, {"inverted span": 17}),
    ("timechat/vhd_example_gt_file.json", "qvhighlights"): (1550, {}),
    ("timechat/vhd_example_pred_file.json", "qvhighlights"): (1463, {}),
    ("timechat/tvg_example_gt_file.json", "timechat_eval"): (3720, {}),
    ("timechat/tvg_example_pred_file.json", "timechat_eval"): (500, {}),
    ("youcook2_dvc/dvc_example_gt_file.json", "timechat_eval"): (415, {"past the end": 1}),
    ("youcook2_dvc/dvc_example_pred_file.json", "timechat_eval"): (415, {"inverted span": 15}),
    ("youcook2_dvc/dvc_gt__activitynet_format.json", "youcook2"): (415, {"past the end": 1}),
    ("youcook2_dvc/dvc_pred__activitynet_format.json", "activitynet_captions"): (
        415, {"inverted span": 15},
    ),
    ("youcook2_dvc/yc2_val.json", "youcook2"): (457, {}),
    ("ovbench/ava.json", "ovbench"): (1396, {}),
    ("ovbench/coin.json", "ovbench"): (1948, {}),
    ("ovbench/hirest.json", "ovbench"): (1714, {}),
    ("ovbench/tao.json", "ovbench"): (1947, {"inverted span": 31}),
    ("streamingbench/questions_real.json", "streamingbench"): (2500, {"wrong type": 5}),
    ("streamingbench/questions_sqa.json", "streamingbench"): (250, {}),
    ("streamingbench/questions_proactive.json", "streamingbench"): (250, {}),
    ("streamingbench/questions_proactive_50.json", "streamingbench"): (51, {}),
    ("vnbench/llava_ov_7b_results.jsonl", "vnbench"): (5400, {}),
    ("tempcompass/predictions__gemini__multi-choice.json", "tempcompass"): (1580, {}),
    ("tempcompass/predictions__gemini__yes_no.json", "tempcompass"): (2453, {}),
    ("tempcompass/predictions__gemini__caption_matching.json", "tempcompass"): (1503, {}),
    ("tempcompass/predictions__video-llava__multi-choice.json", "tempcompass"): (1580, {}),
    ("tempcompass/predictions__video-llava__yes_no.json", "tempcompass"): (2453, {}),
    ("tempcompass/predictions__video-llava__caption_matching.json", "tempcompass"): (1503, {}),
    ("tempcompass/auto_eval_results__gemini__multi-choice.json", "tempcompass"): (1580, {}),
    ("tempcompass/auto_eval_results__video-llava__multi-choice.json", "tempcompass"): (1580, {}),
}  # fmt: skip
"""File and format -> samples, and problems by kind."""


def at(name):
    path = HOME / name
    if not path.is_file():
        pytest.skip(f"no oracle {name} (set VTK_ORACLES to their folder)")
    return path


def load(path, format, problems=None, **more):
    if not problems:
        return read(path, format, strict=True, **more)
    with pytest.warns(AnnotationWarning):
        data = read(path, format, **more)
    assert data.counts() == problems
    return data


@pytest.mark.parametrize(("name", "format"), FILES)
def test_a_published_file_is_read_and_written_back_byte_for_byte(name, format, tmp_path):
    samples, problems = FILES[name, format]
    path = at(name)
    data = load(path, format, problems)
    assert len(data) == samples
    back = write(data, tmp_path / path.name)
    assert back.read_bytes() == path.read_bytes()
    assert load(back, format, problems) == data


def test_562_ends_of_charades_sta_lie_after_their_film():
    durations = at("charades_sta/charades_test_with_durations.json")
    path = at("charades_sta/charades_sta_test.txt")
    data = load(path, "charades_sta", {"past the end": 562}, durations=durations)
    assert data.problems[0].line == 20
    assert all(s.duration_s for s in data)
    assert sum(len(s.moments) for s in data) == 3720  # valid, though not within their film


def test_the_lines_of_charades_sta_are_the_queries_of_timechat():
    lines = load(at("charades_sta/charades_sta_test.txt"), "charades_sta")
    queries = load(at("timechat/tvg_example_gt_file.json"), "timechat_eval")
    for a, b in zip(lines, queries, strict=True):
        assert (a.id, f"{a.film}.mp4", a.text, a.spans) == (b.id, b.film, b.text, b.spans)


def test_qvhighlights_has_three_annotators_and_clips_of_two_seconds():
    data = load(at("qvhighlights/highlight_val_release.jsonl"), "qvhighlights")
    for sample in data:
        saliency, seconds = sample.saliency, sample.duration_s
        assert saliency is not None
        assert seconds is not None
        assert saliency.array(int(seconds / 2)).shape[1] == 3
        clips = [range(int(s.start_s / 2), int(s.end_s / 2)) for s in sample.spans]
        assert set(saliency.clips or ()) == set(chain(*clips))


def test_both_copies_of_the_youcook2_captions_say_the_same():
    films = load(at("youcook2_dvc/dvc_example_gt_file.json"), "timechat_eval", {"past the end": 1})
    copy = load(at("youcook2_dvc/dvc_gt__activitynet_format.json"), "youcook2", {"past the end": 1})
    for a, b in zip(films, copy, strict=True):
        assert a.film == b.film
        assert a.captions == tuple(replace(c, text=c.text.strip()) for c in b.captions)


def test_ovbench_has_7005_questions_in_46_cells():
    cells = Counter()
    for name, format in FILES:
        if format == "ovbench":
            data = load(at(name), format, FILES[name, format][1])
            assert all(s.answer_index is not None for s in data)
            cells.update((name, s.extra["sub_answer_type"]) for s in data)
    assert cells.total() == 7005
    assert len(cells) == 46


def test_always_answering_a_on_streamingbench_is_right_as_often_as_published():
    real = load(at("streamingbench/questions_real.json"), "streamingbench", {"wrong type": 5})
    sequential = load(at("streamingbench/questions_sqa.json"), "streamingbench")
    assert sum(s.answer_index == 0 for s in real) == 625
    assert sum(s.answer_index == 0 for s in sequential) / 250 == 0.252


def test_every_question_of_vnbench_is_asked_four_times_in_nine_tasks():
    data = load(at("vnbench/llava_ov_7b_results.jsonl"), "vnbench")
    tasks = Counter(s.extra["task_type"] for s in data)
    assert len(tasks) == 9
    assert set(tasks.values()) == {600}
    assert all(len(s.choices) == 4 and s.answer_index is not None for s in data)
    assert set(Counter(str(s.id).split("#")[0] for s in data).values()) == {4}


def test_choices_of_tempcompass_hold_the_answer():
    name = "tempcompass/predictions__gemini__multi-choice.json"
    assert all(s.answer_index is not None for s in load(at(name), "tempcompass"))


def test_chapters_are_mined_as_vidchapters_mines_them(oracle):
    for description, expected in oracle("reference_values/vidchapters_desc2chapter.json").items():
        found = parse_chapters(description)
        as_json = found and [{"label": c.title, "time": c.start_s} for c in found]
        assert as_json == expected
