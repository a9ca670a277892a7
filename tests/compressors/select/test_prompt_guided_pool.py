from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import avg_pool3d, cosine_similarity

from vtk_notebooks import Query, Tokens
from vtk_notebooks.compressors import BipartiteMerge, PromptGuidedPool
from vtk_notebooks.errors import ShapeError, SpaceError, VtkError


def film(t=4, h=6, w=6, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space="made")


def ask(vector, space="made"):
    return Query("?", vector, vector[None], ("?",), space)


QUERY = ask(torch.randn(8, generator=torch.Generator().manual_seed(7)))


def by_hand(tokens, query, pool):
    """The paper's formula, window by window."""
    t, h, w = tokens.grid
    kt, kh, kw = pool.kernel
    cosine = cosine_similarity(tokens.x, query.vector[None], dim=-1)
    guide = (pool.logit_scale * cosine).softmax(0).view(t, h, w)
    x = tokens.x.view(t, h, w, -1)
    rows = []
    for i in range(0, t, kt):
        for j in range(0, h, kh):
            for k in range(0, w, kw):
                box = (slice(i, i + kt), slice(j, j + kh), slice(k, k + kw))
                weight = (guide[box].flatten() / pool.tau).softmax(0)
                rows.append((weight[:, None] * x[box].flatten(0, 2)).sum(0))
    return torch.stack(rows)


def test_32_frames_of_24_by_24_become_1024_tokens():
    assert PromptGuidedPool().count((32, 24, 24)) == (1024, 1024)


@given(
    seed=st.integers(0, 999),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 7), st.integers(1, 7)),
    tau=st.floats(1e-4, 1),
)
def test_it_is_the_papers_formula_also_where_windows_do_not_divide(seed, kernel, tau):
    pool = PromptGuidedPool(kernel, tau)
    tokens = film(seed=seed)
    expected = by_hand(tokens, QUERY, pool)
    # A small temperature magnifies rounding.
    torch.testing.assert_close(pool(tokens, QUERY).x, expected, atol=5e-5, rtol=1e-4)


@pytest.mark.parametrize("out", [(2, 2, 3), (3, 4, 5), (4, 6, 6), (1, 1, 1), (9, 9, 9)])
def test_pooled_to_sizes_that_do_not_divide_windows_overlap(out):  # as in the released code
    tokens, pool = film(t=7, h=6, w=8), PromptGuidedPool(out=out, tau=1e-3)
    x, guide = (y.unflatten(0, tokens.grid) for y in (tokens.x, pool.guidance(tokens, QUERY)))
    rows = []
    sizes = [min(n, o) for n, o in zip(tokens.grid, out, strict=True)]
    steps = [n // o for n, o in zip(tokens.grid, sizes, strict=True)]
    longs = [n - (o - 1) * s for n, o, s in zip(tokens.grid, sizes, steps, strict=True)]
    for place in product(*map(range, sizes)):
        box = tuple(slice(p * s, p * s + k) for p, s, k in zip(place, steps, longs, strict=True))
        weight = (guide[box].flatten() / 1e-3).softmax(0)
        rows.append(weight @ x[box].flatten(0, 2))
    got = pool(tokens, QUERY)
    torch.testing.assert_close(got.x, torch.stack(rows))
    assert pool.count(tokens.grid) == (len(rows), len(rows))
    assert pool.at(0.25) == PromptGuidedPool((1, 2, 2), 1e-3)


def test_sizes_that_divide_are_the_papers_windows():
    sized = PromptGuidedPool(out=(2, 2, 2))(film(), QUERY)
    kernel = PromptGuidedPool()(film(), QUERY)
    assert torch.equal(sized.x, kernel.x)
    assert torch.equal(sized.edges, kernel.edges)


def test_without_guidance_it_is_plain_average_pooling():
    tokens = film()
    plain = avg_pool3d(tokens.x.view(4, 6, 6, 8).permute(3, 0, 1, 2), (2, 3, 3)).flatten(1).T
    for pool in (PromptGuidedPool(logit_scale=0.0), PromptGuidedPool(tau=1e6)):
        torch.testing.assert_close(pool(tokens, QUERY).x, plain, atol=1e-5, rtol=1e-4)


def test_as_tau_falls_a_window_becomes_its_best_cell():  # guided by the prompt, indeed
    tokens = film()
    pool = PromptGuidedPool(tau=1e-12, logit_scale=10.0)
    out = pool(tokens, QUERY)
    guide, window = pool.guidance(tokens, QUERY), pool.windows(tokens.grid)
    for k in range(len(out)):
        best = guide.masked_fill(window != k, -1).argmax()
        torch.testing.assert_close(out.x[k], tokens.x[best])
    assert out.kind == "attn"


def test_guidance_is_a_softmax_over_the_whole_clip():
    guide = PromptGuidedPool().guidance(film(), QUERY)
    torch.testing.assert_close(guide.sum(), torch.tensor(1.0))
    assert guide.shape == (4 * 6 * 6,)


def test_only_the_questions_own_channels_guide_but_all_are_pooled():
    other = film(seed=1)
    other = replace(other, spaces=(other.spaces[0]._replace(name="other"),))
    both = film().beside(other)
    pool = PromptGuidedPool()
    torch.testing.assert_close(pool.guidance(both, QUERY), pool.guidance(film(), QUERY))
    torch.testing.assert_close(pool(both, QUERY).x[:, :8], pool(film(), QUERY).x)
    assert pool(both, QUERY).x.shape[1] == 16


@pytest.mark.parametrize(
    ("keep", "kernel"), [(1, (1, 1, 1)), (0.5, (2, 1, 1)), (0.25, (1, 2, 2)), (1 / 18, (2, 3, 3))]
)
def test_a_budget_names_a_window(keep, kernel):
    assert PromptGuidedPool().at(float(keep)).kernel == kernel


def test_a_question_is_needed():
    with pytest.raises(VtkError, match="a query to go by"):
        PromptGuidedPool()(film())


def test_a_question_of_another_space_is_refused():
    with pytest.raises(SpaceError):
        PromptGuidedPool()(film(), ask(torch.ones(8), "elsewhere"))


def test_merged_tokens_have_no_windows():
    with pytest.raises(ShapeError, match="Put it first"):
        PromptGuidedPool()(BipartiteMerge(0.5)(film()), QUERY)


@pytest.mark.parametrize(("kernel", "tau"), [((0, 1, 1), 0.1), ((1, 1, 1), 0.0)])
def test_impossible_windows_and_temperatures_are_refused(kernel, tau):
    with pytest.raises(VtkError):
        PromptGuidedPool(kernel, tau)
    with pytest.raises(VtkError, match="out of three sizes"):
        PromptGuidedPool(out=kernel if 0 in kernel else (2, -1, 2))
