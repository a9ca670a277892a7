"""Backends differ in speed, not in what they give."""

import numpy as np
import pytest

from vtk_notebooks.errors import DecodeError, UnknownNameError, VtkError
from vtk_notebooks.video import gallery_film, gallery_films, open_clip
from vtk_notebooks.video.backends import BACKENDS

WAYS = [
    {"count": 1},
    {"count": 8},
    {"rate_hz": 12.5},
    {"keyframes": True},
    {"times_s": [0.033, 3.9]},
]


def gallery(name):
    try:
        return gallery_film(name)
    except VtkError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", ["bikes", "bigbuckbunny", "carphone"])
def test_every_backend_gives_the_same_frames_at_the_same_times(name):
    for ways in WAYS[:2] if name == "bigbuckbunny" else WAYS:  # it is large
        truth = open_clip(gallery(name), backend="linear").sample(**ways)
        for backend in ("auto", "pyav", "decord"):
            clip = open_clip(gallery(name), backend=backend).sample(**ways)
            assert (clip.times_s == truth.times_s).all(), (backend, ways)
            assert (clip.frames == truth.frames).all(), (backend, ways)


def test_auto_chooses_only_among_backends_that_were_compared():
    assert set(BACKENDS) == {"linear", "pyav", "decord"}


def test_reduced_frames_differ_between_backends_by_rounding_of_colours_only():
    truth = open_clip(gallery("bikes"), backend="linear").sample(8, short_side=64)
    exact = open_clip(gallery("bikes"), backend="pyav").sample(8, short_side=64)
    close = open_clip(gallery("bikes"), backend="decord").sample(8, short_side=64)
    assert (exact.frames == truth.frames).all()
    assert np.abs(close.frames.astype(int) - truth.frames).mean() < 2  # grey levels


def test_auto_goes_by_how_much_of_the_film_is_wanted(films):
    film = open_clip(films.even("auto.mp4", frames=50))
    assert film.sample(5).origin.backend == "pyav"
    assert film.sample(rate_hz=25).origin.backend == "linear"


def test_a_backend_that_nobody_knows_is_answered_with_the_nearest(films):
    with pytest.raises(UnknownNameError, match="pyav"):
        open_clip(films.even("near.mp4", frames=3), backend="pyva")


def test_decord_refuses_what_it_would_get_wrong(films):
    turned = films.even("decord_turned.mp4", frames=3, turn=(90, {}))
    with pytest.raises(DecodeError, match=r"upright.*pyav"):
        open_clip(turned, backend="decord").sample(1)
    with pytest.raises(DecodeError, match=r"on disk.*pyav"):
        open_clip(turned.read_bytes(), backend="decord").sample(1)


def test_the_gallery_is_there():
    assert gallery("bikes").stat().st_size > 100_000
    assert gallery("carphone").name == "carphone_pristine.mp4"  # its twin is distorted
    assert set(gallery_films()) == {"bikes", "bigbuckbunny", "carphone"}


def test_an_unknown_film_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError, match="bikes"):
        gallery_film("bike")


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr("vtk_notebooks.video.gallery.PACKAGE", "no-such-package")
    with pytest.raises(VtkError, match=r"pip install 'vtk-notebooks\[offline\]'"):
        gallery_film("bikes")
