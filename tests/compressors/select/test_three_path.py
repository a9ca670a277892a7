import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import adaptive_avg_pool2d, cosine_similarity, max_pool2d

from vtk_notebooks import Query, Tokens, build
from vtk_notebooks.blocks.windows import box_around
from vtk_notebooks.compressors import ThreePath
from vtk_notebooks.errors import ShapeError, VtkError


def ask(d=6):
    vector = torch.eye(d)[0]
    return Query("?", vector, vector[None], ("?",), "made")


def film(t=10, h=12, w=12, d=6, planted=(), seed=0):
    """Noise without the question, and patches of 2 x 2 that are the question."""
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    x[..., 0] = 0.0
    for frame, row, column in planted:
        x[frame, row : row + 2, column : column + 2] = 5.0 * torch.eye(d)[0]
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def maps(tokens):
    t, h, w = tokens.grid
    return tokens.x.view(t, h, w, -1).permute(0, 3, 1, 2)


def test_50_frames_of_576_become_2648():  # the released settings
    assert ThreePath().count((50, 24, 24)) == (3 * 231 + 5 * 231 + 50 * 16, 2648)
    assert ThreePath(transposed=True).count((50, 24, 24)) == (2648, 2648)


def test_they_do_become_2648():
    assert len(ThreePath()(film(t=50, h=24, w=24), ask())) == 2648


def test_the_fast_path_is_every_frame_averaged_to_4_by_4():
    tokens = film()
    fast = ThreePath()(tokens, ask()).x[-160:].view(10, 4, 4, 6)
    expected = adaptive_avg_pool2d(maps(tokens), 4).permute(0, 2, 3, 1)
    torch.testing.assert_close(fast, expected)
    exact = Tokens.from_grid(tokens.on_grid("test").double(), tokens.times_s, space="made")
    fast = ThreePath()(exact, ask()).x[-160:].view(10, 4, 4, 6)
    expected = adaptive_avg_pool2d(maps(exact), 4).permute(0, 2, 3, 1)
    torch.testing.assert_close(fast, expected, atol=1e-12, rtol=0)


def test_slow_frames_are_the_questions_and_middle_ones_lie_at_even_steps():
    tokens = film(planted=((7, 0, 0), (2, 4, 4), (9, 8, 2)))
    out = ThreePath()(tokens, ask())
    frame = out.edges[:, 1] // 144
    path = out.edges[:, 0] * 8 // (len(out) - 160)  # of 8 detailed frames, which
    assert frame[path < 3].unique_consecutive().tolist() == [2, 7, 9]
    assert frame[(path >= 3) & (path < 8)].unique_consecutive().tolist() == [0, 2, 4, 6, 8]


def test_a_detailed_frame_is_the_maximum_of_pairs_cropped_to_a_rectangle():
    tokens = film(t=1, planted=((0, 8, 8),))
    out = ThreePath(slow=1, middle=0)(tokens, ask())
    halved = max_pool2d(maps(tokens), (1, 2)).permute(0, 2, 3, 1)
    score = cosine_similarity(halved, ask().vector, dim=-1)
    expected = halved[box_around(score, 0.8)]
    torch.testing.assert_close(out.x[: len(expected)], expected)


def rows_and_columns(tokens, **params):
    """Of the only detailed frame: the cells it kept, as a picture."""
    path = ThreePath(slow=1, middle=0, ratio=0.25, **params)
    out = path(tokens, ask())
    n = len(out) - 16
    kept = torch.zeros(12, 12, dtype=torch.bool)
    kept.view(-1)[out.edges[out.edges[:, 0] < n, 1]] = True
    return kept


def test_the_box_is_a_rectangle_of_the_picture_and_that_of_the_released_code_is_none():
    tokens = film(t=1, planted=((0, 4, 4),))
    ours, theirs = rows_and_columns(tokens), rows_and_columns(tokens, transposed=True)
    assert torch.equal(ours, ours.any(1)[:, None] & ours.any(0))
    assert not torch.equal(theirs, theirs.any(1)[:, None] & theirs.any(0))


def test_pairs_can_be_averaged_and_then_say_exactly_what_they_are_made_of():
    tokens = film(w=11)
    out = ThreePath(pool="mean")(tokens, ask())
    assert out.kind == "mean"
    table = torch.zeros(len(out), len(tokens)).index_put(tuple(out.edges.T), out.share)
    torch.testing.assert_close(out.x, table @ tokens.x, atol=1e-5, rtol=1e-4)


@given(t=st.integers(1, 12), h=st.integers(1, 9), w=st.integers(1, 9), keep=st.floats(0, 1))
def test_it_returns_what_it_counts_and_never_more_than_it_got(t, h, w, keep):
    path, tokens = ThreePath(keep=keep, best=1.0), film(t, h, w)
    out = path(tokens, ask())
    assert path.count(tokens.grid) == (len(out), len(out))
    assert len(out) <= len(tokens)


def test_a_small_film_gives_up_the_middle_path_before_the_slow_one():
    assert ThreePath().plan((1, 4, 4)) == (1, 0, 2)
    assert ThreePath().plan((8, 6, 6)) == (3, 5, 4)


def test_a_budget_is_shared_out_3_to_5():
    plan = ThreePath().at(0.2).plan((50, 24, 24))
    assert (plan.slow, plan.middle, plan.side) == (8, 13, 4)


def test_an_odd_number_of_rows_cannot_be_taken_two_for_one():
    with pytest.raises(ShapeError, match="even number of rows"):
        ThreePath(transposed=True)(film(h=5), ask())


def test_merged_tokens_have_no_paths():
    with pytest.raises(ShapeError, match="Put it first"):
        ThreePath()(build("compressor", "bipartite_merge", keep=0.5)(film()), ask())


@pytest.mark.parametrize(
    "wrong", [{"slow": 0, "middle": 0}, {"side": 0}, {"ratio": 0.0}, {"pool": "min"}, {"keep": 2.0}]
)
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        ThreePath(**wrong)
