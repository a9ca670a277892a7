import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens, build
from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.errors import ShapeError, WeightsError
from vtk_notebooks.mixers.absolute_time import SecondTable, token_times_s


def film(t=4, h=2, w=3, d=8, step_s=0.6, start_s=0.0, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, start_s + torch.arange(t) * step_s, space="made")


def trained(tmp_path, d=8, seconds=64):
    kernel = SecondTable(d, seconds)
    draw = torch.Generator().manual_seed(1)
    torch.nn.init.normal_(kernel.table.weight, generator=draw)
    return kernel, save_kernel(kernel, tmp_path / "seconds.safetensors")


def test_a_table_of_8192_seconds_starts_as_the_identity():  # the paper's table
    kernel, x = SecondTable(8), film().x
    assert kernel.table.weight.shape == (8192, 8)
    assert torch.equal(kernel(x, torch.arange(len(x)) / 2), x)


def test_without_a_file_nothing_is_added():
    tokens = film()
    assert torch.equal(build("mixer", "absolute_time")(tokens).x, tokens.x)


def test_all_cells_of_a_frame_are_told_their_nearest_second(tmp_path):
    tokens, (kernel, file) = film(), trained(tmp_path)
    told = build("mixer", "absolute_time", file=file)(tokens).x - tokens.x
    for frame, second in enumerate([0, 1, 1, 2]):  # of 0, 0.6, 1.2 and 1.8 s
        row = kernel.table.weight[second]
        torch.testing.assert_close(told[6 * frame : 6 * frame + 6], row.expand(6, 8))


def test_a_second_is_the_same_in_every_film(tmp_path):
    _, file = trained(tmp_path)
    mixer, short, long = build("mixer", "absolute_time", file=file), film(), film(step_s=5.0)
    torch.testing.assert_close((mixer(short).x - short.x)[:6], (mixer(long).x - long.x)[:6])
    later = film(start_s=20.0)
    assert not torch.allclose((mixer(short).x - short.x)[:6], (mixer(later).x - later.x)[:6])


@given(time_s=st.floats(-5, 200))
def test_seconds_outside_the_table_become_its_ends(time_s):
    row = SecondTable(2, 64).row(torch.tensor([time_s])).item()
    assert row == min(max(round(float(torch.tensor(time_s))), 0), 63)


def test_a_merged_token_is_told_the_second_of_its_mean_time(tmp_path):
    tokens, (kernel, file) = film(step_s=2.0), trained(tmp_path)
    pair = tokens.regroup(torch.arange(24) % 6)  # the four frames of a place: 0, 2, 4 and 6 s
    assert token_times_s(pair).tolist() == pytest.approx([3.0] * 6)
    told = build("mixer", "absolute_time", file=file)(pair).x - pair.x
    torch.testing.assert_close(told, kernel.table.weight[3].expand(6, 8))


def test_a_token_without_cells_is_told_nothing(tmp_path):
    tokens, (_, file) = film(), trained(tmp_path)
    step = torch.tensor([[0, 0]])
    bare = tokens.derive(torch.ones(2, 8), step, torch.ones(1), "none")
    out = build("mixer", "absolute_time", file=file)(bare)
    assert torch.equal(out.x[1], torch.ones(8))
    assert not torch.equal(out.x[0], torch.ones(8))


def test_slots_know_of_time_only_what_is_in_the_features(tmp_path):
    _, file = trained(tmp_path)
    slots, mixer = (
        build("compressor", "slot_sampler", slots=4),
        build("mixer", "absolute_time", file=file),
    )
    x = film().on_grid("test")
    there, back = film(), Tokens.from_grid(x.flip(0), film().times_s, space="made")
    torch.testing.assert_close(slots(there).x, slots(back).x)
    assert not torch.allclose(slots(mixer(there)).x, slots(mixer(back)).x)


def test_a_gradient_reaches_only_the_seconds_that_were_seen():
    kernel = SecondTable(4, 16)
    kernel(torch.zeros(3, 4), torch.tensor([0.2, 3.4, 3.6])).sum().backward()
    grad = kernel.table.weight.grad
    assert grad is not None
    assert grad.abs().sum(1).nonzero().squeeze(1).tolist() == [0, 3, 4]


def test_a_table_of_another_width_is_refused(tmp_path):
    _, file = trained(tmp_path, d=6)
    with pytest.raises(ShapeError, match="6 channels"):
        build("mixer", "absolute_time", file=file)(film())
    with pytest.raises(WeightsError):
        build("mixer", "absolute_time", file=str(tmp_path / "none"))(film())
