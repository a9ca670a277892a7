"""STREAM, as its released code computes it."""

import pytest

from vtk_notebooks.metrics.generation.stream import Stream, skewnesses, spectra

RELEASED = Stream(skewness="released")


@pytest.fixture
def case(oracle):
    return oracle("reference_values/stream.npz")


@pytest.fixture
def expected(oracle):
    return oracle("reference_values/mechanism_vectors_expected.json")["stream"]


@pytest.mark.parametrize("which", ["real", "fake"])
def test_mean_signals_and_skewnesses_are_those_of_the_authors_code(which, case):
    still, moving = spectra(case[which].astype(float))
    assert still == pytest.approx(case[f"M_{which}"], abs=1e-5)
    assert skewnesses(moving, "released") == pytest.approx(case[f"skew_{which}"], rel=1e-4)


def test_the_numbers_are_those_of_the_authors_code(case, expected):
    real, fake = case["real"].astype(float), case["fake"].astype(float)
    numbers = RELEASED(fake, real)
    assert numbers["STREAM-T"] == pytest.approx(expected["T_rf"], abs=1e-6)
    theirs = expected["S_rf"]  # called with the made clips first: F and D have changed places
    assert (numbers["STREAM-D"], numbers["STREAM-F"]) == (theirs["stream_F"], theirs["stream_D"])


def test_clips_are_like_themselves(case, expected):
    real = case["real"].astype(float)
    numbers = RELEASED(real, real)
    assert numbers["STREAM-T"] == pytest.approx(expected["T_same"])
    assert numbers["STREAM-F"] == expected["S_same"]["stream_F"] == 1
    assert numbers["STREAM-D"] == expected["S_same"]["stream_D"] == 1
