"""`vtk_notebooks.explained`; it lives here for the stand-in encoder and its films."""

import pytest

from vtk_notebooks.compressors import TextTopFrames
from vtk_notebooks.explained import explain
from vtk_notebooks.part import Part
from vtk_notebooks.runs import run
from vtk_notebooks.store import StoreWarning


@pytest.fixture
def half(recipe):
    return recipe.with_("stages", [Part("uniform", {"keep": 0.5}), Part("text_top_frames")])


def test_it_says_of_every_stage_what_a_run_will_do(half, film, store):
    clip = film("one")
    before = explain(half, clip, "red", store=store)
    assert [r.reused for r in before] == [False, False, False]
    assert "nothing by 'sweep_reddish'" in before[0].why
    done = run(half, clip, "red", store=store)
    after = explain(half, clip, "red", store=store)
    assert [r.address for r in after] == [s.address for s in done.stages]
    assert all(r.reused for r in after)
    assert "same mechanism, numbers and input" in after[0].why


def test_it_names_what_differs_from_the_nearest_result(half, film, store):
    run(half, film("one"), "red", store=store)
    other = half.with_("stages.0.keep", 0.25)
    _, second, third = explain(other, film("one"), "red", store=store)
    assert "keep=0.5 and not 0.25" in second.why
    assert "another stage before it" in third.why
    assert "another film" in explain(half, film("two"), "red", store=store)[0].why
    assert TextTopFrames.needs_text
    third = explain(half, film("one"), "a hat", store=store)[2]
    assert "another question ('red')" in third.why
    assert [r.reused for r in explain(half, film("one"), "a hat", store=store)[:2]] == [True, True]


def test_a_damaged_entry_is_named_and_left_for_the_run_to_replace(half, film, store):
    done = run(half, film("one"), "red", store=store)
    path = store._path(done.stages[1].address)
    path.write_bytes(path.read_bytes()[:-1] + b"\x7f")
    reasons = explain(half, film("one"), "red", store=store)
    assert [r.reused for r in reasons] == [True, False, True]
    assert "damaged" in reasons[1].why
    assert path.exists()
    with pytest.warns(StoreWarning, match="damaged"):
        run(half, film("one"), "red", store=store)
    assert all(r.reused for r in explain(half, film("one"), "red", store=store))
