import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks import Clip, build
from vtk_notebooks.clip import Origin
from vtk_notebooks.curation.needle_insertion import (
    NeedleInsertion,
    depth_of,
    niavh_grid,
    position,
    questions,
)
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.moment import Moment

WHITE = np.full((8, 8, 3), 255, np.uint8)
DEPTHS = st.floats(0, 1)


def film(frames=10, step_s=1.0, level=100):
    """Grey frames, each a little lighter than the last, so that they can be told apart."""
    grey = np.full((frames, 24, 32, 3), level, np.uint8)
    grey += np.arange(frames, dtype=np.uint8)[:, None, None, None]
    return Clip(grey, np.arange(frames) * step_s, Origin("grey", frames * step_s))


def foreign(hay):
    """Which frames show something white or black: the film has neither."""
    return np.array([frame.max() > 200 or frame.min() < 50 for frame in hay.clip.frames])


def on(hay, moment):
    return (hay.clip.times_s >= moment.start_s - 1e-9) & (hay.clip.times_s < moment.end_s - 1e-9)


@pytest.mark.parametrize(("depth", "frame"), [(0, 0), (0.5, 5), (1, 10)])
def test_depth_0_is_the_first_frame_and_depth_1_the_last(depth, frame):
    hay = NeedleInsertion()(film(), [WHITE], [depth])
    assert foreign(hay).nonzero()[0].tolist() == [frame]
    assert hay.moments == (Moment(float(frame), frame + 1.0, text="needle 0"),)
    assert hay.clip.duration_s == 11


@pytest.mark.parametrize(("depth", "frame"), [(0, 0), (1, 9)])
def test_a_text_is_written_onto_the_films_own_frames(depth, frame):
    hay = build("curation", "needle_insertion")(film(), ["Alice"], [depth])
    assert foreign(hay).nonzero()[0].tolist() == [frame]
    assert (len(hay.clip), hay.clip.duration_s) == (10, 10)
    assert hay.moments[0].text == "Alice"


def test_a_text_stays_as_long_as_it_should_and_above_it_the_film_is_seen():
    clip = film(step_s=0.25)
    hay = NeedleInsertion()(clip, ["Alice"], [1 / 9])
    assert foreign(hay).nonzero()[0].tolist() == [1, 2, 3, 4]
    assert hay.moments[0] == Moment(0.25, 1.25, text="Alice")
    assert (hay.clip.frames[:, :20] == clip.frames[:, :20]).all()


def test_however_short_a_text_is_a_frame_shows_it():
    hay = NeedleInsertion(lasts_s=1e-12)(film(), ["Alice"], [0.5])
    assert foreign(hay).sum() == 1


def test_a_patch_is_pasted_and_lengthens_nothing():
    hay = NeedleInsertion(patch=0.5)(film(), [np.full((6, 8, 3), 255, np.uint8)], [0])
    assert len(hay.clip) == 10
    assert (hay.clip.frames[0, :12, -16:] == 255).all()
    assert (hay.clip.frames[0, 12:] == 100).all()
    assert (hay.clip.frames[0, :, :16] == 100).all()


def test_a_clip_keeps_its_own_length_and_shape():
    bright = np.full((3, 24, 24, 3), 255, np.uint8)
    needle = Clip(bright, np.array([0.0, 0.5, 2.0]), Origin("white", 2.5))
    hay = NeedleInsertion()(film(), [needle], [0.5], ["white"])
    assert hay.moments == (Moment(5.0, 7.5, text="white"),)
    assert hay.clip.times_s[5:9].tolist() == [5, 5.5, 7, 7.5]
    assert (hay.clip.frames[5, :, :4] == 0).all()  # bars: it is narrower than the film


def test_a_picture_has_as_many_frames_as_the_film_would_show_meanwhile():
    hay = NeedleInsertion(lasts_s=2.0)(film(step_s=0.5), [WHITE], [0.5])
    assert foreign(hay).sum() == 4
    assert np.diff(hay.clip.times_s).tolist() == pytest.approx([0.5] * 13)


def test_needles_of_one_depth_follow_each_other_and_keep_their_names():
    hay = NeedleInsertion()(film(), [WHITE, WHITE, "Alice"], [0.5, 0.5, 0.0], ["a", "b", "c"])
    spans = {m.text: (m.start_s, m.end_s) for m in hay.moments}
    assert spans == {"a": (5, 6), "b": (6, 7), "c": (0, 1)}


def test_a_text_ends_where_the_next_picture_begins():
    hay = NeedleInsertion()(film(), ["Alice", WHITE], [0, 0.1])
    assert [(m.start_s, m.end_s) for m in hay.moments] == [(0, 1), (1, 2)]


