import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.errors import VtkError
from vtk_notebooks.metrics.generation.stream import Stream, likeness, near, skewnesses, spectra

SEEDS = st.integers(0, 99)


def clips(seed=0, n=12, t=8, d=4):
    return np.random.default_rng(seed).normal(size=(n, t, d)).cumsum(1)


def law(a, b, frames=8):
    """Amplitudes of an exact power law, one clip with one channel."""
    return (a * np.arange(1.0, frames + 1) ** b)[None, :, None]


def test_a_set_of_clips_is_like_itself_in_every_way():
    assert list(Stream()(clips(), clips()).values()) == pytest.approx([1, 1, 1])


def test_skewness_is_the_third_moment_over_the_second_to_the_power_of_three_halves():
    assert skewnesses(law(3.0, -1.2)).item() == pytest.approx(1.6404, abs=1e-4)
    p = np.arange(1.0, 9) ** -1.2
    p, x = p / p.sum(), np.arange(1.0, 9)
    expected = (p * x**3).sum() / (p * x**2).sum() ** 1.5
    assert skewnesses(law(1.0, -1.2)).item() == pytest.approx(expected, abs=1e-4)


def test_the_released_code_leaves_that_power_out():
    assert skewnesses(law(3.0, -1.2), "released").item() == pytest.approx(42.7, abs=0.05)


@given(SEEDS, st.integers(1, 7))
def test_neither_a_turn_in_a_circle_nor_running_backwards_changes_any_spectrum(seed, turn):
    still, moving = spectra(clips(seed))
    for other in (np.roll(clips(seed), turn, axis=1), clips(seed)[:, ::-1].copy()):
        also_still, also_moving = spectra(other)
        assert also_still == pytest.approx(still, abs=1e-9)
        assert also_moving == pytest.approx(moving, abs=1e-9)


@given(SEEDS, st.floats(-5, 5))
def test_a_constant_is_seen_and_does_not_move(seed, constant):
    still, moving = spectra(clips(seed))
    also_still, also_moving = spectra(clips(seed) + constant)
    assert also_moving == pytest.approx(moving, abs=1e-9)
    signed = clips(seed).mean(1) * 8 * 2 / 5
    assert np.abs(signed) == pytest.approx(still)
    assert also_still == pytest.approx(np.abs(signed + constant * 8 * 2 / 5))


@given(SEEDS)
def test_shuffled_frames_are_seen_as_before_and_move_otherwise(seed):
    real = clips(seed, n=40)
    made = np.random.default_rng(seed).permuted(real, axis=1)  # each channel for itself
    numbers = Stream()(made, real)
    assert numbers["STREAM-F"] == numbers["STREAM-D"] == 1
    assert numbers["STREAM-T"] < 0.9


def test_made_clips_that_all_look_alike_are_faithful_but_not_varied():
    real = clips(1, n=40)
    made = real[:1] + 1e-3 * clips(2, n=40)
    numbers = Stream()(made, real)
    assert numbers["STREAM-F"] == 1
    assert numbers["STREAM-D"] < 0.5


def test_made_clips_that_stray_are_varied_but_not_faithful():
    real = clips(1, n=20)
    made = np.concatenate([real, real + 1000])
    numbers = Stream()(made, real)
    assert numbers["STREAM-F"] == 0.5
    assert numbers["STREAM-D"] == 1


@given(SEEDS)
def test_made_and_real_change_places_as_fidelity_and_diversity_do(seed):
    a, b = clips(seed), clips(seed + 100) * 1.5
    there, back = Stream()(a, b), Stream()(b, a)
    assert there["STREAM-T"] == pytest.approx(back["STREAM-T"])
    assert (there["STREAM-F"], there["STREAM-D"]) == (back["STREAM-D"], back["STREAM-F"])
    assert all(0 <= value <= 1 for value in there.values())


def test_near_is_up_to_the_kth_neighbour_and_no_further():
    line = np.arange(6.0)[:, None]
    assert near(np.array([[7.0], [7.1], [-2.0]]), line, 2).tolist() == [1, 0, 1]


def test_likeness_is_the_squared_correlation_of_two_histograms():
    draw = np.random.default_rng(0)
    a, b = draw.normal(3, 2, (30, 1)), draw.normal(5, 2, (40, 1))
    both = np.concatenate([a, b])
    ends = int(both.min()) - 1, int(both.max()) + 1
    one, other = (np.histogram(x, 50, range=ends)[0] for x in (a, b))
    expected = np.corrcoef(one, other)[0, 1] ** 2
    assert likeness(a, b, 50) == pytest.approx(expected)
    assert likeness(b, a, 50) == pytest.approx(expected)


def test_the_interval_is_as_wide_as_the_value_really_varies():
    draw = np.random.default_rng(1)
    pairs = draw.normal(0, 9, (60, 2, 200, 4))
    found = [likeness(a, b, bins=10) for a, b in pairs]
    assert all(0 <= one.low <= one <= one.high <= 1 for one in found)
    supposed = np.mean([(one - one.low) / 1.96 for one in found])
    assert supposed == pytest.approx(np.std(found), rel=0.4)


def test_a_channel_that_stands_still_has_a_skewness():
    assert np.isfinite(skewnesses(np.zeros((2, 4, 3)))).all()


@pytest.mark.parametrize("shape", [(5, 8, 4), (12, 3, 4)])
def test_too_few_clips_or_frames_are_refused(shape):
    short = np.zeros(shape)
    with pytest.raises(VtkError, match="over 5 clips of 4 or more frames"):
        build("metric", "stream")(short, short)


@pytest.mark.parametrize("wrong", [{"skewness": "raw"}, {"bins": 1}, {"nearest": 0}])
def test_an_impossible_parameter_is_refused(wrong):
    with pytest.raises(VtkError, match="'standardised' or 'released'"):
        Stream(**wrong)
