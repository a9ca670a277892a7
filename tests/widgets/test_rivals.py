"""Baselines beside a token map: as many tokens, chosen by chance or by counting."""

import numpy as np
import pytest
import torch

from vtk_widgets import TokenMap
from vtk_widgets.parts.tokens import rivals


def numbers(entry, name, dtype="<i4"):
    return np.frombuffer(entry[name], dtype)


@pytest.mark.parametrize("name", ["random", "uniform"])
def test_a_baseline_keeps_as_many_tokens_as_the_recipe_on_show(run, merge, name):
    token_map = TokenMap.of(run, rerun=merge)
    assert token_map.rivals == {"random": [], "uniform": []}  # nothing is made before it is asked
    token_map.rival = name
    (made,) = token_map.rivals[name]
    assert len(numbers(made, "mass")) == 18
    token_map.keep = 0.25
    assert [len(numbers(entry, "mass")) for entry in token_map.rivals[name]] == [9]
    kept = numbers(made, "owner") >= 0
    assert kept.sum() == 18
    if name == "uniform":
        assert kept.reshape(6, 6).sum(1).tolist() == [3] * 6  # evenly over time


def test_a_baseline_of_bare_tokens_chooses_among_all_cells(tokens, clip):
    token_map = TokenMap.of((tokens.select(torch.arange(12)), clip))
    token_map.rival = "random"
    assert (numbers(token_map.rivals["random"][0], "owner") >= 0).sum() == 12


def test_a_baseline_draws_with_the_seed(tokens):
    a, b, again = (rivals.kept("random", 9, tokens, seed).edges for seed in (0, 1, 0))
    assert torch.equal(a, again)
    assert not torch.equal(a, b)


def test_a_page_gets_the_baselines_at_every_budget_made(run, merge):
    token_map = TokenMap.of(run, rerun=merge, keeps=(0.25, 0.75))
    rivals = token_map.static_state()["rivals"]
    counts = {name: {len(numbers(e, "mass")) for e in made} for name, made in rivals.items()}
    assert counts == {"random": {9, 18, 27}, "uniform": {9, 18, 27}}


def test_without_baselines_none_can_be_called(run):
    token_map = TokenMap.of(run, baselines=False)
    token_map.rival = "random"
    assert token_map.rivals == {}
