"""Malformed files: each oddity is said precisely, kept where it can be, and never passed over."""

import pytest

from vtk_notebooks.data import AnnotationError, AnnotationWarning, read

from . import _malformed_json, _malformed_talk, _malformed_text

CASES = {**_malformed_json.CASES, **_malformed_talk.CASES, **_malformed_text.CASES}


@pytest.fixture(params=list(CASES))
def case(request, tmp_path):
    format, content, text, kept = CASES[request.param]
    path = tmp_path / "f"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path, format, text, kept


def test_there_are_enough_cases():
    assert len(CASES) >= 40


def test_strict_says_exactly_what_is_wrong_and_where(case):
    path, format, text, _ = case
    with pytest.raises(AnnotationError) as caught:
        read(path, format, strict=True)
    assert str(caught.value) == text


def test_otherwise_it_is_counted_and_what_can_be_kept_is_kept(case):
    path, format, text, kept = case
    with pytest.warns(AnnotationWarning) as caught:
        data = read(path, format)
    assert len(caught) == 1
    assert f"in {kept} samples" in str(caught[0].message)
    assert len(data) == kept
    assert text in [str(problem) for problem in data.problems]
    assert sum(data.counts().values()) == len(data.problems)
