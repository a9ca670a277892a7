"""The ablation bench: a recipe as switches, its trials with their statistics, and text to copy."""

import asyncio
from threading import Event

import pytest


@pytest.fixture
def bench(red):
    from vtk_notebooks.sweep import Question
    from vtk_widgets import AblationBench

    half = red.recipe(0.5)
    pinned = {"all": half.with_("stages", ()), "half": half}
    made = AblationBench.of(half, red.films, Question("red", red.truth), red.store, pinned=pinned)
    yield made
    made.close()


def edited(bench, place, value):
    """What the browser sends when a person changes one parameter of a stage."""
    draft = {**bench.draft, "stages": [dict(part) for part in bench.draft["stages"]]}
    draft["stages"][0]["params"] = {**draft["stages"][0]["params"], place: value}
    return draft


def line(bench, name):
    return next(trial for trial in bench.trials if trial["name"] == name)


def test_the_first_look_has_every_pinned_recipe_and_its_difference(bench):
    assert [t["name"] for t in bench.trials] == ["all", "half"]
    assert (bench.quality, bench.reference, bench.finished) == ("iou", "all", True)
    assert line(bench, "half")["here"]
    assert line(bench, "half")["tokens"]["value"] == 96
    assert line(bench, "all")["delta"] is None
    delta = line(bench, "half")["delta"]
    assert delta["low"] <= delta["value"] <= delta["high"]


def test_a_change_runs_what_it_changed_and_nothing_else(bench, red):
    shown = list(red.seen)
    bench.draft = edited(bench, "keep", 0.25)
    assert red.seen == shown  # nobody was encoded again
    assert bench.sweep.computed == 4  # one stage of four films
    assert bench.work["encoders.0"]["computed"] == 0
    assert bench.work["stages.0"]["computed"] == 4
    assert [t["name"] for t in bench.trials] == ["all", "half", "bipartite_merge keep=0.25"]
    assert line(bench, "bipartite_merge keep=0.25")["here"]


def test_switching_a_stage_off_leaves_it_in_the_draft(bench):
    bench.draft = {
        **bench.draft,
        "stages": [{**bench.draft["stages"][0], "on": False}],
    }
    assert bench.recipe.stages == ()
    assert line(bench, "all")["here"]  # that is what all tokens are


def test_an_impossible_value_is_told_by_its_field_and_nothing_runs(bench):
    before = bench.sweep
    bench.draft = edited(bench, "keep", 1.5)
    [fault] = bench.faults
    assert fault["place"] == "stages.0.keep"
    assert "keep" in fault["text"]
    assert bench.sweep is before
    bench.draft = edited(bench, "keep", 0.4)
    assert bench.faults == []
    assert bench.recipe.stages[0].params == (("keep", 0.4),)


def test_another_reference_turns_the_differences_round(bench):
    before = line(bench, "half")["delta"]["value"]
    bench.reference = "half"
    assert line(bench, "all")["delta"]["value"] == pytest.approx(-before)
    assert bench.sweep.reference == "half"


def test_pins_come_and_go_and_python_reads_them(bench, red):
    bench.kept = [
        *bench.kept,
        {"name": "mine", "recipe": red.recipe(0.5).with_("seed", 3).as_dict()},
    ]
    assert list(bench.pinned) == ["all", "half", "mine"]
    assert bench.pinned["mine"].seed == 3
    bench.kept = bench.kept[1:]
    assert [t["name"] for t in bench.trials] == ["half", "mine"]
    assert line(bench, "half")["reference"]  # the one that was is gone


def test_texts_are_the_recipe_and_the_table(bench):
    from vtk_notebooks.recipe import Recipe

    assert Recipe.from_json(bench.texts["json"]) == bench.recipe
    said: dict = {}
    exec(bench.texts["python"], said)
    assert said["recipe"] == bench.recipe
    assert bench.texts["latex"].startswith(r"\begin{tabular}")
    assert bench.texts["markdown"].count("\n") == 4
    assert bench.texts["csv"].startswith("recipe,n,iou")


def test_forms_describe_what_is_in_the_draft_and_what_is_put_in(bench):
    assert "compressor:bipartite_merge" in bench.forms
    other = {"name": "uniform", "kind": "compressor", "params": {}, "on": True}
    bench.draft = {**bench.draft, "stages": [*bench.draft["stages"], other]}
    fields = {f["name"]: f for f in bench.forms["compressor:uniform"]["parameters"]}
    assert (fields["keep"]["low"], fields["keep"]["high"]) == (0, 1)
    assert fields["axis"]["choices"] == ("frames", "tokens")
    assert bench.recipe.stages[1].name == "uniform"


def test_a_film_that_fails_is_a_line_with_its_error(red):
    from vtk_widgets import AblationBench

    bench = AblationBench.of(red.recipe(), [red.film("bad"), red.film()], "red", red.store)
    assert "cannot be read" in line(bench, "start")["errors"][0]
    assert bench.quality == "score"
    assert bench.message == ""


def test_without_a_kernel_nothing_can_be_tried_but_all_can_be_read(bench, tmp_path):
    assert bench.static_state()["live"] is False
    path = bench.to_html(tmp_path / "bench.html")
    assert "bipartite_merge" in path.read_text()
    assert bench.snapshot().width == 640
    assert bench.figure().get_axes()[0].get_xlabel()


def test_stopping_keeps_what_was_tried(bench, monkeypatch):
    """With an event loop the kernel stays free; a stop keeps the rows so far."""
    going, real = Event(), type(bench._bench).run

    def slow(self, recipes, reference, *, progress, cancel):
        def told(step, done, total):
            progress(step, done, total)
            going.set()
            cancel.wait(5)

        return real(self, recipes, reference, progress=told, cancel=cancel)

    async def session():
        monkeypatch.setattr(type(bench._bench), "run", slow)
        bench.draft = edited(bench, "keep", 0.75)
        assert bench.busy
        while not going.is_set():
            await asyncio.sleep(0.01)
        bench.stops += 1
        for _ in range(500):
            if not bench.busy:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never stopped")

    asyncio.run(session())
    assert not bench.finished
    assert "Stopped at" in bench.summary
    assert line(bench, "bipartite_merge keep=0.75")["n"] == 1
    monkeypatch.undo()
    bench.again += 1
    assert bench.finished
    assert line(bench, "bipartite_merge keep=0.75")["n"] == 4
