import mmap
import threading
import time
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn.functional import embedding_bag

from vtk_notebooks.cost import flops, metered

BYTES = 64 * 2**20


def test_time_and_memory_of_a_block_are_seen():
    # Fresh pages from the system: an allocator may hand out what earlier tests gave back.
    with metered() as cost, mmap.mmap(-1, BYTES) as block:
        block.write(b"\1" * BYTES)
        time.sleep(0.05)
    assert cost.seconds >= 0.05
    assert cost.peak_bytes >= 0.9 * BYTES


def test_an_error_inside_passes_and_the_watch_ends():
    before = threading.active_count()
    with pytest.raises(KeyError), metered():
        raise KeyError("inside")
    assert threading.active_count() == before


def test_a_multiply_and_an_add_are_two_operations():
    a, b = torch.ones(3, 4), torch.ones(4, 5)
    assert flops(lambda: a @ b) == 2 * 3 * 4 * 5
    assert flops(lambda: (a @ b) @ (b.T @ a.T)) == 2 * (3 * 4 * 5 + 5 * 4 * 3 + 3 * 5 * 3)
    assert flops(lambda: a[[2, 0]]) == 0


@pytest.mark.parametrize("grad", [False, True])
def test_a_weighted_sum_costs_two_for_each_number_that_goes_into_it(grad):
    x, index = torch.ones(6, 4, requires_grad=grad), torch.arange(6)
    args = (index, x, torch.tensor([0, 4]))
    assert flops(lambda: embedding_bag(*args, mode="sum", per_sample_weights=x[:, 0])) == 2 * 6 * 4


def test_a_fused_layer_hides_nothing():
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    x = torch.ones(1, 5, 8)
    with torch.no_grad():
        told = flops(lambda: layer(x))
    projections, attention, mlp = 5 * 8 * 8 * 4, 2 * 5 * 5 * 8, 2 * 5 * 8 * 16
    assert told == 2 * (projections + attention + mlp)
    assert torch.backends.mha.get_fastpath_enabled()


def test_a_trace_follows_the_memory_up_and_down():
    with metered() as cost:
        with mmap.mmap(-1, BYTES) as block:
            block.write(b"\1" * BYTES)
            time.sleep(0.05)
        time.sleep(0.05)
    times_s, grown = zip(*cost.trace, strict=True)
    assert list(times_s) == sorted(times_s)
    assert times_s[-1] <= cost.seconds + 0.05
    assert max(grown) >= 0.9 * BYTES
    assert grown[-1] <= max(grown) - 0.5 * BYTES


def test_looks_become_rarer_as_a_block_grows_long(monkeypatch):
    monkeypatch.setattr("vtk_notebooks.cost._FINEST", 2)
    with metered() as cost:
        time.sleep(0.4)
    times_s = [time_s for time_s, _ in cost.trace]
    assert 3 <= len(times_s) < 12
    assert all(b >= 2 * a for a, b in pairwise(times_s[2:]))
