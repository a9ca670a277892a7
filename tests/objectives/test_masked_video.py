import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import ShapeError
from vtk_notebooks.objectives.masked_video import MaskedVideoLoss


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def numbers(b, n, k, seed=0):
    order = torch.rand(b, n, generator=torch.Generator().manual_seed(seed)).argsort(1)
    return order[:, :k].sort(1).values


@given(n=st.integers(1, 20), part=st.floats(0.05, 1), seed=st.integers(0, 99))
def test_a_reading_that_misses_nothing_costs_nothing(n, part, seed):
    whole, kept = draw(2, n, 5, seed=seed), numbers(2, n, max(1, int(part * n)), seed)
    some = torch.stack([w[k] for w, k in zip(whole, kept, strict=True)])
    assert MaskedVideoLoss()(some, whole, kept)["mvm"].item() == pytest.approx(0, abs=1e-9)


def test_opposite_hidden_states_cost_four_and_unrelated_ones_two():
    whole, kept = torch.eye(4)[None, :2], torch.tensor([[0, 1]])
    assert MaskedVideoLoss()(-whole, whole, kept)["mvm"] == 4
    assert MaskedVideoLoss()(torch.eye(4)[None, 2:], whole, kept)["mvm"] == 2


def test_only_directions_count():
    some, whole, kept = draw(2, 3, 5), draw(2, 7, 5, seed=1), numbers(2, 7, 3)
    expected = MaskedVideoLoss()(some, whole, kept)["mvm"]
    torch.testing.assert_close(MaskedVideoLoss()(9 * some, whole / 3, kept)["mvm"], expected)


def test_it_is_the_squared_distance_of_unit_vectors_token_by_token():
    some, whole, kept = draw(2, 3, 5), draw(2, 7, 5, seed=1), numbers(2, 7, 3)
    far = [
        (some[b, i] / some[b, i].norm() - whole[b, j] / whole[b, j].norm()).square().sum()
        for b in range(2)
        for i, j in enumerate(kept[b])
    ]
    torch.testing.assert_close(MaskedVideoLoss()(some, whole, kept)["mvm"], torch.stack(far).mean())


def test_the_whole_reading_is_a_target_and_gets_no_gradient():
    some, whole = draw(1, 3, 5).requires_grad_(), draw(1, 7, 5, seed=1).requires_grad_()
    MaskedVideoLoss()(some, whole, numbers(1, 7, 3))["total"].backward()
    assert some.grad is not None
    assert some.grad.abs().sum() > 0
    assert whole.grad is None


def test_its_weight_stands_beside_the_loss_of_the_answer():
    args = draw(1, 3, 5), draw(1, 7, 5, seed=1), numbers(1, 7, 3)
    out = MaskedVideoLoss(weight=0.25)(*args)
    assert out["total"] == 0.25 * out["mvm"]


@pytest.mark.parametrize(
    ("whole", "kept"), [((1, 7, 6), (1, 7, 3)), ((1, 7, 5), (1, 7, 4)), ((1, 3, 5), (1, 7, 3))]
)
def test_readings_that_do_not_belong_together_are_refused(whole, kept):
    with pytest.raises(ShapeError, match="stays gives the numbers"):
        MaskedVideoLoss()(draw(1, 3, 5), draw(*whole), numbers(*kept))
