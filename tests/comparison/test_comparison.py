import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Part, Tokens, build
from vtk_notebooks.comparison import (
    compare_tokens,
    fitted,
    frames_touched,
    mass_kept,
    rebuilding_error,
    rebuilt,
    within,
)
from vtk_notebooks.comparison.fair import tokens_allowed
from vtk_notebooks.compressors import TemporalPool
from vtk_notebooks.errors import CancelledError, UnknownNameError, VtkError
from vtk_notebooks.training import planted


def film(t=8, h=4, w=4, d=6, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def cases(n=2):
    return [planted(100 + seed, frames=16, side=4)[:2] for seed in range(n)]


# -- what is kept ----------------------------------------------------------------------------


def test_all_tokens_rebuild_the_film_exactly():
    tokens = film()
    assert torch.equal(rebuilt(tokens), tokens.on_grid(""))
    assert rebuilding_error(tokens, tokens) == 0
    assert mass_kept(tokens) == frames_touched(tokens) == 1
    assert math.isnan(rebuilding_error(tokens, tokens, ~tokens.kept()))  # none was dropped


def test_the_mean_of_the_film_is_as_bad_as_1():
    tokens = film()
    one = tokens.regroup(torch.zeros(len(tokens), dtype=torch.long))
    assert rebuilding_error(tokens, one) == pytest.approx(1)
    assert mass_kept(one) == 1


def test_a_dropped_cell_is_taken_from_the_nearest_one_that_has_a_token():
    tokens = film(t=1, h=1, w=5)
    ends = tokens.select(torch.tensor([0, 4]))
    assert torch.equal(rebuilt(ends)[0, 0, [0, 1, 3, 4]], tokens.x[[0, 0, 4, 4]])


@given(keep=st.floats(0.05, 1), seed=st.integers(0, 9))
def test_kept_cells_of_a_selection_are_exact_and_all_error_lies_in_the_dropped_ones(keep, seed):
    tokens = film()
    out = build("compressor", "random_tokens", keep=keep, seed=seed)(tokens)
    assert rebuilding_error(tokens, out, out.kept()) == 0
    assert mass_kept(out) == pytest.approx(len(out) / len(tokens))
    if len(out) < len(tokens):
        assert rebuilding_error(tokens, out, ~out.kept()) > rebuilding_error(tokens, out) > 0


def test_a_film_that_stands_still_loses_nothing_to_any_drop():
    still = Tokens.from_grid(film(t=1).on_grid("").expand(8, 4, 4, 6), torch.arange(8) / 2)
    frames = build("compressor", "uniform", keep=0.25)(still)
    assert rebuilding_error(still, frames) == 0
    assert frames_touched(frames) == 0.25


def test_features_of_another_space_are_not_compared():
    tokens = film()
    other = Tokens.from_grid(tokens.on_grid(""), tokens.times_s, space="other")
    assert math.isnan(rebuilding_error(tokens, other))


# -- the budget ------------------------------------------------------------------------------


@given(
    name=st.sampled_from(["uniform", "random_tokens", "temporal_pool", "keyframe_token_drop"]),
    most=st.integers(20, 128),
)
def test_a_setting_within_the_budget_is_found_and_never_one_above_it(name, most):
    made = build("compressor", name)
    assert fitted(made, (8, 4, 4), most).count((8, 4, 4))[1] <= most


def test_the_largest_setting_that_fits_is_taken():
    assert fitted(build("compressor", "random_tokens"), (8, 4, 4), 50).count((8, 4, 4))[1] == 50
    pool = fitted(build("compressor", "temporal_pool"), (8, 4, 4), 70)
    assert pool.count((8, 4, 4))[1] == 64


def test_where_nothing_fits_the_smallest_setting_is_taken():
    drop = fitted(build("compressor", "keyframe_token_drop"), (8, 4, 4), 5)
    assert drop.count((8, 4, 4))[1] == 16  # its key frame


def test_a_budget_is_a_part_or_a_number_of_tokens():
    assert tokens_allowed(0.25, 128) == tokens_allowed(32, 128) == 32
    assert tokens_allowed(1, 128) == 1
    assert tokens_allowed(1.0, 128) == tokens_allowed(999, 128) == 128
    for wrong in (0, 0.0, 1.5, -3, float("nan"), True, False, np.int64(0), torch.tensor(8)):
        with pytest.raises(VtkError, match="a quarter of the tokens"):
            tokens_allowed(wrong, 128)


def test_a_number_of_numpys_is_the_same_budget():
    assert tokens_allowed(np.int64(30), 128) == 30
    assert tokens_allowed(np.float32(0.25), 128) == 32
    few = compare_tokens(cases(1), "uniform", np.float32(0.25), made_films=4, repeats=1)["uniform"]
    same = compare_tokens(cases(1), "uniform", 0.25, made_films=4, repeats=1)["uniform"]
    assert few.retrieval_iou == same.retrieval_iou
    assert few.tokens == same.tokens


def test_within_a_budget_means_never_above_it():
    merge = within(build("compressor", "bipartite_merge"), (8, 4, 4), 0.25)
    assert merge.count((8, 4, 4)) == (32, 32)
    assert within(merge, (8, 4, 4), 999).count((8, 4, 4)) == (128, 128)
    with pytest.raises(VtkError, match="needs 16 at least"):
        within(build("compressor", "keyframe_token_drop"), (8, 4, 4), 15)
    with pytest.raises(VtkError, match="a quarter of the tokens"):
        within(merge, (8, 4, 4), 0)


# -- side by side ----------------------------------------------------------------------------


def test_baselines_stand_first_whether_they_were_asked_for_or_not():
    others = ["random_tokens", "first_tokens", "centre_crop"]
    side = compare_tokens(cases(1), "bipartite_merge", made_films=0, repeats=1)
    assert [r.name for r in side.rows] == ["uniform", *others, "bipartite_merge"]
    mine = Part("uniform", {"axis": "tokens"})
    side = compare_tokens(cases(1), ["temporal_pool", mine], made_films=0, repeats=1)
    assert [r.label for r in side.rows] == ["uniform axis=tokens", *others, "temporal_pool"]


def test_all_are_measured_at_the_same_number_of_tokens_with_intervals_over_films():
    side = compare_tokens(cases(3), ["bipartite_merge"], 0.25, made_films=4, repeats=1)
    for row in side.rows:
        assert row.tokens == 64
        assert row.within
        assert row.tokens.n == row.error.n == 3
        assert row.retrieval_iou.n == 4
        assert row.error.low <= row.error <= row.error.high
    assert side["bipartite_merge"].mass_kept_percent == 100
    assert side["uniform"].mass_kept_percent == side["uniform"].frames_touched_percent == 25


def test_a_mechanism_that_cannot_meet_the_budget_says_so():
    side = compare_tokens(cases(1), "mixture_of_depths", made_films=0, repeats=1)
    assert not side["mixture_of_depths"].within
    assert side["mixture_of_depths"].tokens == 256


def test_a_mechanism_that_refuses_has_a_note_instead_of_numbers():
    flat = [(Tokens.from_grid(torch.randn(8, 1, 1, 32), torch.arange(8) / 2, space="made"),
             planted(0).query)]  # fmt: skip
    row = compare_tokens(flat, "slow_fast", 0.5, made_films=0, repeats=1)["slow_fast"]
    assert "frames of several cells" in row.note
    assert math.isnan(row.tokens)
    assert not row.within


def test_who_asks_to_stop_is_heard_and_does_not_become_a_note(monkeypatch):
    def stop(self, tokens, query=None):
        raise CancelledError("compare", "to finish", "a cancel")

    monkeypatch.setattr(TemporalPool, "__call__", stop)
    with pytest.raises(CancelledError):
        compare_tokens(cases(1), "temporal_pool", made_films=0, repeats=1)


def test_it_tells_how_far_it_is_and_ends_where_the_listener_says_so():
    told = []

    def tell(step, done, total):
        told.append((step, done, total))
        if len(told) > 5:
            raise CancelledError("compare", "to finish", "a cancel")

    compare_tokens(cases(1), "uniform", made_films=0, repeats=1, progress=tell)
    assert told == [("compare", n, 4) for n in range(5)]
    with pytest.raises(CancelledError):
        compare_tokens(cases(1), "temporal_pool", made_films=0, repeats=1, progress=tell)


def test_everything_kept_agrees_with_itself():
    row = compare_tokens(cases(2), "uniform", 1.0, made_films=3, repeats=1)["uniform"]
    assert row.agreement_iou == 1
    assert row.error == 0
    assert row.retrieval_iou > 0.5


def test_rows_are_plain_and_hold_the_ends_of_every_interval():
    side = compare_tokens(cases(2), "temporal_pool", made_films=2, repeats=1)
    row = side.as_rows()[-1]
    assert row["name"] == "temporal_pool"
    assert row["tokens_low"] <= row["tokens"] <= row["tokens_high"]
    assert row["dropped_error"] is None  # a pool drops no cell
    assert all(type(v) in (int, float, str, bool, type(None)) for v in row.values())
    assert len(str(side).splitlines()) == 1 + len(side.rows)


def test_operations_are_counted_and_picking_needs_none():
    side = compare_tokens(cases(1), "temporal_pool", made_films=0, repeats=1)
    cells = 16 * 4 * 4
    assert side["temporal_pool"].gflop == 2 * cells * 32 / 1e9  # each number once, by its share
    assert side["uniform"].gflop == 0


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(VtkError, match="a film or more"):
        compare_tokens([], "uniform")
    with pytest.raises(UnknownNameError, match="temporal_pool"):
        compare_tokens(cases(1), "temporal_pol")
    with pytest.raises(KeyError):
        compare_tokens(cases(1), "uniform", made_films=0, repeats=1)["nobody"]
