from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens
from vtk_notebooks.blocks.grounding.curves import nearest_seen
from vtk_notebooks.compressors import Uniform
from vtk_notebooks.errors import VtkError
from vtk_notebooks.heads import BestSpan

ASKED, OTHER = torch.eye(3)[0], torch.eye(3)[1]
QUERY = Query("a thing", ASKED, ASKED[None], ("thing",), "made")
# What the real encoder says of bikes.mp4, frame by frame: the cyclist passes at 4.3 s to 5.44 s,
# parked bicycles follow until 7.44 s, and show again at the very end.
BIKES = [0.23, 0.24, 0.33, 0.30, 0.30, 0.28, 0.29, 0.30, 0.28, 0.30, 0.32, 0.25, 0.29, 0.28, 0.41,
         0.50, 0.52, 0.47, 0.48, 0.37, 0.48, 0.40, 0.48, 0.46, 0.31, 0.37, 0.32, 0.43, 0.40, 0.39,
         0.44, 0.51]  # fmt: skip
BIKES_CUTS_S = [1.16, 3.0, 5.44, 7.44, 9.64]


def film(curve, cells=1, shots=None, step_s=1.0, duration_s=None):
    """Frames whose cosine with the question is the curve; a shot is a direction away from it."""
    c = torch.tensor(curve, dtype=torch.float64)
    shot = torch.zeros(len(c), dtype=torch.long) if shots is None else torch.tensor(shots)
    away = torch.linalg.qr(
        torch.randn(12, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    )[0]
    x = torch.cat([c[:, None], (1 - c**2).sqrt()[:, None] * away[shot]], 1).float()
    x = x[:, None, None].expand(-1, 1, cells, -1)
    return Tokens.from_grid(x, torch.arange(len(c)) * step_s, duration_s, space="made")


def ask():
    asked = torch.eye(13)[0]
    return Query("a thing", asked, asked[None], ("thing",), "made")


def spans(moments):
    return [(m.start_s, m.end_s) for m in moments]


def test_it_finds_the_stretch_that_stands_out():
    [moment] = BestSpan()(film([0.1, 0.1, 0.8, 0.7, 0.8, 0.1, 0.1, 0.1]), ask())
    assert (moment.start_s, moment.end_s, moment.text) == (2, 5, "a thing")


def test_a_weak_frame_between_strong_ones_does_not_split_a_moment():
    curve = [0.1, 0.1, 0.8, 0.8, 0.4, 0.8, 0.8, 0.1, 0.1, 0.1]
    assert spans(BestSpan(shots=False)(film(curve), ask())) == [(2, 7)]


def test_the_last_moment_ends_with_the_film():
    curve = [0.1, 0.1, 0.1, 0.8]
    assert spans(BestSpan()(film(curve, duration_s=3.4), ask())) == [(3, 3.4)]


@pytest.mark.parametrize("level", [0.0, 0.5])
def test_on_the_films_real_curve_the_cyclist_comes_first(level):
    times_s = torch.arange(32) * 10 / 32
    shots = [sum(t >= cut for cut in BIKES_CUTS_S) for t in times_s.tolist()]
    tokens = film(BIKES, shots=shots, step_s=10 / 32, duration_s=10.0)
    best = BestSpan(level=level)(tokens, ask())[0]
    assert 4.2 <= best.start_s < best.end_s <= 7.5
    assert min(best.end_s, 5.44) - max(best.start_s, 4.3) > 0.5


def test_one_good_frame_proves_less_than_a_good_second():
    curve = [0.1] * 10 + [0.80, 0.80, 0.80, 0.80] + [0.1] * 10 + [0.82] + [0.1] * 10
    tokens = film(curve, step_s=0.25)
    assert spans(BestSpan()(tokens, ask()))[0] == (2.5, 3.5)
    assert spans(BestSpan(doubt_s=0.0)(tokens, ask()))[0] == (6.0, 6.25)


def test_without_doubt_a_score_is_the_mean_similarity():
    tokens = film([0.1, 0.1, 0.8, 0.6, 0.1, 0.1, 0.1])
    [moment] = BestSpan(doubt_s=0.0)(tokens, ask())
    assert moment.score == pytest.approx(0.7, abs=1e-5)


def test_moments_end_at_cuts_unless_told_otherwise():
    curve = [0.1, 0.1, 0.8, 0.8, 0.8, 0.8, 0.1, 0.1]
    tokens = film(curve, shots=[0, 0, 0, 0, 1, 1, 1, 1])
    assert sorted(spans(BestSpan()(tokens, ask()))) == [(2, 4), (4, 6)]
    assert spans(BestSpan(shots=False)(tokens, ask())) == [(2, 6)]


def test_a_slow_drift_is_no_cut_even_where_it_passes_the_films_mean():
    drift = torch.linspace(-30, 30, 16)
    x = torch.stack([torch.ones(16), drift, torch.zeros(16)], 1)  # most alike in the middle
    tokens = Tokens.from_grid(x[:, None, None], torch.arange(16).float(), space="made")
    assert spans(BestSpan()(tokens, QUERY)) == [(7, 9)]


def test_what_is_asked_for_need_not_fill_the_frame():
    x = OTHER.expand(8, 4, 5, 3).clone()
    x[3:5, 2, 3] = ASKED  # one cell of twenty
    tokens = Tokens.from_grid(x, torch.arange(8).float(), space="made")
    assert spans(BestSpan()(tokens, QUERY)) == [(3, 5)]
    assert BestSpan().saliency(tokens, QUERY)[3] == 1
    assert BestSpan(best=1.0).saliency(tokens, QUERY)[3] == pytest.approx(1 / 20)


def test_frames_that_were_dropped_answer_like_their_nearest_neighbour():
    tokens = film([0.1] * 8 + [0.8] * 4 + [0.1] * 4)
    fewer = Uniform(0.5)(tokens)  # keeps 1, 3, 5, 7, 9, 11, ...
    assert spans(BestSpan()(fewer, ask())) == [(9, 13)]
    seen = torch.tensor([float("nan"), 1.0, float("nan"), float("nan"), 2.0])
    assert nearest_seen(seen, torch.arange(5.0)).tolist() == [1, 1, 1, 4, 4]


def test_a_film_in_which_nothing_stands_out_is_one_moment():
    assert spans(BestSpan()(film([0.3] * 5), ask())) == [(0, 5)]


def test_a_film_of_one_frame_is_one_moment():
    assert spans(BestSpan()(film([0.3], duration_s=2.0), ask())) == [(0, 2)]


def test_tokens_that_stand_for_no_cell_give_no_moment():
    tokens = film([0.1, 0.8])
    nothing = tokens.derive(tokens.x, torch.zeros(0, 2, dtype=torch.long), torch.zeros(0), "none")
    assert BestSpan()(nothing, ask()) == []


@given(curve=st.lists(st.floats(-0.9, 0.9), min_size=1, max_size=20), most=st.integers(1, 4))
def test_moments_never_overlap_and_are_never_too_many(curve, most):
    moments = BestSpan(most=most)(film(curve), ask())
    assert 1 <= len(moments) <= most
    ordered = sorted(spans(moments))
    assert all(a[1] <= b[0] for a, b in pairwise(ordered))


@pytest.mark.parametrize("wrong", [{"best": 0.0}, {"level": 1.0}, {"doubt_s": -1.0}, {"most": 0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="BestSpan"):
        BestSpan(**wrong)
