import pytest
import torch

from vtk_notebooks import Tokens, build
from vtk_notebooks.papers.compressors.storm import recipe


def draw(t, h, w, d):
    return torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(0))


def squeezed(tokens, stages):
    for part in stages:
        tokens = part.build()(tokens)
    return tokens


def test_32768_tokens_become_8192_and_then_4096():  # 128 frames of 256
    tokens = Tokens.from_grid(draw(128, 16, 16, 2), torch.arange(128) / 2)
    _, pool, stride = recipe().stages
    pooled = pool.build()(tokens)
    assert len(tokens) == 32768
    assert len(pooled) == pool.build().count(tokens.grid)[0] == 8192
    assert len(stride.build()(pooled)) == 4096
    assert len(build("compressor", "spatial_pool")(tokens)) == 128 * 64


def test_a_stride_behind_a_pool_reads_every_second_mean():
    tokens = Tokens.from_grid(draw(16, 2, 2, 8), torch.arange(16) / 2)
    out = squeezed(tokens, recipe().stages[1:])
    means = tokens.on_grid("").unflatten(0, (4, 4)).mean(1)
    torch.testing.assert_close(out.x, means[::2].flatten(0, 2))


def test_a_scan_before_the_pool_lets_skipped_frames_speak_and_one_after_it_does_not():
    x = draw(16, 2, 2, 8)
    other = x.clone()
    other[4:8] += 3  # the frames that the stride skips

    def moved(stages):
        both = [squeezed(Tokens.from_grid(y, torch.arange(16) / 2), stages) for y in (x, other)]
        return (both[0].x - both[1].x).abs().max().item()

    scan, pool, stride = recipe().stages
    assert moved([scan, pool, stride]) > 1e-4
    assert moved([pool, stride, scan]) == 0


@pytest.mark.weights
def test_an_eighth_of_the_tokens_is_left(on_bikes):
    numbers = on_bikes("storm").numbers
    assert numbers["tokens_after"] == numbers["tokens_before"] / 8
    assert numbers["pooled_in_time_tokens"] == numbers["tokens_before"] / 4
    assert 0.1 < numbers["told_percent"] < 30
