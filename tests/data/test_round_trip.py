"""What is read is written back: the same samples, and the same bytes where a format allows it."""

from dataclasses import replace

import pytest

from vtk_notebooks.data import FORMATS, Dataset, Sample, Span, read, write


def test_a_well_formed_file_has_no_problems(made):
    format, path = made
    data = read(path, format, strict=True)
    assert len(data) >= 1
    assert data.problems == ()
    assert data.format == format


def test_it_is_written_back_byte_for_byte(made, tmp_path):
    format, path = made
    (tmp_path / "out").mkdir()
    again = write(read(path, format), tmp_path / "out" / path.name)
    assert again.read_bytes() == path.read_bytes()


def test_it_reads_the_same_again(made, tmp_path):
    format, path = made
    data = read(path, format)
    (tmp_path / "out").mkdir()
    assert read(write(data, tmp_path / "out" / path.name), format) == data


def test_windows_line_ends_and_a_missing_last_one_come_back(made, tmp_path):
    format, path = made
    path.write_bytes(path.read_bytes().removesuffix(b"\n").replace(b"\n", b"\r\n"))
    (tmp_path / "out").mkdir()
    again = write(read(path, format), tmp_path / "out" / path.name)
    assert again.read_bytes() == path.read_bytes()


def test_letters_that_are_written_plain_come_back_plain(made, tmp_path):
    format, path = made
    if path.suffix not in (".json", ".jsonl"):
        return
    text = path.read_text().replace("\\u00e9", "é")
    for key in ('"query": "', '"question": "', '"sentences": ["', '"sentence": "', '"label": "'):
        text = text.replace(key, key + "naïve 😀 ", 1)
    path.write_text(text.replace("\\ud83d\\ude00", "😀"))
    (tmp_path / "out").mkdir()
    again = write(read(path, format), tmp_path / "out" / path.name)
    assert again.read_text() == path.read_text()


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"v_star"}))
def test_samples_from_no_file_are_written_and_read(format, first, tmp_path):
    """Without order of keys, extras, places: only what the attributes say."""
    path = first(format)
    fresh = [
        replace(s, extra={}, keys=(), shared={}, place=()) for s in read(path, format).samples[:1]
    ]
    (tmp_path / "out").mkdir()
    again = read(write(fresh, tmp_path / "out" / path.name, format), format, strict=True)
    for attribute in FORMATS[format].attributes - {"id"}:
        ours, theirs = getattr(fresh[0], attribute), getattr(again.samples[0], attribute)
        assert ours == theirs or not ours, attribute


def test_what_follows_from_members_that_are_gone_is_lost_with_a_warning(lay, tmp_path):
    [sample] = read(lay("v_star", "test"), "v_star")
    assert sample.duration_s == 20.0
    fresh = replace(sample, extra={}, keys=())
    with pytest.warns(match="v_star has no place for duration_s: left out"):
        write([fresh], tmp_path / "fresh.json", "v_star")


@pytest.mark.parametrize(
    ("format", "variant", "key"),
    [
        ("qvhighlights", "predictions", "pred_relevant_windows"),
        ("qvhighlights", "truth", "relevant_clip_ids"),
        ("vidchapters", "stretches", "timestamps"),
        ("vidchapters", "chapters", "chapters"),
        ("vnbench", "results", "pred"),
        ("streamingbench", "proactive", "ground_truth_output"),
    ],
)
def test_a_new_sample_takes_the_shape_that_fits_what_it_says(format, variant, key, lay, tmp_path):
    fresh = replace(read(lay(format, variant), format).samples[0], extra={}, keys=(), place=())
    path = write([replace(fresh, shared={})], tmp_path / "fresh.json", format)
    assert f'"{key}": ' in path.read_text()


@pytest.mark.parametrize("line", ['{"query": "q"}', '{"qid": null, "query": "q"}'])
def test_an_id_that_the_file_does_not_give_is_not_written(line, tmp_path):
    path = tmp_path / "none.jsonl"
    path.write_text(line)
    with pytest.warns(match="missing field"):
        data = read(path, "qvhighlights")
    assert data.samples[0].id == 0
    assert write(data, tmp_path / "again.jsonl").read_text() == line


def test_letters_may_turn_up_on_any_line(tmp_path):
    path = tmp_path / "late.jsonl"
    line = '{"qid": %d, "query": "%s", "duration": 9, "vid": "v"}\n'
    path.write_text(line % (1, "plain") + line % (2, "naïve"))
    assert write(read(path, "qvhighlights"), tmp_path / "x").read_bytes() == path.read_bytes()


def test_every_format_has_made_files_here(request):
    here = [item for item in request.session.items if item.path == request.node.path]
    params = [item.callspec.params for item in here if hasattr(item, "callspec")]
    named = {these["made"][0] for these in params if "made" in these}
    assert named == set(FORMATS)


def test_an_edit_is_what_gets_written(lay, tmp_path):
    data = read(lay("qvhighlights", "truth"), "qvhighlights")
    edited = replace(data.samples[0], spans=(Span(1, 2.5),), text="another")
    path = write(replace(data, samples=(edited,)), tmp_path / "edited.jsonl")
    [again] = read(path, "qvhighlights").samples
    assert again.spans == (Span(1, 2.5),)
    assert again.text == "another"
    assert again.saliency == data.samples[0].saliency


