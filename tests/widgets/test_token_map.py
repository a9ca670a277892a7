"""Token map: owners as bytes, budgets made beforehand, and reruns while there is a kernel."""

import asyncio
from time import sleep

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.tokens import KINDS, Tokens
from vtk_widgets import TokenMap
from vtk_widgets.parts.tokens.levels import MEANING, level
from vtk_widgets.parts.tokens.panes import shown


def numbers(entry, name, dtype="<i4"):
    return np.frombuffer(entry[name], dtype)


def test_owners_are_little_endian_int32_in_grid_order(run, merge):
    entry = TokenMap.of(run).levels[0][0]
    assert (numbers(entry, "owner").reshape(6, 2, 3) == merge(0.5).owner().numpy()).all()
    assert numbers(entry, "mass").tolist() == [2] * 18


@given(group=st.lists(st.integers(-1, 3), min_size=8, max_size=8).filter(lambda g: max(g) >= 0))
def test_owners_and_masses_agree_whatever_was_merged_or_dropped(group):
    wanted = sorted({g for g in group if g >= 0})
    group = torch.tensor([wanted.index(g) if g >= 0 else -1 for g in group])
    tokens = Tokens.from_grid(torch.ones(2, 2, 2, 1), torch.arange(2.0)).regroup(group)
    entry = level(tokens, 8)
    owner, mass = numbers(entry, "owner"), numbers(entry, "mass")
    assert owner.tolist() == group.tolist()
    assert np.bincount(owner[owner >= 0], minlength=len(mass)).tolist() == mass.tolist()
    assert entry["share"] == b""  # averages: 1 / mass everywhere, so nothing is sent
    assert entry["keep"] == len(wanted) / 8


def test_shares_are_sent_where_they_are_not_even():
    tokens = Tokens.from_grid(torch.ones(1, 1, 3, 1), torch.zeros(1))
    tokens = tokens.regroup(torch.tensor([0, 0, -1]), torch.tensor([3.0, 1.0, 1.0]))
    entry = level(tokens, 3)
    assert numbers(entry, "share", "<f4") == pytest.approx([0.75, 0.25, 0.0])
    assert numbers(entry, "owner").tolist() == [0, 0, -1]


def test_every_kind_of_share_is_explained():
    assert list(MEANING) == list(KINDS)
    assert "exact" in MEANING["mean"]
    assert "support only" in MEANING["receptive"]


def test_buffers_cross_the_wire_as_bytes(run):
    from ipywidgets.widgets.widget import _remove_buffers

    _, paths, _ = _remove_buffers(TokenMap.of(run).get_state())
    assert {"owner", "mass"} <= {str(path[-1]) for path in paths}
    assert ["frames", 5] in paths


def test_tokens_with_their_clip_do_as_well(tokens, clip):
    token_map = TokenMap.of((tokens, clip))
    assert token_map.panes[0]["before"] == 36
    assert token_map.mode == "kept"  # nothing merged: colours would tell nothing


def test_anything_else_is_refused(tokens):
    with pytest.raises(VtkError, match=r"a run or \(tokens, clip\), got tuple"):
        shown((tokens, tokens))


def test_frames_that_two_recipes_share_are_sent_once(run, clip, tokens):
    both = TokenMap.of(run, baseline=(tokens, clip))
    assert len(both.frames) == 6
    assert [pane["frame_of"] for pane in both.panes] == [list(range(6))] * 2
    assert [pane["label"] for pane in both.panes] == ["merge keep=0.5", "tokens"]


def test_a_coarser_grid_of_time_shows_the_frames_at_its_times(clip):
    tokens = Tokens.from_grid(torch.ones(3, 1, 1, 1), torch.tensor([0.0, 0.6, 3.0]), 4.0)
    assert TokenMap.of((tokens, clip)).panes[0]["frame_of"] == [0, 1, 2]
    assert len(TokenMap.of((tokens, clip)).frames) == 3


def test_budgets_made_beforehand_rise_and_each_count_comes_once(run, merge):
    token_map = TokenMap.of(run, rerun=merge, keeps=(0.9, 0.25, 0.5))
    assert [entry["keep"] for entry in token_map.levels[0]] == [0.25, 0.5, 0.9]
    assert [len(numbers(e, "mass")) for e in token_map.levels[0]] == [9, 18, 32]
    assert token_map.keep == 0.5


