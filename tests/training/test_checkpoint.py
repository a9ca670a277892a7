import pytest
import torch
from torch import nn

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.training.checkpoint import Progress, read, write

PLAN = {"steps": 9}


def parts(seed=0):
    net = nn.Linear(3, 2)
    nn.init.normal_(net.weight, generator=torch.Generator().manual_seed(seed))
    return net, torch.optim.AdamW(net.parameters(), 0.1)


def stepped(net, optimiser):
    net(torch.ones(1, 3)).square().sum().backward()
    optimiser.step()
    return net.weight.detach().clone()


def test_what_was_written_goes_on_as_if_it_had_never_stopped(tmp_path):
    net, optimiser = parts()
    stepped(net, optimiser)
    progress = Progress(1, {"total": [0.5]}, {1: 0.25}, {"weight": torch.ones(2, 3)})
    write(tmp_path / "a", progress, net, optimiser, PLAN)
    other = parts(seed=1)
    again = read(tmp_path / "a", *other, PLAN)
    assert (again.step, again.curve, again.held_out) == (1, {"total": [0.5]}, {1: 0.25})
    assert torch.equal(again.best["weight"], torch.ones(2, 3))
    optimiser.zero_grad()
    assert torch.equal(stepped(net, optimiser), stepped(*other))


def test_another_plan_another_network_and_another_file_are_refused(tmp_path):
    net, optimiser = parts()
    write(tmp_path / "a", Progress(), net, optimiser, PLAN)
    with pytest.raises(WeightsError, match="plan"):
        read(tmp_path / "a", net, optimiser, {"steps": 10})
    small = nn.Linear(1, 1)
    with pytest.raises(WeightsError, match="checkpoint"):
        read(tmp_path / "a", small, torch.optim.AdamW(small.parameters()), PLAN)
    (tmp_path / "b").write_bytes(b"no file of weights")
    with pytest.raises(WeightsError, match="checkpoint"):
        read(tmp_path / "b", net, optimiser, PLAN)


def test_looks_that_bring_nothing_better_are_counted_from_the_best_one():
    looks = ([], [3.0], [3.0, 2.0], [2.0, 3.0, 2.0])
    counts = [Progress(held_out=dict(enumerate(values))).worse_for() for values in looks]
    assert counts == [0, 0, 0, 2]
