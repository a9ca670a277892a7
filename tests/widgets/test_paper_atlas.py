"""Paper atlas: every system with its card, a demo whose value Python gets, and code as text."""

import json
from types import SimpleNamespace

import pytest

from vtk_notebooks import papers
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.papers import Demo
from vtk_widgets import PaperAtlas


@pytest.fixture
def asked():
    """What demos were asked."""
    return []


@pytest.fixture
def atlas(monkeypatch, asked):
    """An atlas whose demos only say what they were asked."""

    def run_demo(key, film, query, *, store, progress):
        progress("encode", 1, 2)
        asked.append(SimpleNamespace(key=key, film=film, query=query, store=store))
        if query == "fail":
            raise RuntimeError("<b>no tokens</b>")
        return Demo({"start_s": 1.25, "lost": float("nan")}, seconds=0.5)

    monkeypatch.setattr(papers, "run_demo", run_demo)
    made = PaperAtlas.of("film.mp4", "a dog")
    yield made
    made.close()


def test_every_system_is_in_it_with_its_citation_and_its_file(atlas):
    rows = {row["key"]: row for row in json.loads(atlas.systems)}
    assert list(rows) == list(papers.papers())
    assert rows["longvlm"]["file"] == "vtk_notebooks/papers/compressors/longvlm.py"
    assert rows["longvlm"]["bibtex"].startswith("@inproceedings{longvlm,")
    assert rows["phenaki"]["file"] == ""


def test_a_demo_runs_on_the_film_and_python_gets_its_value(atlas, asked):
    atlas.run("lita")
    (one,) = asked
    assert (one.key, one.film, one.query) == ("lita", "film.mp4", "a dog")
    assert atlas.result.numbers["start_s"] == 1.25
    assert atlas.result.seconds == 0.5
    assert atlas.key == "lita"
    assert atlas.picture == b""


def test_numbers_travel_as_text_since_json_has_no_nan(atlas):
    atlas.run("lita")
    assert atlas.outcome["numbers"] == [["start_s", "1.25"], ["lost", "nan"]]
    json.dumps(atlas.outcome, allow_nan=False)


def test_the_browser_asks_by_counting_up(atlas, asked):
    atlas.set_state({"key": "tvp", "question": "a cat", "runs": 1})
    assert [(a.key, a.query) for a in asked] == [("tvp", "a cat")]


def test_a_demo_that_fails_leaves_a_message_and_the_last_result(atlas):
    atlas.run("lita")
    before = atlas.result
    atlas.question = "fail"
    atlas.run()
    assert atlas.message == "RuntimeError: <b>no tokens</b>"
    assert atlas.result is before
    atlas.key = "tvp"
    assert atlas.message == ""


def test_a_planned_system_says_so_instead_of_running(monkeypatch):
    made = PaperAtlas.of()
    made.run("phenaki")
    assert "planned" in made.message
    made.close()


def test_code_is_read_as_text_and_never_written(atlas):
    atlas.key = "longvlm"
    atlas.set_state({"reads": 1})
    assert atlas.code["key"] == "longvlm"
    assert 'name="LongVLM"' in atlas.code["text"]
    atlas.key = "phenaki"
    atlas.set_state({"reads": 2})
    assert atlas.code["key"] == "longvlm"
    assert "no code" in atlas.message


def test_a_page_has_all_but_the_kernel(atlas, tmp_path):
    atlas.run("lita")
    text = atlas.to_html(tmp_path / "atlas.html").read_text("utf-8")
    assert '"live":false' in text
    assert '"numbers":[["start_s","1.25"]' in text


def test_it_looks_like_something_without_a_kernel(atlas):
    image = atlas.snapshot()
    assert image.width > 2 * image.height > 0


def test_bad_input_is_refused():
    with pytest.raises(UnknownNameError, match="longvlm"):
        PaperAtlas.of(key="longvl")
    with pytest.raises(VtkError, match="a path or the name of a film"):
        PaperAtlas.of(3)
