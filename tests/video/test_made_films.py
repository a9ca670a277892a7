"""Made films tell the whole truth about themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.video import MadeFilm, find_cuts, make_film
from vtk_notebooks.video.synth import Event, Scene, Shape, Shot, Title, box, render
from vtk_notebooks.video.synth.render import GROUND, TITLE
from vtk_notebooks.video.synth.scene import COLOURS, GROUNDS

wishes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "duration_s": st.floats(4, 7),
        "size": st.tuples(st.integers(12, 50), st.integers(12, 50)),
        "frame_rate_hz": st.sampled_from([5, 8, 12.5]),
        "shots": st.integers(1, 3),
        "events_per_shot": st.integers(0, 2),
        "titles": st.integers(0, 2),
        "clicks": st.integers(0, 3),
    }
)
few = settings(max_examples=10, deadline=None)


@few
@given(wish=wishes)
def test_an_event_is_on_screen_in_its_moment_and_never_else(wish):
    film = make_film(**wish)
    for moment, masks in zip(film.moments, film.masks, strict=True):
        inside = (film.clip.times_s >= moment.start_s) & (film.clip.times_s < moment.end_s)
        assert 0 < inside.sum() < len(film)
        assert (masks.any((1, 2)) == inside).all()


@few
@given(wish=wishes)
def test_a_box_is_the_smallest_around_the_mask(wish):
    film = make_film(**wish)
    for boxes, masks in zip(film.boxes, film.masks, strict=True):
        for edges, mask in zip(boxes, masks, strict=True):
            if not mask.any():
                assert np.isnan(edges).all()
                continue
            left, top, right, bottom = edges.astype(int)
            inside = mask[top:bottom, left:right]
            assert inside.sum() == mask.sum()
            assert all(edge.any() for edge in (inside[0], inside[-1]))
            assert all(edge.any() for edge in (inside[:, 0], inside[:, -1]))


@few
@given(wish=wishes)
def test_every_pixel_has_the_colour_of_what_the_map_says_is_there(wish):
    film = make_film(**wish)
    for shot in film.scene.shots:
        at = (film.clip.times_s >= shot.start_s) & (film.clip.times_s < shot.end_s)
        pixels, labels = film.clip.frames[at], film.labels[at]
        assert (pixels[labels == GROUND] == GROUNDS[shot.ground]).all()
        assert (pixels[labels == TITLE] == COLOURS["white"]).all()
    for number, event in enumerate(film.scene.events):
        assert (film.clip.frames[film.labels == number] == COLOURS[event.shape.colour]).all()


@few
@given(wish=wishes)
def test_the_same_seed_gives_the_same_film(wish):
    film = make_film(**wish)
    again = make_film(**wish)
    assert again.scene == film.scene
    assert again.clip.address == film.clip.address


def test_other_seeds_give_other_films():
    assert len({make_film(seed).scene for seed in range(20)}) == 20


def test_films_of_ordinary_size_name_no_two_events_alike():
    for seed in range(20):
        texts = [m.text for m in make_film(seed, shots=4, events_per_shot=2, duration_s=30).moments]
        assert len(set(texts)) == len(texts) == 8


def test_events_lie_within_their_shots_and_shots_fill_the_film():
    film = make_film(5, shots=4, events_per_shot=2, duration_s=20)
    assert film.cuts_s == [shot.start_s for shot in film.scene.shots[1:]]
    for number, event in enumerate(film.scene.events):
        shot = film.scene.shots[number // 2]
        assert shot.start_s < event.start_s < event.end_s < shot.end_s


@pytest.mark.parametrize(
    ("motion", "axis", "sign"), [("left", 0, -1), ("right", 0, 1), ("up", 1, -1), ("down", 1, 1)]
)
def test_shapes_move_the_way_the_text_says(motion, axis, sign):
    some = (make_film(seed, shots=1, duration_s=4) for seed in range(40))
    film = next(film for film in some if film.scene.events[0].motion == motion)
    edges = film.boxes[0][~np.isnan(film.boxes[0, :, 0])]
    centre = (edges[:, :2] + edges[:, 2:]) / 2
    assert f"moves {motion}" in film.moments[0].text
    assert (np.sign(np.diff(centre[:, axis])) == sign).all()
    assert np.ptp(centre[:, 1 - axis]) <= 0.5  # rounded to pixels


def test_a_shape_that_stands_still_does():
    film = make_film(next(s for s in range(40) if make_film(s).scene.events[0].motion == "still"))
    edges = film.boxes[0][~np.isnan(film.boxes[0, :, 0])]
    assert (edges == edges[0]).all()


def test_captions_say_what_happens_in_each_shot():
    film = make_film(1, shots=2, events_per_shot=2, duration_s=16)
    assert len(film.captions) == 2
    for number, moment in enumerate(film.moments):
        assert moment.text in film.captions[number // 2]


def test_titles_can_be_read_in_their_moment_only():
    film = make_film(2, titles=2, size=(120, 160))
    shown = (film.labels == TITLE).any((1, 2))
    spans = [(m.start_s, m.end_s) for m in film.title_moments]
    times_s = film.clip.times_s
    assert (shown == np.any([(times_s >= a) & (times_s < b) for a, b in spans], axis=0)).all()
    assert all(title.text in title.moment.text for title in film.scene.titles)


def test_the_sound_track_clicks_when_the_scene_says():
    film = make_film(4, clicks=3)
    for click_s in film.scene.clicks_s:
        first = round(click_s * film.waveform.rate_hz)
        assert np.abs(film.waveform.samples[first : first + 20]).max() > 0.5
        assert not film.waveform.samples[first - 50 : first].any()
    assert film.waveform.duration_s == pytest.approx(film.duration_s)


def test_without_grain_still_parts_stand_still_and_with_it_they_do_not():
    still, grainy = (make_film(6, shots=1, events_per_shot=0, grain=g) for g in (0, 5))
    assert (still.clip.frames == still.clip.frames[0]).all()
    noise = grainy.clip.frames.astype(float) - still.clip.frames
    assert 4 < noise.std() < 6
    assert (
        grainy.clip.frames == make_film(6, shots=1, events_per_shot=0, grain=5).clip.frames
    ).all()
    assert (grainy.clip.frames[0] != grainy.clip.frames[1]).any()


def test_a_long_film_is_drawn_on_the_way():
    film = make_film(7, duration_s=100_000, shots=50, frame_rate_hz=25)
    drawn = film.frames()
    times = [next(drawn)[0] for _ in range(3)]
    assert times == [0, 0.04, 0.08]
    assert len(film) == 2_500_000


def test_a_scene_can_be_written_by_hand():
    square = Event(Shape("square", "red", 0.5), "right", 1, 3, (0.25, 0.5), (0.75, 0.5))
    film = MadeFilm(Scene(4, 2, (8, 16), (Shot(0, 4, "grey"),), (square,), (Title("HI", 0, 1),)))
    assert film.captions == ["On grey ground, a red square moves right."]
    assert film.moments[0].text == "a red square moves right"
    assert film.boxes[0, 2].tolist() == [2, 2, 6, 6]
    assert film.boxes[0, 4].tolist() == [6, 2, 10, 6]
    assert np.isnan(film.boxes[0, [0, 1, 6, 7]]).all()


@few
@given(place=st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)))
def test_the_smallest_shape_does_not_slip_between_pixels(place):
    for form in ("square", "circle", "triangle"):
        event = Event(Shape(form, "red", 0.001), "still", 0, 1, place, place)
        _, labels = render(Scene(1, 1, (8, 8), (Shot(0, 1),), (event,)), 0)
        assert (labels == 0).any()


def test_what_is_in_front_hides_what_is_behind():
    back, front = (Event(Shape("square", c, 0.8), "still", 0, 1) for c in ("red", "blue"))
    _, labels = render(Scene(1, 1, (20, 20), (Shot(0, 1),), (back, front)), 0)
    assert set(np.unique(labels)) == {GROUND, 1}


def test_the_box_of_nothing_is_nowhere():
    assert np.isnan(box(np.zeros((3, 4), bool))).all()


@pytest.mark.parametrize("form", ["square", "circle", "triangle"])
def test_forms_cover_the_area_that_geometry_says(form):
    event = Event(Shape(form, "red", 0.5), "still", 0, 1)
    _, labels = render(Scene(1, 1, (400, 400), (Shot(0, 1),), (event,)), 0)
    share = {"square": 1, "circle": np.pi / 4, "triangle": 0.5}[form]
    assert (labels == 0).mean() == pytest.approx(0.25 * share, rel=0.01)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UnknownNameError, match="circle"):
        Shape("circel")
    with pytest.raises(UnknownNameError, match="red"):
        Shape(colour="redd")
    with pytest.raises(UnknownNameError, match="still"):
        Event(Shape(), "stil", 0, 1)
    with pytest.raises(UnknownNameError, match="grey"):
        Shot(0, 1, "gray")
    with pytest.raises(VtkError, match="above 0"):
        Scene(1, 0, (8, 8), (Shot(0, 1),))
    with pytest.raises(VtkError, match="starts where"):
        Scene(2, 1, (8, 8), (Shot(0, 1),))
    with pytest.raises(VtkError, match="longer film"):
        make_film(duration_s=1, shots=5)
    with pytest.raises(VtkError, match="one or more shots"):
        make_film(shots=0)


def test_the_default_film_has_cuts_that_can_be_found():
    assert find_cuts(make_film().clip) == make_film().cuts_s
