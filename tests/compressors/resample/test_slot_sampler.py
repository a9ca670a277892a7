import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.kernels import save_kernel
from vtk_notebooks.compressors import SlotSampler
from vtk_notebooks.compressors.resample.slot_sampler import Slots
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError


def film(t=8, h=2, w=4, d=6, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def test_3072_tokens_become_256_slots():  # the paper's count
    assert len(SlotSampler()(film(t=96, h=4, w=8, d=3))) == 256


def test_a_slot_is_the_softmax_of_tokens_times_slot_over_the_tokens():  # the paper's formula
    tokens, sampler = film(), SlotSampler(slots=5)
    slots = sampler.kernel(6, 5).slots
    by_hand = (tokens.x @ slots).softmax(0).T @ tokens.x
    torch.testing.assert_close(sampler(tokens).x, by_hand)
    torch.testing.assert_close(sampler.kernel(6, 5)(tokens.x[None])[0], by_hand)


@given(seed=st.integers(0, 99), slots=st.integers(1, 30))
def test_the_order_of_the_tokens_plays_no_part(seed, slots):
    tokens, sampler = film(), SlotSampler(slots=slots, seed=seed)
    order = torch.randperm(len(tokens), generator=torch.Generator().manual_seed(seed))
    shuffled, plain = sampler(tokens.select(order)), sampler(tokens)
    torch.testing.assert_close(shuffled.x, plain.x, atol=1e-5, rtol=1e-4)


def test_equal_tokens_make_every_slot_that_token():
    same = Tokens.from_grid(torch.ones(4, 2, 2, 3), torch.arange(4) / 2)
    torch.testing.assert_close(SlotSampler(slots=3)(same).x, torch.ones(3, 3))


def test_a_seed_says_where_the_slots_point():
    tokens = film()
    assert torch.equal(SlotSampler(4, seed=1)(tokens).x, SlotSampler(4, seed=1)(tokens).x)
    assert (SlotSampler(4, seed=1)(tokens).x - SlotSampler(4, seed=2)(tokens).x).norm() > 0.1


def test_a_sharp_slot_is_its_best_token_and_nothing_is_kept_of_the_others():
    tokens, sampler = film(), SlotSampler(4, sharpness=1e4)
    best = (tokens.x @ sampler.kernel(6, 4).slots).argmax(0)
    out = sampler(tokens)
    torch.testing.assert_close(out.x, tokens.x[best])
    assert out.edges[:, 1].tolist() == best.tolist()


def test_no_more_tokens_than_slots_are_left_as_they_are():
    tokens = film(t=2)
    assert torch.equal(SlotSampler(16)(tokens).x, tokens.x)
    assert SlotSampler().at(1.0)(tokens).kind == "hard"


def test_slots_learn_and_are_read_again(tmp_path):
    tokens, slots = film(), Slots(6, 5)
    wanted = tokens.x[:5]
    learn = torch.optim.SGD(slots.parameters(), 0.5)
    losses = []
    for _ in range(3):
        losses.append((slots(tokens.x[None])[0] - wanted).square().mean())
        learn.zero_grad()
        losses[-1].backward()
        learn.step()
    assert losses[0] > losses[1] > losses[2]
    trained = SlotSampler(5, file=save_kernel(slots, tmp_path / "slots.safetensors"))
    torch.testing.assert_close(trained(tokens).x, slots(tokens.x[None])[0])
    assert trained.at(0.5).file == ""


def test_slots_of_another_size_are_refused(tmp_path):
    file = save_kernel(Slots(6, 5), tmp_path / "slots.safetensors")
    with pytest.raises(ShapeError, match="5 slots for 6 channels"):
        SlotSampler(4, file=file)(film())
    with pytest.raises(WeightsError):
        SlotSampler(4, file=str(tmp_path / "none"))(film())


@pytest.mark.parametrize("wrong", [{"slots": 0}, {"keep": 1.5}, {"keep": -0.1}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        SlotSampler(**wrong)
