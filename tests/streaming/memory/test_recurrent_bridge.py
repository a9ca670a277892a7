import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.kernels import drawn, save_kernel
from vtk_notebooks.blocks.streaming.ledger import held_bytes
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.streaming import remember, remembered
from vtk_notebooks.streaming.memory.recurrent_bridge import MemoryBridge, RecurrentBridge
from vtk_notebooks.tokens import Tokens


def film(t, d=6, seed=0, h=4, w=4):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 1)


def scenes(*lengths, d=6):
    x = torch.cat([torch.eye(d)[i].expand(n, 4, 4, d) for i, n in enumerate(lengths)])
    return Tokens.from_grid(x, torch.arange(len(x)) / 1)


def frames(out, token):
    mine = out.edges[out.edges[:, 0] == token, 1]
    return (mine // (out.grid[1] * out.grid[2])).unique().tolist()


def test_memory_and_last_scene_cost_the_same_however_long_the_film():  # the paper's claim
    made = RecurrentBridge()
    for t in (60, 120):
        assert len(remember(made, film(t))) <= 32 + 8 * 16
    assert made.most((16, 16)) == 32 + 8 * 144


def test_scenes_end_where_the_film_changes():
    made = RecurrentBridge(alpha=2)
    out = remember(made, scenes(12, 9, 10))
    assert made.scenes == [11, 20]
    assert frames(out, 32) == [21]  # the first token behind the memory


def test_a_scene_that_does_not_end_is_cut_and_read_evenly():
    made = RecurrentBridge(longest=6, frames=3, memory=2)
    out = remember(made, scenes(16))
    assert made.scenes == [5, 11]
    assert [frames(out, 2 + 16 * i) for i in range(3)] == [[12], [13], [14]]
    assert frames(out, 0) == [0, 2, 4, 6, 8, 10, 12, 13, 14]


def test_the_memory_of_the_last_scene_depends_on_the_first():
    tokens = scenes(8, 8, 8)
    other = tokens.x.clone()
    other[:16] += 1.0  # one frame
    twin = Tokens.from_grid(other.view(24, 4, 4, 6), tokens.times_s)
    a, b = (remember(RecurrentBridge(longest=8), x).x[:32] for x in (tokens, twin))
    assert (a - b).abs().max() > 1e-3


def test_gradients_reach_the_memory_and_the_scene_where_it_began():
    kernel = drawn(lambda: MemoryBridge(6, 3), 0)
    first = film(2).x.requires_grad_()
    memory, _ = kernel(kernel.memory, first)
    cached = [memory]
    for seed in (1, 2):
        memory, scene = kernel(kernel.look_back(memory, torch.cat(cached)), film(2, seed=seed).x)
        cached.append(memory)
    scene.square().sum().backward()
    assert first.grad is not None
    assert first.grad.abs().max() > 0
    assert kernel.memory.grad is not None
    assert kernel.memory.grad.abs().max() > 0


def test_before_training_a_token_is_itself_and_what_it_attends_to():
    kernel, x = drawn(lambda: MemoryBridge(6, 3), 0), film(1).x
    with torch.no_grad():
        _, scene = kernel(torch.zeros(3, 6), x)
    told = scene - x
    assert (told.amax(0) <= x.amax(0) + 1e-5).all()
    assert (told.amin(0) >= x.amin(0).clamp_max(0) - 1e-5).all()


@given(cache=st.integers(1, 4), scene=st.integers(1, 5), t=st.integers(1, 30))
def test_what_is_held_depends_on_cache_and_scene_alone(cache, scene, t):
    made = RecurrentBridge(memory=2, frames=2, side=2, longest=scene, cache=cache)
    for _ in remembered(made, film(t)):
        pass
    floats = (cache + 1) * 2 * 6 + scene * 4 * 6 + 6
    assert held_bytes(made) <= 4 * floats


def test_reading_an_open_scene_does_not_close_it():
    tokens, often, once = scenes(20), RecurrentBridge(longest=8), RecurrentBridge(longest=8)
    *_, out = remembered(often, tokens)
    assert torch.equal(out.x, remember(once, tokens).x)
    assert often.scenes == once.scenes == [7, 15]


def test_a_trained_bridge_is_read_from_its_file(tmp_path):
    file = save_kernel(drawn(lambda: MemoryBridge(6, 5), 9), tmp_path / "bridge.safetensors")
    drawn_9, read = RecurrentBridge(memory=5, seed=9), RecurrentBridge(memory=5, file=file)
    assert torch.equal(remember(drawn_9, film(9)).x, remember(read, film(9)).x)
    with pytest.raises(ShapeError, match="'memory': 5"):
        remember(RecurrentBridge(memory=4, file=file), film(9))


@pytest.mark.parametrize("wrong", [{"memory": 0}, {"cache": 0}, {"longest": 0}, {"alpha": -1.0}])
def test_counts_that_make_no_memory_are_refused(wrong):
    with pytest.raises(VtkError, match="RecurrentBridge"):
        RecurrentBridge(**wrong)
