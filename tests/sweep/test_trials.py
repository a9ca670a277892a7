"""Trials do what no call before has done, and know which stages that took."""

from threading import Event

from vtk_notebooks.part import Part
from vtk_notebooks.sweep.trials import Trials, Work


def with_keep(recipe, keep):
    return recipe.with_("stages", Part("random_tokens", {"keep": keep}))


def numbers(sweep):
    return [
        (r.recipe, r.film, r.query, r.moments, r.error, r.numbers["tokens"]) for r in sweep.rows
    ]


def test_a_recipe_that_was_tried_is_not_tried_again(recipe, films, store, stand_in):
    trials, told = Trials(films, ["red", "a hat"], store), []
    half = with_keep(recipe, 0.5)
    first = trials.run({"half": half})
    second = trials.run({"half": half, "all": recipe}, progress=lambda *step: told.append(step))
    assert (first.computed, second.computed, len(second.rows)) == (8, 0, 16)
    assert told[-1] == ("rows", 8, 8)  # those of the new one only
    assert stand_in() == ["one", "two", "three", "four"]
    third = trials.run({"half": half, "all": recipe}, progress=lambda *step: told.append("no"))
    assert numbers(third) == numbers(second)
    assert "no" not in told


def test_it_is_the_sweep_that_ablate_would_give(recipe, films, store):
    from vtk_notebooks.sweep import ablate

    both = {"half": with_keep(recipe, 0.5), "all": recipe}
    trials = Trials(films, "red", store)
    trials.run({"all": recipe})
    assert numbers(trials.run(both)) == numbers(
        sorted_like(ablate(both, films, "red", store=store), both)
    )


def sorted_like(sweep, recipes):
    from dataclasses import replace

    order = list(recipes)
    return replace(sweep, rows=tuple(sorted(sweep.rows, key=lambda r: order.index(r.recipe))))


def test_names_may_change_and_one_recipe_may_have_two(recipe, films, store):
    trials = Trials(films[0], "red", store)
    trials.run({"before": recipe})
    sweep = trials.run({"after": recipe, "again": recipe}, "again")
    assert [row.recipe for row in sweep.rows] == ["after", "again"]
    assert (sweep.reference, sweep.finished, sweep.computed) == ("again", True, 0)


def test_each_stage_says_whether_it_was_computed(recipe, film, store):
    trials = Trials(film("one"), "red", store)
    half, third = with_keep(recipe, 0.5), with_keep(recipe, 0.3)
    trials.run({"half": half})
    assert trials.work(half, half.encoders[0]).computed == 1
    assert trials.work(half, half.stages[0]).computed == 1
    trials.run({"third": third})
    encoder = trials.work(third, third.encoders[0])
    assert (encoder.computed, encoder.reused) == (0, 1)
    assert trials.work(third, third.stages[0]).seconds > 0
    trials.run({"third": third})
    assert trials.work(third, third.stages[0]) == Work()


def test_stopping_keeps_the_rows_so_far(recipe, films, store):
    trials, stop = Trials(films, "red", store), Event()

    def progress(step, done, total):
        if done == 2:
            stop.set()

    sweep = trials.run({"all": recipe}, progress=progress, cancel=stop)
    assert (len(sweep.rows), sweep.total, sweep.finished) == (2, 4, False)
    rest = trials.run({"all": recipe})
    assert rest.finished


def test_an_error_is_tried_again(recipe, film, store, stand_in):
    trials = Trials(film("bad"), "red", store)
    for _ in range(2):
        [row] = trials.run({"all": recipe}).rows
        assert "cannot be read" in row.error
    assert stand_in() == ["bad", "bad"]
