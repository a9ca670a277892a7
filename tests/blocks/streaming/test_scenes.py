import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.streaming.scenes import SceneWatch, depths, scene_ends


def noise(t, d=6, seed=0):
    return torch.randn(t, d, generator=torch.Generator().manual_seed(seed))


def scenes(*lengths, d=8, seed=0, noise=0.01):
    """Frames of scenes that look each like itself."""
    draw = torch.Generator().manual_seed(seed)
    basis = torch.linalg.qr(torch.randn(d, d, generator=draw))[0]
    x = torch.cat([basis[i].expand(n, -1) for i, n in enumerate(lengths)])
    return x + noise * torch.randn(x.shape, generator=draw)


def test_scenes_end_where_they_were_planted():
    assert scene_ends(scenes(7, 5, 12, 9)) == [6, 11, 23, 32]


def test_a_film_that_does_not_change_is_one_scene():
    assert scene_ends(torch.ones(9, 3)) == [8]
    assert scene_ends(torch.ones(9, 3), causal=True) == [8]
    assert scene_ends(torch.ones(1, 3)) == [0]


def test_no_frame_before_the_peak_is_climbed_to():
    alike = torch.tensor([0.0, 1.0, 0.2, 1.0]).acos()  # angles between frames in a row
    turned = torch.cat([torch.zeros(1), alike]).cumsum(0)
    x = torch.stack([turned.cos(), turned.sin()], 1)
    torch.testing.assert_close(depths(x), torch.tensor([1.0, 0, 1.6, 0]), atol=1e-5, rtol=0)
    torch.testing.assert_close(
        depths(x, causal=True), torch.tensor([0, 0, 0.8, 0]), atol=1e-5, rtol=0
    )


@given(t=st.integers(3, 40), seed=st.integers(0, 99), alpha=st.floats(0, 2))
def test_scenes_end_at_the_deep_places_and_nowhere_else(t, seed, alpha):
    x = noise(t, seed=seed)
    depth, ends = depths(x), scene_ends(x, alpha, most=99)
    deep = depth > depth.mean() + alpha * depth.std()
    assert [i for i in ends if i < t - 1] == deep.nonzero().flatten().tolist()
    assert ends[-1] == t - 1


@given(seed=st.integers(0, 99))
def test_how_loud_a_frame_is_does_not_matter(seed):
    x = noise(30, seed=seed).double()
    louder = x * (torch.rand(30, 1, generator=torch.Generator().manual_seed(seed)).double() + 0.1)
    assert scene_ends(louder) == scene_ends(x)


def test_of_too_many_ends_the_deepest_count():
    x, all_of_them = noise(60), scene_ends(noise(60), 0, most=99)
    few = scene_ends(x, 0, most=5)
    assert len(all_of_them) > len(few) == 6
    assert set(few) < {*all_of_them}
    assert few[:-1] == sorted(depths(x).topk(5).indices.tolist())
    assert scene_ends(x, scenes=5) == few


@pytest.mark.parametrize("seed", range(4))
def test_a_watch_sees_planted_scenes_end_one_frame_later(seed):
    watch = SceneWatch(alpha=3)
    x = scenes(12, 9, 14, seed=seed, noise=0)
    assert [i for i, frame in enumerate(x) if watch(frame)] == [12, 21]


@given(t=st.integers(3, 30), seed=st.integers(0, 99))
def test_a_watch_judges_each_frame_as_the_film_so_far_would(t, seed):
    x, watch = noise(t, seed=seed).double(), SceneWatch()
    said = [watch(frame) for frame in x][-1]
    depth = depths(x, causal=True)
    assert said == bool(depth[-1] > depth.mean() + 0.5 * depth.std())
