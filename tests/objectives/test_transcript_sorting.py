import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.objectives.transcript_sorting import (
    TranscriptSorter,
    TranscriptSorting,
    shuffled,
)

D = 24


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def sorter(seed=0):
    return drawn(lambda: TranscriptSorter(D), seed)


def test_four_pieces_get_four_places_each():  # the paper's K
    assert sorter()(draw(2, 10, D), draw(2, 4, D)).shape == (2, 4, 4)


@settings(max_examples=10)
@given(seed=st.integers(0, 99))
def test_shuffling_the_pieces_shuffles_the_answers(seed):
    kernel, video, text = sorter(), draw(2, 6, D), draw(2, 4, D, seed=1)
    order = torch.randperm(4, generator=torch.Generator().manual_seed(seed))
    moved = kernel(video, text[:, order])
    torch.testing.assert_close(moved, kernel(video, text)[:, order], atol=1e-5, rtol=1e-4)


def test_no_gradient_reaches_the_text_and_some_reaches_the_film():
    video, text = draw(1, 6, D).requires_grad_(), draw(1, 4, D, seed=1).requires_grad_()
    logits = sorter()(video, text)
    TranscriptSorting()(logits, torch.tensor([[2, 0, 1, 3]]))["total"].backward()
    assert text.grad is None
    assert video.grad is not None
    assert (video.grad.abs().sum(-1) > 0).all()


def test_right_places_cost_nothing_and_ignorance_costs_log_four():
    place = torch.tensor([[2, 0, 1, 3]])
    sure = 50 * torch.nn.functional.one_hot(place, 4).float()
    assert TranscriptSorting()(sure, place)["sorting"].item() == pytest.approx(0, abs=1e-6)
    none = TranscriptSorting()(torch.zeros(1, 4, 4), place)
    assert none["sorting"].item() == pytest.approx(math.log(4))
    assert none["total"] == 2 * none["sorting"]


def test_pieces_that_are_equal_cannot_be_sorted_better_than_by_chance():
    text = draw(3, 1, D).expand(3, 4, D)
    logits = sorter()(draw(3, 6, D, seed=1), text)
    place = torch.tensor([[0, 1, 2, 3]] * 3)
    assert TranscriptSorting()(logits, place)["sorting"] >= math.log(4) - 1e-5


def test_the_film_is_contrasted_with_the_mean_of_what_is_said():
    video, text = torch.eye(3, D), torch.eye(3, D)[:, None].expand(3, 4, D)
    args = torch.zeros(3, 4, 4), torch.zeros(3, 4, dtype=torch.long)
    terms = TranscriptSorting()(*args, video, text)
    assert terms["contrast"].item() == pytest.approx(math.log(1 + 2 * math.exp(-20)), abs=1e-6)
    assert terms["total"] == 2 * terms["sorting"] + terms["contrast"]
    other = TranscriptSorting()(*args, video.flip(0), text)
    assert other["contrast"] > 5


@given(b=st.integers(1, 4), k=st.integers(2, 5), seed=st.integers(0, 99))
def test_what_is_shuffled_says_where_it_was(b, k, seed):
    text = torch.arange(k).float().expand(b, k)[..., None]
    moved, place = shuffled(text, torch.Generator().manual_seed(seed))
    assert torch.equal(moved[..., 0].long(), place)
    assert all(sorted(row) == list(range(k)) for row in place.tolist())


def test_it_learns_to_sort_by_what_is_seen_and_blind_it_is_at_chance():
    kernel = drawn(lambda: TranscriptSorter(D, heads=4), 0)
    optimizer = torch.optim.AdamW(kernel.parameters(), 3e-3)
    when = 2 * draw(4, D, seed=3)  # what a film's tokens know of their own time
    for step in range(110):
        said = draw(64, 4, D, seed=100 + step)
        text, place = shuffled(said, torch.Generator().manual_seed(step))
        loss = TranscriptSorting()(kernel(said + when, text), place)["total"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    said = draw(64, 4, D, seed=7)
    text, place = shuffled(said, torch.Generator().manual_seed(999))
    right, blind = (
        (kernel(seen, text).argmax(-1) == place).float().mean().item()
        for seen in (said + when, torch.zeros_like(said))
    )
    assert right > 0.75
    assert blind < 0.4


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="4 pieces"):
        sorter()(draw(1, 6, D), draw(1, 3, D))
    with pytest.raises(ShapeError, match="places below 4"):
        TranscriptSorting()(torch.zeros(1, 4, 4), torch.full((1, 4), 4))
    with pytest.raises(VtkError, match="12 heads divide"):
        TranscriptSorter(20)