def test_a_text_behind_something_inserted_is_later_by_that():
    hay = NeedleInsertion()(film(), [WHITE, "Alice"], [0, 1])
    assert hay.moments[1] == Moment(10.0, 11.0, text="Alice")


@settings(max_examples=40)
@given(data=st.data(), frames=st.integers(1, 12), step_s=st.sampled_from([0.04, 0.5, 1.0, 1.7]))
def test_something_foreign_is_seen_in_the_moments_and_never_else(data, frames, step_s):
    kinds = data.draw(st.lists(st.sampled_from(["text", "picture"]), min_size=1, max_size=4))
    depths = [data.draw(DEPTHS) for _ in kinds]
    needles = ["Alice" if kind == "text" else WHITE for kind in kinds]
    clip = film(frames, step_s)
    hay = NeedleInsertion()(clip, needles, depths)
    told = np.any([on(hay, m) for m in hay.moments], axis=0)
    assert (foreign(hay) <= told).all()
    alone = [m for m, kind in zip(hay.moments, kinds, strict=True) if kind == "picture"]
    assert all(foreign(hay)[on(hay, m)].all() and on(hay, m).any() for m in alone)
    assert hay.clip.duration_s == pytest.approx(frames * step_s + kinds.count("picture"))


@given(places=st.integers(1, 500), data=st.data())
def test_every_place_is_found_again_by_its_depth(places, data):
    place = data.draw(st.integers(0, places - 1))
    assert position(depth_of(place, places), places) == place


@given(a=DEPTHS, b=DEPTHS, places=st.integers(1, 300))
def test_deeper_is_never_earlier(a, b, places):
    low, high = sorted([a, b])
    assert 0 <= position(low, places) <= position(high, places) <= places - 1


def test_the_film_itself_is_not_changed():
    clip = film()
    before = clip.frames.copy()
    NeedleInsertion(patch=0.5)(clip, ["Alice", WHITE], [0, 1])
    assert (clip.frames == before).all()


def test_the_grid_of_niavh_has_40_lengths_and_12_depths():
    grid = niavh_grid()
    assert len(grid) == len(set(grid)) == 40 * 12
    assert grid[0] == (1, 0)
    assert grid[-1] == (320, 1)


def test_questions_are_about_the_needles_alone():
    moments = [Moment(float(i), i + 1.0, text=n) for i, n in enumerate(["cow", "car", "cat"])]
    pool = ["cow", "train", "sofa", "sheep", "horse"]
    asked = questions(moments[::-1], pool, np.random.default_rng(0))
    right = {kind: one.choices[one.answer] for kind, one in asked.items()}
    assert right == {"ret": "cow", "cnt": "3", "ord": "cow, car, cat"}
    assert all(len(set(one.choices)) == 4 for one in asked.values())
    assert set(asked["ret"].choices[:4]) - {"cow"} <= set(pool) - {"cow"}


@given(seed=st.integers(0, 50), needles=st.integers(1, 5))
def test_the_right_choice_is_always_among_four_different_ones(seed, needles):
    moments = [Moment(float(i), i + 1.0, text=f"thing {i}") for i in range(needles)]
    asked = questions(moments, ["x", "y", "z"], np.random.default_rng(seed))
    assert ("ord" in asked) == (needles >= 3)
    for one in asked.values():
        assert len(set(one.choices)) == 4
    assert asked["cnt"].choices[asked["cnt"].answer] == str(needles)


@pytest.mark.parametrize("depths", [[], [0.5, 0.5], [1.5], [-0.1]])
def test_a_needle_without_a_depth_in_the_film_is_refused(depths):
    with pytest.raises(VtkError, match="a depth from 0 to 1 and a name for each"):
        NeedleInsertion()(film(), [WHITE], depths)


def test_what_is_no_picture_is_refused():
    with pytest.raises(ShapeError, match="a uint8 picture"):
        NeedleInsertion()(film(), [np.zeros((4, 4), np.uint8)], [0.5])


def test_too_few_other_names_are_refused():
    with pytest.raises(VtkError, match="three names that are not in the film"):
        questions([Moment(0.0, 1.0, text="cow")], ["cow", "car"], np.random.default_rng(0))


@pytest.mark.parametrize("wrong", [{"lasts_s": 0.0}, {"patch": 1.5}])
def test_impossible_needles_are_refused(wrong):
    with pytest.raises(VtkError, match="lasts_s above 0 and patch in"):
        NeedleInsertion(**wrong)
