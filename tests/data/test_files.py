"""Reading and writing files: names, durations, films, other formats, and when things go wrong."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import vtk_notebooks.data.formats as formats
from vtk_notebooks.data import (
    FORMATS,
    AnnotationError,
    AnnotationWarning,
    Chapter,
    Sample,
    Span,
    read,
    stream,
    write,
)
from vtk_notebooks.errors import UnknownNameError, VtkError


def test_one_file_is_one_format_of_that_name():
    files = {path.stem for path in Path(formats.__file__).parent.glob("[a-z]*.py")}
    assert files == set(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_format_says_whose_it_is(name):
    format = FORMATS[name]
    assert format.title
    assert format.paper
    assert format.licence
    assert all(ending.startswith(".") for ending in format.extensions)
    assert format.attributes


def test_an_unknown_format_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(UnknownNameError, match="Did you mean 'qvhighlights'"):
        read(tmp_path / "x", "qvhighlight")
    with pytest.raises(UnknownNameError, match="Did you mean 'charades_sta'"):
        write([], tmp_path / "y", "charades-sta")


def test_a_file_that_is_not_there_is_answered_with_the_nearest(lay):
    path = lay("qvhighlights", "truth")
    with pytest.raises(AnnotationError, match=r"got FileNotFoundError.* Did you mean 'val.jsonl'"):
        read(path.with_name("vel.jsonl"), "qvhighlights")
    with pytest.raises(AnnotationError, match="There is no folder"):
        read(path.parent / "none" / "val.jsonl", "qvhighlights")
    with pytest.raises(AnnotationError, match="IsADirectoryError"):
        read(path.parent, "qvhighlights")


def test_errors_are_of_the_house():
    assert issubclass(AnnotationError, VtkError)


def test_all_problems_of_a_file_are_one_warning(tmp_path):
    path = tmp_path / "many.txt"
    path.write_text("A 3 2##a\nB 5 4##b\nC 1 1##c\nno line\n")
    with pytest.warns(AnnotationWarning) as caught:
        data = read(path, "charades_sta")
    [warning] = caught
    assert str(warning.message) == (
        "many.txt: 4 problems in 3 samples (3 x inverted span, 1 x bad line). First: many.txt, "
        "line 1, record 0, start end[0] expects a start before its end, got 3 to 2. "
        "Are they swapped?"
    )
    assert data.counts() == {"inverted span": 3, "bad line": 1}


def test_durations_come_from_numbers_or_from_a_file(lay, tmp_path):
    path = lay("charades_sta", "test")
    table = tmp_path / "durations.json"
    table.write_text('{"3MSZA": {"duration": 30.0}, "YVKIV": 12}')
    for durations in ({"3MSZA": 30.0, "YVKIV": 12}, table, str(table)):
        with pytest.warns(match="2 x past the end"):
            data = read(path, "charades_sta", durations=durations)
        assert [s.duration_s for s in data] == [30.0, 12, 30.0]


def test_a_film_without_a_duration_is_a_problem_only_when_durations_are_given(lay):
    path = lay("charades_sta", "test")
    assert read(path, "charades_sta").problems == ()
    with pytest.warns(match="1 x missing duration"):
        data = read(path, "charades_sta", durations={"3MSZA": 99})
    assert data.problems[0].got == "none for 'YVKIV'"


@pytest.mark.parametrize(
    ("text", "fault"),
    [('{"a": "long"}', "seconds for each film, got 'long'"), ("[1]", r"got \[1\]"),
     ("{", "JSONDecodeError"), ('{"a": {"length": 3}}', "got None"), ("[" * 99_999, "Recursion")],
)  # fmt: skip
def test_a_file_of_durations_that_is_none_is_an_error(text, fault, lay, tmp_path):
    table = tmp_path / "durations.json"
    table.write_text(text)
    with pytest.raises(AnnotationError, match=fault):
        read(lay("charades_sta", "test"), "charades_sta", durations=table)


def test_films_that_are_not_at_hand_are_problems(lay, tmp_path):
    path, films = lay("charades_sta", "test"), tmp_path / "films" / "480p"
    films.mkdir(parents=True)
    (films / "3MSZA.mp4").touch()
    with pytest.warns(match="1 x missing film"):
        data = read(path, "charades_sta", films=films.parent)
    [problem] = data.problems
    assert "expects its film at hand, got no YVKIV in " in str(problem)
    with pytest.raises(AnnotationError, match="films expects a folder"):
        read(path, "charades_sta", films=tmp_path / "nowhere")


def test_a_stream_gives_samples_before_the_file_ends(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("A 1 2##a\nB 2 1##b\n")
    samples = stream(path, "charades_sta")
    assert next(samples).film == "A"
    with pytest.warns(match="1 problem in 2 samples"):
        assert [s.film for s in samples] == ["B"]
    strict = stream(path, "charades_sta", strict=True)
    assert next(strict).film == "A"
    with pytest.raises(AnnotationError, match="line 2"):
        next(strict)


def test_a_hundred_thousand_lines_are_read_and_written_in_seconds(tmp_path):
    """In a process of its own, as users run it: without the checking of shapes."""
    path = tmp_path / "long.txt"
    path.write_text("".join(f"F{i} 1.5 2.5##a person {i}\n" for i in range(100_000)))
    code = """if True:
        import sys, time
        from vtk_notebooks.data import read, write
        start_s = time.process_time()
        data = read(sys.argv[1], "charades_sta", strict=True)
        write(data, sys.argv[2])
        print(len(data), time.process_time() - start_s)
    """
    again = tmp_path / "again.txt"
    command = [sys.executable, "-c", code, path, again]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines, seconds = done.stdout.split()
    assert int(lines) == 100_000
    assert float(seconds) < 30  # 2 to 3 on a quiet machine
    assert again.read_bytes() == path.read_bytes()


def test_another_format_takes_what_it_has_a_place_for_and_says_what_it_has_not(lay, tmp_path):
    data = read(lay("lighthouse", "tacos"), "lighthouse")
    with pytest.warns(match="charades_sta has no place for duration_s: left out"):
        path = write(data, tmp_path / "tacos.txt", "charades_sta")
    assert path.read_text() == "s30 4.795918367346939 12.040816326530614##She took out kiwi\n"
    with pytest.warns(match="has no place for answer, asked_s, choices, extra: left out"):
        write(read(lay("ovbench", "coin"), "ovbench"), tmp_path / "coin.txt", "charades_sta")


def test_an_attribute_without_a_place_is_not_lost_in_silence(lay, tmp_path):
    data = read(lay("qvhighlights", "truth"), "qvhighlights")
    more = tuple(replace(s, chapters=(Chapter(0, "a"),)) for s in data)
    with pytest.warns(match="qvhighlights has no place for chapters: left out"):
        write(replace(data, samples=more), tmp_path / "more.jsonl")


@pytest.mark.parametrize(
    ("format", "sample", "fault"),
    [
        ("charades_sta", Sample(0, "v", text="a"), "one span for a line"),
        ("charades_sta", Sample(0, "a b", text="a", spans=(Span(1, 2),)), "without blanks"),
        ("charades_sta", Sample(0, "v", text="a\nb", spans=(Span(1, 2),)), "on one line"),
        ("srt", Sample("f", "f", captions=(Span(1, 2, None, "a\n\nb"),)), "without blank lines"),
        ("srt", Sample("f", "f", captions=(Span(-1, 2, None, "a"),)), "cues from 0 s"),
        ("vtt", Sample("f", "f", captions=(Span(1, 2, None, "a --> b"),)), "arrows"),
        ("chapter_list", Sample("f", chapters=(Chapter(0, "a"),)), "2 chapters or more"),
        ("chapter_list", Sample("f", chapters=(Chapter(0, "a b"), Chapter(1.5, "c d"))), "full"),
        ("v_star", Sample(0, "v", spans=(Span(1, 2), Span(3, 4))), "what 'timestamps' can hold"),
    ],
)
def test_what_a_format_cannot_say_is_refused_and_nothing_is_written(
    format, sample, fault, tmp_path
):
    with pytest.raises(AnnotationError, match=fault):
        write([sample], tmp_path / "f.txt", format)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(lay, tmp_path):
    path = lay("charades_sta", "test")
    before = path.read_bytes()
    data = read(path, "charades_sta")
    broken = replace(data, samples=(*data.samples, Sample(9, "v")))
    with pytest.raises(AnnotationError):
        write(broken, path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_is_replaced_in_one_step(lay):
    path = lay("charades_sta", "test")
    before = path.read_bytes()
    data = read(path, "charades_sta")
    with path.open("rb") as reader:  # who has the old file open keeps the old file, whole
        write(replace(data, samples=data.samples[:1]), path)
        assert reader.read() == before
    assert path.read_bytes() == before[: before.index(b"\n") + 1]


def test_an_unknown_field_of_all_records_is_one_problem(tmp_path):
    path = tmp_path / "more.jsonl"
    line = '{"qid": %d, "query": "q", "duration": 9, "vid": "v", "mood": 1}\n'
    path.write_text("".join(line % i for i in range(5)))
    with pytest.warns(match="1 problem in 5 samples"):
        data = read(path, "qvhighlights")
    assert [s.extra for s in data] == [{"mood": 1}] * 5


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(AnnotationError, match="expects a file it may write, got FileNotFoundError"):
        write([], tmp_path / "none" / "x.txt", "charades_sta")


@pytest.mark.parametrize("format", ["srt", "vtt", "chapter_list"])
def test_formats_of_one_film_take_one_film(format, tmp_path):
    with pytest.raises(AnnotationError, match="one film per file, got 0"):
        write([], tmp_path / "x", format)


def test_importing_it_is_light():
    code = "import sys, vtk_notebooks.data; print({'torch', 'pandas', 'av'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
