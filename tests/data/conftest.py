"""Fixtures that lay made files into a folder."""

import pytest

from ._made import MADE


def pytest_generate_tests(metafunc):
    if "made" in metafunc.fixturenames:
        ids = [f"{format}: {variant}" for format, variant in MADE]
        metafunc.parametrize("made", list(MADE), ids=ids, indirect=True)


@pytest.fixture
def made(request, tmp_path):
    """Format and path of a made file; one test for each."""
    format, variant = request.param
    return format, _lay(tmp_path, format, variant)


@pytest.fixture
def lay(tmp_path):
    """A function that lays a made file into a folder and gives its path."""
    return lambda format, variant: _lay(tmp_path, format, variant)


@pytest.fixture
def first(tmp_path):
    """A function that lays the first made file of a format."""
    return lambda format: _lay(tmp_path, format, next(v for f, v in MADE if f == format))


def _lay(folder, format, variant):
    name, text = MADE[format, variant]
    path = folder / name
    path.write_bytes(text.encode())
    return path
