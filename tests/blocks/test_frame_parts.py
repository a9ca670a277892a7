import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.frame_parts import PATTERNS, frame_parts
from vtk_notebooks.errors import UnknownNameError, VtkError

SIDES = st.integers(8, 60)


@given(h=SIDES, w=SIDES, pattern=st.sampled_from(PATTERNS))
def test_every_pixel_is_in_a_part(h, w, pattern):
    parts = frame_parts(pattern, h, w)
    assert parts.any(0).all()
    assert parts.any((1, 2)).all()
    if pattern != "triangles":
        assert (parts.sum(0) == 1).all()


def test_a_frame_of_112_pixels_is_cut_as_in_the_paper():
    assert [len(frame_parts(p, 112, 112)) for p in PATTERNS] == [16, 4, 8]
    assert (frame_parts("grid", 112, 112).sum((1, 2)) == 28 * 28).all()
    assert (frame_parts("triangles", 112, 112).sum((1, 2)) == 56 * 57 // 2).all()
    rings = frame_parts("rings", 112, 112).sum((1, 2))
    assert rings.tolist() == [(112 - 28 * k) ** 2 - (112 - 28 * (k + 1)) ** 2 for k in range(4)]


@given(h=SIDES, w=SIDES)
def test_a_mirrored_frame_has_its_parts_mirrored(h, w):
    h, w = 4 * (h // 4), 4 * (w // 4)
    mirror = {
        "grid": np.arange(16).reshape(4, 4)[:, ::-1].ravel(),
        "rings": np.arange(4),
        "triangles": np.array([2, 3, 0, 1, 6, 7, 4, 5]),
    }
    for pattern in PATTERNS:
        parts = frame_parts(pattern, h, w)
        assert np.array_equal(parts[..., ::-1], parts[mirror[pattern]])


def test_parts_are_where_they_are_said_to_be():
    assert frame_parts("grid", 16, 16)[5, 4, 4]  # second row, second column
    assert frame_parts("rings", 16, 16)[0, 0, 9]
    assert frame_parts("rings", 16, 16)[3, 8, 8]
    assert frame_parts("triangles", 16, 16)[0, 0, 5]  # at the top
    assert frame_parts("triangles", 16, 16)[1, 5, 0]  # at the left


def test_small_frames_and_unknown_patterns_are_refused():
    with pytest.raises(VtkError, match="8 or more"):
        frame_parts("grid", 7, 20)
    with pytest.raises(UnknownNameError, match="Did you mean 'rings'"):
        frame_parts("ring", 8, 8)
