"""The workbench: one film, one question, one recipe; every view follows."""

import json

import pytest

from vtk_notebooks.errors import VtkError


@pytest.fixture
def bench(red, tmp_path):
    from vtk_widgets import Workbench

    made = Workbench.of(
        red.film(), "red", red.recipe(0.5), store=red.store, out=tmp_path / "out", truth=red.truth
    )
    yield made
    made.close()


@pytest.fixture
def in_file(red, tmp_path):
    """The same over a film in a file, which can be saved."""
    from vtk_notebooks.video import write_film
    from vtk_widgets import Workbench

    path = tmp_path / "film.mkv"
    write_film(red.film(), path)
    made = Workbench.of(str(path), "red", red.recipe(0.5), store=red.store, out=tmp_path / "out")
    yield made
    made.close()


def test_it_opens_with_an_answer_and_the_frames_it_came_from(bench):
    assert bench.answer["moment"]["start_s"] == 1.5
    assert [f["time_s"] for f in bench.answer["frames"]] == [1.5, 2.0, 2.5]
    assert len(bench.frames) == 3
    assert (bench.answer["tokens"], bench.answer["before"]) == (96, 192)
    assert bench.selection.moment == (1.5, 3.0)
    assert bench.selection.time_s == 1.5


def test_all_views_hold_one_selection_and_show_one_run(bench):
    views = (bench.player, bench.timeline, bench.tokens, bench.ablation)
    assert all(view.selection is bench.selection for view in views)
    assert bench.timeline.moments[0].start_s == 1.5
    assert bench.tokens.keep == 0.5
    assert bench.ablation.trials[0]["tokens"]["value"] == 96
    assert bench.ablation.sweep.computed == 0  # the run had made them


def test_halving_the_tokens_says_what_changed(bench):
    bench.squeeze(0.5)
    assert bench.recipe.stages[0].params == (("keep", 0.25),)
    assert bench.change["tokens"] == [96, 48]
    assert bench.change["places"] == [["stages.0.params.keep", "0.5", "0.25"]]
    assert bench.change["overlap"] == 1.0
    assert bench.tokens.keep == 0.25
    assert [t["tokens"]["value"] for t in bench.ablation.trials] == [96, 48]


def test_the_maps_slider_moves_the_recipe_and_the_map_stays(bench):
    before = bench.tokens
    bench.tokens.keep = 0.25
    assert bench.recipe.stages[0].params == (("keep", 0.25),)
    assert bench.tokens is before
    assert bench.answer["tokens"] == 48
    assert bench.timeline.moments[0].score == bench.run.moments[0].score


def test_the_bench_moves_all_views(bench):
    from vtk_notebooks.part import Part

    before = bench.tokens
    bench.recipe = bench.recipe.with_("stages", Part("uniform", {"keep": 0.5}))
    assert bench.tokens is not before
    assert bench.tokens.panes[0]["label"] == "uniform keep=0.5"
    assert bench.run.recipe.stages[0].name == "uniform"


def test_another_question_starts_anew(bench):
    bench.squeeze(0.5)
    bench.question = "a red square"
    assert bench.run.query.text == "a red square"
    assert bench.change == {}
    assert bench.before is None
    assert {row.query for row in bench.ablation.sweep.rows} == {"a red square"}


@pytest.mark.parametrize("film", ["/no/such.mp4", "", "<img src=x onerror=alert(1)>"])
def test_a_film_that_is_not_there_is_a_message_and_the_answer_stays(bench, film):
    answer = bench.answer
    bench.film = film
    assert "no file" in bench.message
    assert bench.answer == answer


def test_an_impossible_question_is_a_message(bench):
    bench.question = "  "
    assert "question" in bench.message


def test_buttons_of_the_page_do_what_they_say(bench):
    bench._handle_custom_msg({"do": "squeeze", "by": 0.5}, [])
    assert bench.answer["tokens"] == 48
    bench._handle_custom_msg({"do": "export"}, [])
    assert [path.rsplit("_", 1)[1] for path in bench.exported] == [
        "tokens.pdf",
        "timeline.pdf",
        "table.tex",
        "table.csv",
        "table.md",
    ]
    bench._handle_custom_msg({"do": "squeeze", "by": "much"}, [])
    assert "could not convert" in bench.message
    bench._handle_custom_msg("nonsense", [])