def test_budgets_without_a_way_to_make_them_are_refused(run):
    with pytest.raises(VtkError, match=r"Pass rerun=run\.at"):
        TokenMap.of(run, keeps=(0.25,))


def test_a_budget_that_is_not_there_is_made(run, merge):
    asked = []
    token_map = TokenMap.of(run, rerun=lambda keep: asked.append(keep) or merge(keep))
    token_map.keep = 0.75
    assert asked == [0.75]
    assert token_map.fresh[0]["keep"] == 0.75
    assert len(numbers(token_map.fresh[0], "mass")) == 27
    assert (token_map.busy, token_map.message) == (False, "")


def test_the_browser_hears_of_a_rerun_in_one_update_after_it_began(run, merge, monkeypatch):
    token_map = TokenMap.of(run, rerun=merge)
    sent = []
    monkeypatch.setattr(token_map, "_send", lambda message, buffers=None: sent.append(message))
    token_map.keep = 0.75
    states = [message["state"] for message in sent if message["method"] == "update"]
    assert [set(state) for state in states] == [
        {"keep"},
        {"busy", "step"},
        {"fresh", "busy", "step"},
    ]
    assert states[1]["busy"]
    assert not states[2]["busy"]


def test_a_budget_that_is_there_costs_nothing(run, merge):
    asked = []
    token_map = TokenMap.of(
        run, rerun=lambda keep: asked.append(keep) or merge(keep), keeps=(0.25,)
    )
    asked.clear()
    token_map.keep = 0.25
    assert asked == []


def test_what_goes_wrong_in_a_rerun_is_shown_and_never_raised(run, merge):
    token_map = TokenMap.of(run, rerun=merge)
    token_map.keep = 0.75
    good = token_map.fresh
    token_map.keep = 0.95
    assert token_map.message == "RuntimeError: too much </script> to keep"
    assert token_map.fresh == good
    assert not token_map.busy
    token_map.keep = 0.8
    assert token_map.message == ""


def test_tokens_of_another_grid_are_shown_as_an_error(run):
    other = Tokens.from_grid(torch.ones(1, 1, 1, 1), torch.zeros(1))
    token_map = TokenMap.of(run, rerun=lambda keep: other)
    token_map.keep = 0.1
    assert "grid" in token_map.message


def test_an_interrupt_of_the_kernel_leaves_the_widget_idle(run):
    def interrupted(keep):
        raise KeyboardInterrupt

    token_map = TokenMap.of(run, rerun=interrupted)
    token_map.keep = 0.1
    assert (token_map.busy, token_map.message) == (False, "Interrupted.")


def test_while_a_kernel_runs_the_last_budget_counts_and_none_before_it_is_shown(run, merge):
    asked, shown_keeps = [], []

    def slow(keep):
        asked.append(keep)
        sleep(0.05)
        return merge(keep)

    async def slide():
        token_map = TokenMap.of(run, rerun=slow)
        token_map.observe(lambda change: shown_keeps.append(change.new[0]["keep"]), "fresh")
        for keep in (0.2, 0.3, 0.4, 0.6):
            token_map.keep = keep
            assert token_map.busy
        while token_map.busy:
            await asyncio.sleep(0.01)
        return token_map

    token_map = asyncio.run(slide())
    token_map.close()
    assert shown_keeps == [0.6]
    assert asked[-1] == 0.6
    assert len(asked) <= 2  # those overtaken before they began were never asked for


def test_a_baseline_follows_the_slider_when_it_can(run, merge, tokens):
    def drop(keep):
        return tokens.select(torch.arange(int(36 * keep)))

    both = TokenMap.of(run, baseline=run, rerun=merge, baseline_rerun=drop)
    both.keep = 0.25
    assert [len(numbers(entry, "mass")) for entry in both.fresh] == [9, 9]
    fixed = TokenMap.of(run, baseline=run, rerun=merge)
    fixed.keep = 0.25
    assert fixed.fresh[1] == {}
