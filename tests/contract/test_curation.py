"""What every way to curate promises: it is called on its example, and changes nothing of it."""

import copy
from typing import Any

import pytest

from vtk_notebooks import build, names
from vtk_notebooks.registry import maker

EVERY = pytest.mark.parametrize("name", names("curation"))


@EVERY
def test_its_example_says_what_it_is_and_gives_something(name):
    curation: Any = maker("curation", name)
    assert curation.example.__doc__
    assert build("curation", name)(*curation.example())


@EVERY
def test_equal_input_gives_equal_output_and_is_left_alone(name):
    curation: Any = maker("curation", name)
    example = curation.example()
    before = repr(copy.deepcopy(example))
    first, second = (build("curation", name)(*example) for _ in range(2))
    assert repr(first) == repr(second)
    assert repr(example) == before
