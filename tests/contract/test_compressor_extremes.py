"""What compressors do with nan, questions that fit nothing, chains, and thousands of frames."""

from dataclasses import replace

import pytest
import torch

from vtk_notebooks import build, names
from vtk_notebooks.errors import ShapeError, VtkError

from .test_compressors import assert_rebuilt, matrix

EVERY = pytest.mark.parametrize("name", names("compressor"))


@EVERY
def test_a_nan_is_never_silent(name, film, query):
    tokens, made = film((8, 6, 6)), build("compressor", name)
    tokens.x[100] = torch.nan
    try:
        out = made(tokens, query)
    except VtkError:
        return
    fewest, most = made.count((8, 6, 6))
    assert fewest <= len(out) <= most
    spoilt, took = out.x.isnan().any(1), matrix(out, tokens)[:, 100] > 0
    assert (took | (out.mass() == 0))[spoilt].all()  # whose weights were nan speaks for no cell
    if out.kind in ("hard", "mean", "attn"):
        assert not took[~spoilt].any()


@EVERY
@pytest.mark.parametrize("frames", [[3], [0, 1, 2, 3], range(8)])
def test_whole_frames_of_nan_are_no_reason_for_another_count(name, frames, film, query):
    tokens, made = film((8, 6, 6)), build("compressor", name)
    tokens.x.view(8, 36, 16)[list(frames)] = torch.nan
    try:
        out = made(tokens, query)
    except VtkError:
        return
    fewest, most = made.count((8, 6, 6))
    assert 0 < fewest <= len(out) <= most


@EVERY
@pytest.mark.parametrize("space", ["elsewhere", "made"])
def test_a_question_of_another_width_is_refused(name, space, film, query):
    made = build("compressor", name)
    wide = replace(query, vector=torch.ones(24), words=torch.ones(3, 24), space=space)
    if not made.needs_text:
        made(film(), wide)
        return
    with pytest.raises(VtkError, match=space):
        made(film(), wide)


@EVERY
def test_a_question_of_nan_is_refused(name, film, query):
    made = build("compressor", name)
    void = replace(query, vector=torch.full((16,), torch.nan))
    if not made.needs_text:
        made(film(), void)
        return
    with pytest.raises(VtkError, match="finite"):
        made(film(), void)


@EVERY
@pytest.mark.parametrize("last", ["bipartite_merge", "random_tokens", "text_top_frames"])
@pytest.mark.parametrize("first", ["uniform", "temporal_pool", "run_length"])
def test_provenance_through_three_stages_is_right(name, first, last, film, query):
    tokens, out = film(), film()
    try:
        for stage in (first, name, last):
            out = build("compressor", stage).at(0.5)(out, query)
    except ShapeError as error:
        assert "first" in error.hint  # noqa: PT017
        return
    assert len(out) > 0
    assert_rebuilt(out, tokens)


@EVERY
def test_4096_frames_go_through_at_the_count_that_was_promised(name, film, query):
    made, grid = build("compressor", name), (4096, 2, 1)
    try:
        out = made(film(grid), query)
    except VtkError as error:
        assert error.hint  # noqa: PT017
        return
    fewest, most = made.count(grid)
    assert 0 < fewest <= len(out) <= most
