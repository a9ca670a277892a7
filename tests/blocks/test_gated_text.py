import torch
from torch.nn.functional import gelu

from vtk_notebooks.blocks.gated_text import GatedCrossAttention, PartitionedText, media_mask
from vtk_notebooks.blocks.kernels import drawn


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def gated(gate=1.0):
    return drawn(lambda: GatedCrossAttention(16, 8, gate=gate), 0)


def test_words_may_read_only_the_last_medium_before_them():
    may = media_mask(torch.tensor([[0, 1, 1, 2]]), torch.tensor([[1, 1, 2]]))
    assert may[0].int().tolist() == [[0, 0, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_shut_gates_change_nothing_bit_for_bit():
    x, media = draw(1, 4, 16), draw(1, 3, 8, seed=1)
    may = torch.ones(1, 4, 3, dtype=torch.bool)
    assert torch.equal(gated(0.0)(x, media, may), x)
    assert not torch.equal(gated(1.0)(x, media, may), x)


def test_words_before_any_medium_are_told_exactly_nothing():
    x, media = draw(1, 4, 16), draw(1, 3, 8, seed=1)
    may = media_mask(torch.tensor([[0, 0, 1, 1]]), torch.tensor([[1, 1, 1]]))
    told = gated().told(x, media, may)
    assert (told[0, :2] == 0).all()
    assert (told[0, 2:] != 0).any(1).all()
    other = gated()(x, draw(1, 3, 8, seed=2), may)
    assert torch.equal(gated()(x, media, may)[0, :2], other[0, :2])


def test_the_network_behind_the_second_gate_works_on_every_word():  # as in Flamingo and COSMO
    kernel, x, media = gated(0.7), draw(1, 4, 16), draw(1, 3, 8, seed=1)
    may = media_mask(torch.tensor([[0, 0, 1, 1]]), torch.tensor([[1, 1, 1]]))
    gate = torch.tensor(0.7).tanh()
    read = x + gate * kernel.told(x, media, may)
    made = kernel.down(gelu(kernel.up(kernel.norm2(read))))
    torch.testing.assert_close(kernel(x, media, may), read + gate * made)


def test_only_the_preceding_medium_feels_a_gradient():
    media = draw(1, 4, 8, seed=1).requires_grad_()
    may = media_mask(torch.tensor([[1, 2, 2]]), torch.tensor([[1, 1, 2, 2]]))
    gated()(draw(1, 3, 16), media, may)[0, 1].sum().backward()
    assert media.grad is not None
    assert (media.grad[0, :2] == 0).all()
    assert (media.grad[0, 2:] != 0).any(1).all()


def test_shut_gates_let_a_gradient_open_them():
    kernel = gated(0.0)
    may = torch.ones(1, 4, 3, dtype=torch.bool)
    kernel(draw(1, 4, 16), draw(1, 3, 8, seed=1), may).square().sum().backward()
    assert kernel.read_gate.grad is not None
    assert kernel.read_gate.grad != 0


def tower():
    return drawn(lambda: PartitionedText(11, 16, 8), 0)


def test_the_lower_half_sees_no_media_and_no_later_word():
    text = torch.tensor([[1, 2, 3, 4]])
    lower = tower().unimodal(text)
    other = tower().unimodal(torch.tensor([[1, 2, 3, 9]]))
    torch.testing.assert_close(lower[:, :3], other[:, :3])
    assert not torch.allclose(lower[:, 3], other[:, 3])


def test_before_training_the_upper_half_is_blind_and_with_open_gates_it_sees():
    text, may = torch.tensor([[1, 2, 3, 4]]), torch.ones(1, 4, 3, dtype=torch.bool)
    kernel = tower()
    lower, one, two = kernel.unimodal(text), draw(1, 3, 8), draw(1, 3, 8, seed=5)
    assert torch.equal(kernel(lower, one, may), kernel(lower, two, may))
    for name, parameter in kernel.named_parameters():
        if name.endswith("read_gate"):
            torch.nn.init.ones_(parameter)
    assert not torch.allclose(kernel(lower, one, may), kernel(lower, two, may))


def test_a_text_is_the_mean_of_its_words_as_the_query_weighs_them():
    kernel, lower = tower(), draw(2, 4, 16)
    torch.nn.init.zeros_(kernel.ask)
    torch.testing.assert_close(kernel.said(lower), lower.mean(1))
