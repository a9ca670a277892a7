import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import VtkError
from vtk_notebooks.sweep.fleet_cost import ClipCost, Fleet, simulated

CLIP = ClipCost(decode_s=0.5, encode_s=1.0, squeeze_s=0.25, store_mb=2.0, row_mb=0.5)


@given(clips=st.integers(1, 300), workers=st.integers(1, 20), recipes=st.integers(1, 9))
def test_workers_that_live_for_ever_share_the_clips(clips, workers, recipes):
    bill = simulated(clips, recipes, CLIP, Fleet(workers, 1.0, start_s=7.0))
    rounds = math.ceil(clips / workers)
    assert bill.hours == pytest.approx((7 + rounds * (1.5 + 0.25 * recipes)) / 3600)
    assert bill.losses == 0
    assert bill.price == pytest.approx(min(workers, clips) * bill.hours)
    assert bill.useful_h == pytest.approx(clips * CLIP.seconds(recipes) / 3600)


def test_the_second_recipe_costs_only_what_differs():
    assert CLIP.seconds(2) - CLIP.seconds(1) == CLIP.squeeze_s


def test_a_lost_worker_costs_what_renewal_theory_says():
    """One unit of t seconds under losses at rate r, each followed by a start of s seconds.

    The mean time is (1/r + s)(exp(rt) - 1): a textbook result for work that starts over.
    """
    rate, start_s, block = 1 / 400.0, 30.0, 200
    unit_s = CLIP.seconds(1) * block
    fleet = Fleet(1, 1.0, start_s, lost_per_h=3600 * rate, remembers="block", block=block)
    blocks = 4000
    bill = simulated(blocks * block, 1, CLIP, fleet)
    expected_s = (1 / rate + start_s) * (math.exp(rate * unit_s) - 1)
    assert 3600 * bill.hours / blocks == pytest.approx(expected_s, rel=0.08)


def test_what_is_remembered_need_not_be_done_again():
    def paid(remembers):
        fleet = Fleet(20, 1.0, 60.0, lost_per_h=2.0, remembers=remembers, block=200)
        return np.mean([simulated(20_000, 4, CLIP, fleet, seed).paid_h for seed in range(8)])

    film, block, nothing = map(paid, ("film", "block", "nothing"))
    assert film < block < nothing


def test_a_narrow_store_sets_the_pace():
    fleet = Fleet(1000, 1.0, 0.0, store_mb_per_s=10.0)
    bill = simulated(5000, 4, CLIP, fleet)
    assert 3600 * bill.hours == pytest.approx(5000 * 4.0 / 10, rel=0.01)


def test_the_same_seed_gives_the_same_bill():
    fleet = Fleet(8, 1.0, 30.0, lost_per_h=1.0)
    assert simulated(999, 2, CLIP, fleet, 3) == simulated(999, 2, CLIP, fleet, 3)


@pytest.mark.parametrize(
    ("clips", "fleet"),
    [(0, Fleet(1, 1.0, 0.0)), (9, Fleet(0, 1.0, 0.0)), (9, Fleet(1, 1.0, 0.0, remembers="all"))],
)
def test_nothing_to_do_and_nobody_to_do_it_are_refused(clips, fleet):
    with pytest.raises(VtkError, match="simulated"):
        simulated(clips, 1, CLIP, fleet)
