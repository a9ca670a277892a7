"""Samples as pandas tables, and tables as samples."""

import builtins

import pytest

from vtk_notebooks.data import (
    AnnotationError,
    AnnotationWarning,
    Span,
    from_frame,
    read,
    to_frame,
    write,
)
from vtk_notebooks.errors import UnknownNameError

pd = pytest.importorskip("pandas")


def test_a_table_of_samples_gives_the_same_data_set_back(made):
    format, path = made
    data = read(path, format)
    back = from_frame(to_frame(data))
    assert back == data
    assert back.layout == data.layout


def test_it_has_a_row_per_sample_and_a_column_per_attribute(lay):
    frame = to_frame(read(lay("qvhighlights", "truth"), "qvhighlights"))
    assert list(frame["id"]) == [2579, 8]
    assert frame.loc[0, "spans"] == (Span(82, 86),)


def test_a_row_per_moment_is_for_plots(lay):
    frame = to_frame(read(lay("qvhighlights", "truth"), "qvhighlights"), per="moment")
    assert list(frame["start_s"]) == [82, 0, 4.5]
    assert list(frame["id"]) == [2579, 8, 8]
    assert list(frame["end_s"] - frame["start_s"]) == [4, 2, 1.5]
    captions = to_frame(read(lay("youcook2", "official"), "youcook2"), per="moment")
    assert list(captions["text"]) == ["spread margarine", "place cheese"]


def test_a_sample_without_moments_has_a_row_without_times(lay):
    frame = to_frame(read(lay("qvhighlights", "test split"), "qvhighlights"), per="moment")
    assert set(frame["start_s"].isna()) == {True}
    assert from_frame(frame, "qvhighlights").samples[0].spans == ()


def test_rows_of_moments_are_samples_again(lay):
    data = read(lay("qvhighlights", "predictions"), "qvhighlights")
    [back] = from_frame(to_frame(data, per="moment"))
    assert (back.id, back.film, back.text) == (2579, "NUsG_210.0_360.0", "A girl cooks.")
    assert back.spans == data.samples[0].spans


def test_a_table_made_by_hand_can_be_written(tmp_path):
    names = {"id": [0, 0, 1], "film": ["a", "a", "b"], "text": ["x", "x", "y"]}
    times = {"start_s": [1.5, 7, 2], "end_s": [3.0, 8, 4], "scene": ["k", "k", None]}
    frame = pd.DataFrame(names | times)
    data = from_frame(frame, "qvhighlights")
    assert data.samples[0].spans == (Span(1.5, 3.0), Span(7.0, 8.0))
    assert [s.extra for s in data] == [{"scene": "k"}, {}]
    path = write(data, tmp_path / "made.jsonl")
    assert path.read_text().splitlines()[1] == (
        '{"qid": 1, "query": "y", "vid": "b", "relevant_windows": [[2.0, 4.0]]}'
    )


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"id": [1, None]}, "record 1, id expects text or a whole number, got None"),
        ({"id": [1, 2], "film": ["a", 7]}, "record 1, film expects text, got 7"),
        (
            {"id": [1, 2], "duration_s": [3, "long"]},
            "duration_s expects seconds, got 'long'",
        ),
        ({"id": [1, 2], "spans": [(), 5]}, "record 1, spans expects a list, got 5"),
        ({"id": [1, 2], "spans": [(), [[1, 2]]]}, "record 1, spans expects a list of Span"),
        ({"id": [1, 2], "start_s": [1, 2], "end_s": [2, None]}, "end_s expects a finite number"),
    ],
)
def test_a_cell_that_no_sample_can_hold_is_said(cells, fault):
    frame = pd.DataFrame(cells, dtype=object)
    with pytest.raises(AnnotationError, match=fault):
        from_frame(frame)
    with pytest.warns(AnnotationWarning, match="1 x wrong type"):
        data = from_frame(frame, strict=False)
    assert len(data) == 1
    assert data.counts() == {"wrong type": 1}


def test_a_table_without_ids_says_how_to_number_it():
    with pytest.raises(AnnotationError, match=r"frame.assign\(id=range"):
        from_frame(pd.DataFrame({"film": ["a"]}))


def test_an_unknown_format_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean 'youcook2'"):
        from_frame(pd.DataFrame({"id": [1]}), "youcook")


def test_without_pandas_it_says_what_to_install(lay, monkeypatch):
    data = read(lay("qvhighlights", "truth"), "qvhighlights")
    real = builtins.__import__

    def absent(name, *more):
        if name == "pandas":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(AnnotationError, match=r"pip install 'vtk-notebooks\[data\]'"):
        to_frame(data)
