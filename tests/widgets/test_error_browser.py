"""Error browser: columns as bytes, the open question as a value, and the film at the place."""

import json

import numpy as np
import pytest

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.scoring import ENDS, Report, asked
from vtk_notebooks.sweep import Sweep
from vtk_notebooks.sweep.row import Row
from vtk_widgets import ErrorBrowser, Selection

TRUTHS = [[Moment(1.0, 2.0, text="<b>bold</b>")], [Moment(2.0, 3.0)], [Moment(0.5, 3.5)]]
SAID = {"ours": [[Moment(1.0, 2.0)], [], [Moment(0.5, 1.0)]], "base": [[Moment(3.0, 4.0)]] * 3}


@pytest.fixture
def film():
    frames = np.stack([np.full((18, 32, 3), 10 * i, np.uint8) for i in range(20)])
    return Clip(frames, np.arange(20) / 5, Origin("made", duration_s=4.0))


def numbers(browser, k):
    return np.frombuffer(browser.numbers[k], "<f4").reshape(-1, 5)


def test_columns_travel_as_bytes_a_row_per_question():
    browser = ErrorBrowser.of(SAID, TRUTHS)
    assert browser.models == ["ours", "base"]
    ours = numbers(browser, 0)
    assert ours[0].tolist() == [1.0, 2.0, 1.0, 2.0, 1.0]
    assert np.isnan(ours[1, :2]).all()
    assert [ENDS[n] for n in browser.ends[0]] == ["hit", "not found", "too short"]
    assert json.loads(browser.queries)["texts"] == ["<b>bold</b>", "", ""]
    assert len(browser.lengths[1]) == 3


def test_with_shots_an_answer_can_be_in_the_wrong_scene_and_without_there_is_no_such_end():
    report = asked(SAID, TRUTHS)
    plain = ErrorBrowser.of(report)
    assert plain.end_names == list(ENDS)
    film = plain.row(0)["film"]
    browser = ErrorBrowser.of(report, cuts_s={film: [2.5], "another": [0.1]})
    assert browser.end_names == [*ENDS, "wrong scene"]
    browser.model_index = 1
    assert [browser.row(n)["end"] for n in range(3)] == ["wrong scene", "elsewhere", "too short"]
    assert browser.ends[0] == plain.ends[0]


def test_the_open_question_is_a_value_and_moves_linked_widgets():
    selection = Selection()
    browser = ErrorBrowser.of(SAID, TRUTHS, selection=selection)
    assert browser.query is None
    browser.chosen = 2
    assert selection.moment == (0.5, 3.5)
    assert selection.time_s == 0.5
    query = browser.row(2)
    assert browser.query == query
    assert query["truth"] == Moment(0.5, 3.5)
    assert query["answer"] == Moment(0.5, 1.0)
    assert (query["model"], query["end"]) == ("ours", "too short")
    browser.chosen, browser.model_index = 1, 1
    assert browser.row(1)["end"] == "elsewhere"
    browser.model_index = 0
    assert browser.row(1)["answer"] is None


def test_the_film_is_shown_around_truth_and_answer(film):
    told = []
    browser = ErrorBrowser.of(
        SAID, TRUTHS, film=lambda name: film, on_open=lambda query, clip: told.append((query, clip))
    )
    browser.chosen = 0
    assert browser.message == ""
    assert browser.strip_of["chosen"] == 0
    assert (browser.strip_of["start_s"], browser.strip_of["end_s"]) == (0.75, 2.25)
    assert browser.strip_of["times_s"][0] == pytest.approx(0.6)  # on show at 0.75 s
    assert all(frame.startswith(b"\xff\xd8") for frame in browser.strip)
    ((query, clip),) = told
    assert query["id"] == "0"
    assert len(clip) == len(browser.strip)


def test_a_film_that_is_missing_is_a_message_not_an_error():
    browser = ErrorBrowser.of(SAID, TRUTHS, film={"another": "film.mp4"})
    browser.chosen = 0
    assert "a film for ''" in browser.message
    assert browser.strip == []


def test_reports_and_sweeps_are_opened_as_they_are():
    report = Report("made", "strict", {}, 3, asked=asked(SAID, TRUTHS))
    assert ErrorBrowser.of(report).models == ["ours", "base"]
    one = Report("made", "strict", {}, 3, asked=asked({"x": SAID["ours"]}, TRUTHS))
    assert ErrorBrowser.of({"first": one, "second": one}).models == ["first", "second"]
    rows = (
        Row("a", "f", "q", moments=(Moment(1.0, 2.0),), truth=(Moment(1.0, 2.0),)),
        Row("b", "f", "q", error="no"),
        Row("a", "f", "nobody knows", moments=(Moment(1.0, 2.0),)),
    )
    sweep = ErrorBrowser.of(Sweep({"a": Recipe(), "b": Recipe()}, rows, "a", 3))
    assert json.loads(sweep.queries)["texts"] == ["q"]
    assert [ENDS[e[0]] for e in sweep.ends] == ["hit", "not found"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SAID, "truths beside predictions"),
        (Report("chapters", "strict", {}, 3), "single answers"),
        (Sweep({}, (Row("a", "f", "q"),), "a", 1), "truths are known"),
    ],
)
def test_what_cannot_be_browsed_says_what_is_missing(source, message):
    with pytest.raises(VtkError, match=message):
        ErrorBrowser.of(source)


def test_a_figure_and_a_picture_and_a_page(tmp_path):
    browser = ErrorBrowser.of(SAID, TRUTHS)
    assert browser.figure().axes
    image = browser.snapshot()
    assert image is not None
    assert image.width > 100
    text = browser.to_html(tmp_path / "errors.html").read_text("utf-8")
    assert "<b>bold" not in text
    assert '"live":false' in text


def test_ten_thousand_questions_are_little():
    rng = np.random.default_rng(0)
    truths = [[Moment(a, a + 5.0)] for a in rng.uniform(0, 90, 10_000).tolist()]
    browser = ErrorBrowser.of({"m": truths}, truths)
    columns = [*browser.numbers, *browser.ends, *browser.lengths]
    assert sum(map(len, columns)) == 22 * 10_000
