"""What a film becomes, against what it does become, for a tiny model of every architecture."""

import numpy as np
import pytest

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.models.door import load
from vtk_notebooks.models.positions import film_size
from vtk_notebooks.models.source import find

from .adapters import _tiny, _tiny_language, _tiny_towers
from .adapters.test_language import MAKE as LANGUAGE
from .adapters.test_towers import MAKE as TOWERS

ALONE = {name: getattr(_tiny, name) for name in ("clip", "siglip", "xclip", "tvp")}
MAKE = {**LANGUAGE, **TOWERS, **ALONE}


@pytest.mark.parametrize("name", MAKE)
def test_tokens_are_counted_within_a_factor_of_two(name, tmp_path):
    folder = MAKE[name](tmp_path)
    model = load(folder, attention="eager" if name in ("timesformer", "tvp") else "sdpa")
    count = 4 if name == "tvp" else 8  # it sees no other number
    frames = np.random.default_rng(0).integers(0, 256, (count, 480, 854, 3), dtype=np.uint8)
    there = len(model.encode(Clip(frames, np.arange(count) * 1.0, Origin("made", 8.0))))
    size = film_size(find(folder), count)
    assert there / 2 <= size.tokens <= 2 * there
    assert 1 <= size.at_once <= count
    assert size.patches * count * 2 >= there


def test_a_longer_film_has_more_tokens_and_a_group_is_begun_once(tmp_path):
    source = find(_tiny_towers.videomae(tmp_path))
    counts = [film_size(source, frames).tokens for frames in (1, 2, 3, 8)]
    assert counts == [16, 16, 32, 64]


def test_queries_are_counted_by_frame(tmp_path):
    source = find(_tiny_language.instructblip_video(tmp_path))
    assert film_size(source, 6).tokens == 6 * 4
