from dataclasses import dataclass
from typing import ClassVar

import pytest

from vtk_notebooks.blocks.written_seconds import WrittenSeconds
from vtk_notebooks.errors import UnknownNameError, VtkError
from vtk_notebooks.moment import Moment


@dataclass(frozen=True)
class Tallied(WrittenSeconds):
    """A stroke per second."""

    signs: ClassVar[str] = "I"
    around: ClassVar[tuple[str, ...]] = (" to ", " s", "!")

    def encode(self, t_s: float | int, duration_s: float | int) -> tuple[int, ...]:
        return (0,) * round(t_s)


def test_a_span_is_two_times_with_something_between_and_all_the_rest_behind():
    codec = Tallied()
    assert codec.vocab == ("I", " to ", " s", "!")
    assert codec.encode_span(1.0, 3.0, 9.0) == (0, 1, 0, 0, 0, 2, 3)
    assert codec.render(codec.encode_span(1.0, 3.0, 9.0)) == "I to III s!"


def test_every_stretch_is_read_and_equal_times_mean_one_step():
    text = "from 2 to 1 seconds, and 5 - 5 seconds, and 30 - 40 seconds"
    assert Tallied().parse(text, 9.0) == [Moment(1.0, 2.0), Moment(4.5, 5.5)]
    assert Tallied(decimals=1).parse("5 - 5 seconds", 9.0) == [Moment(4.95, 5.05)]


def test_an_error_is_half_of_the_last_place_or_all_of_it():
    assert Tallied(decimals=1).max_error_s(9.0) == 0.05
    assert Tallied(rounding="floor").max_error_s(9.0) == 1.0


def test_errors_name_the_time_code():
    with pytest.raises(VtkError, match="Tallied expects 0 to 6 decimals, got 7"):
        Tallied(decimals=7)
    with pytest.raises(UnknownNameError, match="floor"):
        Tallied(rounding="flor")