def test_an_exported_figure_says_what_made_it(bench):
    from vtk_notebooks.figures import read_provenance

    bench.squeeze(0.5)
    said = read_provenance(bench.export()[0])
    assert [r["recipe"]["stages"][0]["params"]["keep"] for r in said["runs"]] == [0.5, 0.25]
    assert said["runs"][0]["query"] == "red"


def test_a_session_comes_back_as_it_was(in_file, red, tmp_path):
    from vtk_widgets import Workbench

    in_file.squeeze(0.5)
    in_file.ablation.cost = "seconds"
    in_file.tokens.mode = "frames"
    in_file.selection.time_s = 2.5
    path = in_file.save(tmp_path / "sessions" / "mine.json")
    again = Workbench.restore(path, store=red.store)
    assert (again.film, again.question, again.recipe) == (in_file.film, "red", in_file.recipe)
    assert again.ablation.pinned == in_file.ablation.pinned
    assert (again.ablation.cost, again.tokens.mode) == ("seconds", "frames")
    assert again.selection.time_s == 2.5
    assert again.answer == in_file.answer
    again.close()


def test_a_clip_is_in_no_file_and_cannot_be_saved(bench, tmp_path):
    with pytest.raises(VtkError, match="a film in a file"):
        bench.save(tmp_path / "no.json")
    assert not (tmp_path / "no.json").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: "not json",
        lambda s: "[]",
        lambda s: json.dumps({**s, "schema": 99}),
        lambda s: json.dumps({k: v for k, v in s.items() if k != "recipe"}),
        lambda s: json.dumps({**s, "recipe": {"stages": ["no such thing"]}}),
        lambda s: json.dumps({**s, "truth": [[3, 1]]}),
        lambda s: json.dumps({**s, "pinned": [{"name": "a"}]}),
        lambda s: json.dumps({**s, "reference": "nobody"}),
        lambda s: json.dumps({**s, "selection": {"colour": 1}}),
        lambda s: json.dumps({**s, "selection": {"time_s": "late"}}),
        lambda s: json.dumps({**s, "film": {"path": "/no/such.mp4"}}),
        lambda s: json.dumps({**s, "film": {}}),
    ],
)
def test_a_damaged_session_is_refused_in_words(in_file, red, tmp_path, damage):
    from vtk_widgets import Workbench

    path = in_file.save(tmp_path / "mine.json")
    path.write_text(damage(json.loads(path.read_text())))
    with pytest.raises(VtkError, match=r"Workbench\.restore"):
        Workbench.restore(path, store=red.store)


def test_a_page_without_a_kernel_holds_every_panel(bench, tmp_path):
    from vtk_widgets.workbench import KEEPS

    live = bench.tokens
    text = bench.to_html(tmp_path / "bench.html").read_text()
    assert bench.tokens is live
    state = json.loads(text.split('id="vtk-state">')[1].split("</script>")[0])
    top = next(m["state"] for m in state["models"].values() if "tabs" in m["state"])
    assert top["live"] is False
    for place in ("player", "timeline", "tokens"):
        assert top[place].removeprefix("anywidget:") in state["models"]
    assert top["tabs"][0]["widget"].removeprefix("anywidget:") in state["models"]
    token_map = state["models"][top["tokens"].removeprefix("anywidget:")]["state"]
    assert {entry["keep"] for entry in token_map["levels"][0]} >= set(KEEPS)
    assert bench.snapshot().height > 100


def test_a_tab_that_cannot_be_made_leaves_the_others(bench, monkeypatch):
    from types import MappingProxyType

    from vtk_widgets.parts.recipe import plugs, tabs

    broken = plugs.Plug("Broken", lambda bench: bench.nothing)
    more = MappingProxyType({**plugs.PLUGS, "broken": broken})
    monkeypatch.setattr(tabs, "PLUGS", more)
    bench.plug()
    bench.tab = "broken"
    assert "no attribute" in bench.tabs[-1]["why"]
    bench.tab = "compare"
    assert bench.tabs[0]["widget"] is bench.ablation


def test_a_tab_is_made_when_it_is_opened_and_anew_when_it_is_of_something_else(bench):
    def errors():
        return next(tab["widget"] for tab in bench.tabs if tab["key"] == "errors")

    assert errors() is None
    bench.tab = "errors"
    first = errors()
    bench.tab = "compare"
    bench.tab = "errors"
    assert errors() is first
    bench.squeeze(0.5)
    assert errors() is not first


def test_closing_it_closes_every_view(bench):
    views = (bench.player, bench.timeline, bench.tokens, bench.ablation)
    bench.close()
    assert all(view.comm is None for view in views)
