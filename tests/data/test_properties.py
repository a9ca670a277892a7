"""What holds for any sample and any damage."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vtk_notebooks.data import (
    FORMATS,
    AnnotationError,
    AnnotationWarning,
    Chapter,
    Saliency,
    Sample,
    Span,
    format_chapters,
    parse_chapters,
    parse_clock,
    read,
    write,
)
from vtk_notebooks.data.text.clock import format_clock, format_milliseconds

IN_FOLDER = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffd"),
    min_size=1,
)
seconds = st.integers(0, 10**6) | st.floats(0, 1e6).map(lambda x: round(x, 3))
films = st.text(st.characters(categories=("L", "N"), include_characters="_-."), min_size=1)


@st.composite
def spans(draw, **more):
    a, b = sorted(draw(st.lists(seconds, min_size=2, max_size=2, unique=True)))
    return Span(a, b, **{name: draw(strategy) for name, strategy in more.items()})


def again(samples, format, folder):
    path = write(samples, folder / f"film.{format}", format)
    return read(path, format, strict=True).samples


# Samples are built in the tests: the shape checker draws random numbers, a strategy may not.


@IN_FOLDER
@given(st.lists(st.tuples(films, words, spans())))
def test_any_charades_line_comes_back(tmp_path, lines):
    lines = list(dict.fromkeys(lines))
    samples = [Sample(0, film, text=text, spans=(span,)) for film, text, span in lines]
    back = again(samples, "charades_sta", tmp_path) if lines else ()
    assert [(s.film, s.text, *s.spans) for s in back] == lines


@IN_FOLDER
@given(
    st.integers(-(10**9), 10**9) | words,
    words,
    st.lists(spans(score=st.none() | st.floats(-1, 1)), min_size=1),
    st.lists(st.tuples(seconds, seconds), min_size=3, max_size=3),
)
def test_any_query_comes_back(tmp_path, id, text, found, scores):
    saliency = Saliency(tuple(scores), 2.0, (0, 4, 9))
    sample = Sample(id, "film", 2_000_000, text, spans=tuple(found), saliency=saliency)
    [back] = again([sample], "qvhighlights", tmp_path)
    assert (back.id, back.text) == (id, text)
    assert (back.spans, back.saliency) == (sample.spans, saliency)


@IN_FOLDER
@pytest.mark.parametrize("format", ["srt", "vtt"])
@given(cues=st.lists(spans(text=words), min_size=1))
def test_any_cues_come_back(tmp_path, format, cues):
    ordered = sorted(cues, key=lambda c: c.start_s)
    texts = [" ".join(c.text.replace("-->", "").split()) or "." for c in ordered]
    sample = Sample("film", "film", captions=tuple(
        Span(float(c.start_s), float(c.end_s), None, text)
        for c, text in zip(ordered, texts, strict=True)
    ))  # fmt: skip
    [back] = again([sample], format, tmp_path)
    assert back.captions == sample.captions


@given(st.integers(0, 99 * 3600))
def test_clock_times_come_back(second):
    assert parse_clock(format_clock(second)) == second
    assert parse_clock(format_clock(second, pad=True)) == second
    assert parse_clock(format_milliseconds(",")(second + 0.25)) == second + 0.25


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "1:2",
        "0:60",
        "1:60:00",
        "1:1:1",
        "-0:01",
        "0:00:01.",
        "\u0660:\u0660\u0660",
        "1:00:00:00",
    ],
)
def test_what_is_no_clock_time_is_none(text):
    assert parse_clock(text) is None


titles = st.text(st.characters(categories=("L",)), min_size=2).map(str.strip).filter(len)


@given(st.lists(titles, min_size=2), st.data())
def test_parsing_what_was_formatted_gives_the_same_chapters(names, data):
    marks = st.lists(st.integers(1, 90_000), min_size=len(names) - 1, max_size=len(names) - 1,
                     unique=True).map(sorted)  # fmt: skip
    starts = [0, *data.draw(marks)]
    chapters = tuple(Chapter(t, name) for t, name in zip(starts, names, strict=True))
    assert parse_chapters(format_chapters(chapters)) == chapters


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


def survives(path, format):
    """Reading gives samples or one kind of error, never another; what was read can be written."""
    with pytest.warns(AnnotationWarning) if not _clean(path, format) else _nothing():
        data = read(path, format)
    assert all(isinstance(s, Sample) for s in data)
    return data


def _clean(path, format):
    try:
        read(path, format, strict=True)
    except AnnotationError:
        return False
    return True


class _nothing:
    def __enter__(self):
        return self

    def __exit__(self, *what):
        return False


@settings(IN_FOLDER, max_examples=15)
@given(data=st.data())
def test_a_file_cut_anywhere_never_breaks_the_reader(made, data):
    format, path = made
    raw = path.read_bytes()
    cut = path.with_name(f"cut-{path.name}")
    cut.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
    survives(cut, format)


@settings(IN_FOLDER, max_examples=15)
@given(data=st.data())
def test_bytes_changed_anywhere_never_break_the_reader(made, data):
    format, path = made
    raw = bytearray(path.read_bytes())
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    hurt = path.with_name(f"hurt-{path.name}")
    hurt.write_bytes(raw)
    survives(hurt, format)


@settings(IN_FOLDER, max_examples=25)
@given(data=st.data())
def test_any_value_in_any_place_of_a_json_file_is_read_and_written_back(made, data):
    format, path = made
    if not FORMATS[format].fields:
        return
    text = path.read_text()
    lines = path.suffix == ".jsonl"
    document = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text)
    hurt, spot = document, data.draw(st.integers(0, 5))
    for _ in range(spot):  # walk down, then put anything there
        keys = list(hurt) if isinstance(hurt, dict) else list(range(len(hurt)))
        key = data.draw(st.sampled_from(keys)) if keys else None
        if key is None or not isinstance(hurt[key], dict | list) or not hurt[key]:
            break
        hurt = hurt[key]
    keys = list(hurt) if isinstance(hurt, dict) else list(range(len(hurt)))
    hurt[data.draw(st.sampled_from(keys))] = data.draw(anything)
    out = path.with_name(f"any-{path.name}")
    out.write_text("\n".join(map(json.dumps, document)) if lines else json.dumps(document))
    read_once = survives(out, format)
    back = write(read_once, path.with_name(f"back-{path.name}"))
    assert survives(back, format) == read_once
