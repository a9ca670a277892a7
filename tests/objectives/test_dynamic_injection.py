import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.heads import UniVTG
from vtk_notebooks.objectives.dynamic_injection import (
    DynamicInjection,
    split_words,
    what_changes,
    what_is_there,
)
from vtk_notebooks.objectives.univtg import UniVTGLoss
from vtk_notebooks.training import planted, train_head


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


INSIDE = torch.tensor([[False, True, True, True, False]] * 3)


@given(seed=st.integers(0, 99))
def test_a_still_film_has_nothing_to_say_about_dynamics(seed):
    still = rand(3, 1, 4, seed=seed).expand(3, 5, 4)
    terms = DynamicInjection()(still, INSIDE, rand(3, 4), rand(3, 4, seed=1))
    assert terms["dynamics"] == 0
    assert terms["context"] > 0


def test_what_happens_outside_the_moment_counts_for_nothing():
    video, other = rand(3, 5, 4), rand(3, 5, 4)
    other[:, [0, 4]] = rand(3, 2, 4, seed=5)
    assert torch.equal(what_is_there(video, INSIDE), what_is_there(other, INSIDE))
    assert torch.equal(what_changes(video, INSIDE), what_changes(other, INSIDE))


def test_change_is_the_mean_step_between_neighbours_inside():
    video = torch.tensor([0.0, 1, 3, 2, 9])[None, :, None].expand(3, 5, 1)
    assert what_changes(video, INSIDE).flatten().tolist() == pytest.approx([1.5] * 3)


def test_sentences_that_fit_their_films_cost_less_than_others():
    video, loss = rand(3, 5, 4), DynamicInjection()
    there, change = what_is_there(video, INSIDE), what_changes(video, INSIDE)
    fits = loss(video, INSIDE, there, change)
    swapped = loss(video, INSIDE, there.roll(1, 0), change.roll(1, 0))
    assert all(fits[name] < swapped[name] for name in fits)


def test_the_static_part_learns_only_from_context_and_the_dynamic_one_from_dynamics():
    static, dynamic = rand(3, 4).requires_grad_(), rand(3, 4, seed=1).requires_grad_()
    terms = DynamicInjection()(rand(3, 5, 4), INSIDE, static, dynamic)
    by_context = torch.autograd.grad(terms["context"], (static, dynamic), allow_unused=True)
    assert by_context[0].any()
    assert by_context[1] is None
    by_dynamics = torch.autograd.grad(terms["dynamics"], (static, dynamic), allow_unused=True)
    assert by_dynamics[0] is None
    assert by_dynamics[1].any()


def test_nouns_and_verbs_are_told_apart_and_small_words_left_out():
    words = ["[CLS]", "a", "cycl", "##ist", "is", "riding", "past", "red", "cars", ".", "[SEP]"]
    static, dynamic = split_words(words)
    assert [words[i] for i in static] == ["cycl", "##ist", "past", "red", "cars"]
    assert [words[i] for i in dynamic] == ["riding"]
    assert split_words(["He", "runs"]) == ([0], [1])


def test_it_stands_beside_the_losses_of_a_head():
    films = [planted(i, frames=8, width=8) for i in range(4)]
    objectives = [UniVTGLoss(), DynamicInjection()]
    curve = train_head(UniVTG.new("made", 8), films, 2, objectives=objectives).curve
    assert {"b", "f", "context", "dynamics"} <= set(curve)