@pytest.mark.parametrize(
    ("format", "variant", "change"),
    [
        ("charades_sta", "test", {"film": "EDITD"}),
        ("charades", "train", {"spans": (Span(0.5, 1.25, None, "c001"),)}),
        ("srt", "two blank lines at the end", {"captions": (Span(1.0, 2.0, None, "new"),)}),
        ("vtt", "notes, names and settings", {"captions": (Span(1.0, 2.0, None, "new"),)}),
        ("et_bench", "all tasks", {"spans": (Span(1.5, 2.0),)}),
        ("streamingbench", "real", {"asked_s": 75}),
        ("lighthouse", "tvsum", {"duration_s": 8}),
        ("video_mme", "films", {"film": "002"}),
    ],
)
def test_what_was_kept_as_written_gives_way_to_an_edit(format, variant, change, lay, tmp_path):
    path = lay(format, variant)
    data = read(path, format)
    edited = tuple(replace(s, **change) for s in data)
    (tmp_path / "out").mkdir()
    again = read(write(replace(data, samples=edited), tmp_path / "out" / path.name), format)
    for name, value in change.items():
        assert {getattr(s, name) for s in again} == {value}


def test_nested_samples_stay_together_when_some_are_left_out(lay, tmp_path):
    data = read(lay("streamingbench", "sequential"), "streamingbench")
    assert [s.place for s in data] == [(0, 0, 0), (0, 1, 0), (1, 0, 0)]
    less = replace(data, samples=data.samples[1:])
    again = read(write(less, tmp_path / "less.json"), "streamingbench")
    assert [(s.text, s.place) for s in again] == [("And?", (0, 0, 0)), ("Why?", (1, 0, 0))]


def test_two_files_in_one_stay_two_dialogues(lay, tmp_path):
    data = read(lay("streamingbench", "sequential"), "streamingbench")
    twice = replace(data, samples=data.samples[:2] * 2)
    path = write(twice, tmp_path / "twice.json")
    with pytest.warns(match="duplicate id"):
        again = read(path, "streamingbench")
    assert [s.place[0] for s in again] == [0, 0, 1, 1]


def test_two_files_in_one_stay_two_records(lay, tmp_path):
    data = read(lay("streamingbench", "real"), "streamingbench")
    path = write(replace(data, samples=data.samples * 2), tmp_path / "twice.json")
    with pytest.warns(match="duplicate id"):
        again = read(path, "streamingbench")
    assert [s.place for s in again] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_places_do_not_count_what_was_left_out(lay, tmp_path):
    text = lay("streamingbench", "real").read_text()
    path = tmp_path / "gap.json"
    path.write_text('[7, {"video_path": "v", "questions": [0]}, ' + text[1:])
    with pytest.warns(match="2 x bad line"):
        data = read(path, "streamingbench")
    assert [(s.id, s.place) for s in data] == [("0.0", (0, 0)), ("0.1", (0, 1))]


def test_a_film_that_comes_twice_in_an_object_comes_back_twice(tmp_path):
    text = '{"a": {"duration": 5, "timestamps": [], "sentences": []}, ' * 1
    text += '"a": {"duration": 6, "timestamps": [], "sentences": []}}'
    path = tmp_path / "twice.json"
    path.write_text(text)
    with pytest.warns(match="1 x duplicate id"):
        data = read(path, "activitynet_captions")
    assert [s.duration_s for s in data] == [5, 6]
    assert write(data, tmp_path / "again.json").read_text() == text


def test_a_broken_value_is_written_back_as_it_was(tmp_path):
    line = '{"qid": 1, "query": "q", "duration": "12", "vid": "v", "relevant_windows": [[1]]}\n'
    path = tmp_path / "broken.jsonl"
    path.write_text(line)
    with pytest.warns(match="2 problems"):
        data = read(path, "qvhighlights")
    assert data.samples[0].duration_s is None
    assert data.samples[0].extra == {"duration": "12", "relevant_windows": [[1]]}
    assert write(data, tmp_path / "again.jsonl").read_text() == line


def test_bytes_that_are_no_utf8_come_back_as_they_were(tmp_path):
    raw = b"3MSZA 24.3 30.4##a caf\xe9.\n"
    path = tmp_path / "latin.txt"
    path.write_bytes(raw)
    with pytest.warns(match="bad unicode"):
        data = read(path, "charades_sta")
    assert write(data, tmp_path / "again.txt").read_bytes() == raw


def test_half_a_surrogate_pair_comes_back_in_json_and_is_refused_elsewhere(tmp_path):
    path = tmp_path / "half.jsonl"
    path.write_text(
        '{"qid": 1, "query": "\\ud83d é", "duration": 9, "vid": "v"}\n'.replace(" é", "é")
    )
    with pytest.warns(match="half of a surrogate pair"):
        data = read(path, "qvhighlights")
    assert write(data, tmp_path / "again.jsonl").read_text() == path.read_text()
    sample = Sample(0, "v", text="\ud83d", spans=(Span(1, 2),))
    with pytest.raises(ValueError, match="Only JSON can write half of a surrogate pair"):
        write([sample], tmp_path / "half.txt", "charades_sta")
    assert not (tmp_path / "half.txt").exists()


def test_an_empty_data_set_is_a_file_that_reads_as_one(tmp_path):
    path = write(Dataset(format="ovbench"), tmp_path / "none.json")
    assert path.read_text().strip() == "" or read(path, "ovbench").samples == ()
