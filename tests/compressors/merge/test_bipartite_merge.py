import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.blocks import matching
from vtk_notebooks.blocks.matching import merge_groups
from vtk_notebooks.compressors import BipartiteMerge
from vtk_notebooks.errors import SpaceError, UnknownNameError, VtkError

MERGE = matching.__name__


def film(t=4, h=4, w=4, d=8, seed=0, space="made"):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2, space=space)


def one_round_by_hand(x, r, protect=0):
    """ToMe's round for one frame, pair by pair: the set of pairs that merge."""
    unit = torch.nn.functional.normalize(x, dim=-1)
    first, second = ([i for i in range(k, len(x), 2) if i >= protect] for k in (0, 1))
    best = [max(((unit[a] @ unit[b]).item(), a, b) for b in second) for a in first]
    return {(a, b) for _, a, b in sorted(best, reverse=True)[:r]}


def rounds_by_hand(x, left):
    """ToMe's rounds for one frame: what each token's members are when `left` are left."""
    members = [{i} for i in range(len(x))]
    while len(members) > left:
        means = torch.stack([x[sorted(m)].mean(0) for m in members])
        pairs = one_round_by_hand(means, min(len(members) - left, len(members) // 2))
        to = dict(pairs)
        joined = {i: set(members[i]) for i in range(len(members)) if i not in to}
        for a, b in to.items():
            joined[b] |= members[a]
        members = sorted(joined.values(), key=min)
    return members


def groups_of(tokens):
    """The cells of every token."""
    out = [set() for _ in range(len(tokens))]
    for token, cell in tokens.edges.tolist():
        out[token].add(cell)
    return out


def test_equal_tokens_merge_first():  # the paper's claim, in one line
    x = torch.randn(1, 1, 8, 16, generator=torch.Generator().manual_seed(0))
    x[0, 0, 5] = x[0, 0, 2]
    out = BipartiteMerge(7 / 8)(Tokens.from_grid(x, torch.zeros(1)))
    assert {2, 5} in groups_of(out)
    torch.testing.assert_close(out.x[2], x[0, 0, 2])


@given(seed=st.integers(0, 999), r=st.integers(1, 8))
def test_a_round_accepts_the_most_alike_proposals(seed, r):
    tokens = film(t=1, seed=seed)
    out = BipartiteMerge((16 - r) / 16)(tokens)
    pairs = one_round_by_hand(tokens.x, r)
    together = {b: {b} | {a for a, to in pairs if to == b} for _, b in pairs}
    assert [g for g in groups_of(out) if len(g) > 1] == sorted(together.values(), key=min)


def test_a_frame_of_196_that_merges_50_has_146_left():
    assert len(BipartiteMerge(146 / 196)(film(t=1, h=14, w=14))) == 146


@given(seed=st.integers(0, 999), keep=st.floats(0.01, 1))
def test_no_cell_is_lost_and_none_is_counted_twice(seed, keep):
    out = BipartiteMerge(keep)(film(seed=seed))
    assert sorted(c for g in groups_of(out) for c in g) == list(range(64))
    assert int(out.mass().sum()) == 64


@given(seed=st.integers(0, 999), keep=st.floats(0.01, 1))
def test_after_any_number_of_rounds_a_token_is_the_mean_of_its_cells(seed, keep):
    tokens = film(seed=seed)
    out = BipartiteMerge(keep)(tokens)
    for x, cells in zip(out.x, groups_of(out), strict=True):
        torch.testing.assert_close(x, tokens.x[sorted(cells)].mean(0), atol=1e-5, rtol=1e-4)


def test_frames_do_not_know_each_other():
    tokens = film()
    alone = BipartiteMerge(0.25)(film()).x[:4]
    other = tokens.x.clone()
    other[16:] = torch.randn(48, 8, generator=torch.Generator().manual_seed(5))
    changed = Tokens.from_grid(other.view(4, 4, 4, 8), tokens.times_s)
    assert torch.equal(BipartiteMerge(0.25)(changed).x[:4], alone)


def test_over_the_clip_a_still_film_merges_across_time():
    x = torch.randn(1, 2, 2, 8, generator=torch.Generator().manual_seed(0)).repeat(4, 1, 1, 1)
    out = BipartiteMerge(0.5, scope="clip")(Tokens.from_grid(x, torch.arange(4) / 2))
    places = [{c % 4 for c in g} for g in groups_of(out)]
    assert all(len(p) == 1 for p in places)  # only ever a place with itself at another time


@given(seed=st.integers(0, 99), scope=st.sampled_from(["frame", "clip"]), keep=st.floats(0.05, 1))
def test_the_result_is_in_the_order_of_the_first_cells(seed, scope, keep):
    first = [min(g) for g in groups_of(BipartiteMerge(keep, scope)(film(seed=seed)))]
    assert first == sorted(first)


def test_one_space_may_decide_what_is_alike():
    tokens = film(space="a").beside(film(seed=1, space="b"))
    by_b = groups_of(BipartiteMerge(0.5, metric="b")(tokens))
    assert by_b == groups_of(BipartiteMerge(0.5)(film(seed=1)))
    assert by_b != groups_of(BipartiteMerge(0.5, metric="a")(tokens))


@given(protect=st.integers(0, 16), keep=st.floats(0.01, 1))
def test_protected_tokens_stay_alone(protect, keep):
    out = BipartiteMerge(keep, protect=protect)(film(t=1))
    assert groups_of(out)[:protect] == [{c} for c in range(protect)]
    assert len(out) == max(1, round(16 * keep), min(protect + 1, 16))


@given(seed=st.integers(0, 99), protect=st.sampled_from([1, 2, 5]), part=st.floats(0, 1))
def test_protected_tokens_are_dealt_with_the_others_as_a_class_token_is(seed, protect, part):
    tokens = film(t=1, seed=seed)
    r = round(part * ((16 - protect) // 2))
    out = BipartiteMerge((16 - r) / 16, protect=protect)(tokens)
    pairs = one_round_by_hand(tokens.x, r, protect)
    together = {b: {b} | {a for a, to in pairs if to == b} for _, b in pairs}
    assert [g for g in groups_of(out) if len(g) > 1] == sorted(together.values(), key=min)


def test_of_equal_tokens_the_first_merge():
    out = BipartiteMerge(97 / 100)(Tokens.from_grid(torch.ones(1, 10, 10, 3), torch.zeros(1)))
    assert groups_of(out)[:2] == [{0, 1, 2, 4}, {3}]


def test_the_length_of_a_vector_plays_no_part():
    tokens = film()
    stretch = torch.linspace(0.1, 10, 64)[:, None]
    longer = Tokens.from_grid((tokens.x * stretch).view(4, 4, 4, 8), tokens.times_s)
    assert groups_of(BipartiteMerge(0.6)(tokens)) == groups_of(BipartiteMerge(0.6)(longer))


@pytest.mark.parametrize("left", [40, 17, 6, 3])
@pytest.mark.parametrize("seed", range(5))
def test_later_rounds_compare_the_means_of_all_cells_so_far(seed, left):
    tokens = film(t=1, h=8, w=8, seed=seed)
    assert groups_of(BipartiteMerge(left / 64)(tokens)) == rounds_by_hand(tokens.x, left)


def test_tokens_that_were_merged_before_count_as_many_as_they_are():
    tokens = film(t=1)
    merged = tokens.regroup(torch.tensor([0] * 13 + [1, 2, 3]))
    out = BipartiteMerge(0.25)(merged)
    torch.testing.assert_close(out.x[0], tokens.x.mean(0))
    assert len(out) == 1


def test_frames_with_different_numbers_of_tokens_are_merged_each_to_its_part():
    tokens = film(t=3)
    some = tokens.select(torch.cat([torch.arange(8), torch.arange(16, 48)]))  # 8, 16, 16
    frames = [min(g) // 16 for g in groups_of(BipartiteMerge(0.5)(some))]
    assert [frames.count(i) for i in range(3)] == [4, 8, 8]


def test_the_table_of_similarities_in_parts_gives_the_same_groups(monkeypatch):
    x, mass = torch.randn(2, 50, 8, generator=torch.Generator().manual_seed(0)), torch.ones(2, 50)
    whole = merge_groups(x, mass, 13)
    monkeypatch.setattr(f"{MERGE}._MOST_FLOATS", 100)
    assert torch.equal(merge_groups(x, mass, 13), whole)


def test_a_long_clip_never_holds_its_whole_table(monkeypatch):
    sizes = []
    matmul = torch.Tensor.__matmul__

    def spy(a, b):
        out = matmul(a, b)
        sizes.append(out.numel())
        return out

    monkeypatch.setattr(f"{MERGE}._MOST_FLOATS", 2**16)
    monkeypatch.setattr(torch.Tensor, "__matmul__", spy)
    BipartiteMerge(0.9, scope="clip")(film(t=20, h=10, w=10, d=2))
    assert sizes
    assert max(sizes) <= 2**16


def test_zero_vectors_merge_without_nans():
    x = torch.zeros(1, 2, 2, 3)
    assert BipartiteMerge(0.25)(Tokens.from_grid(x, torch.zeros(1))).x.isfinite().all()


def test_a_space_the_tokens_do_not_have_is_refused():
    with pytest.raises(SpaceError, match="elsewhere"):
        BipartiteMerge(0.5, metric="elsewhere")(film())


def test_wrong_parameters_are_refused():
    with pytest.raises(VtkError, match=r"keep in \(0, 1\]"):
        BipartiteMerge(0.0)
    with pytest.raises(VtkError, match="protect"):
        BipartiteMerge(protect=-1)
    with pytest.raises(UnknownNameError, match="Did you mean 'frame'"):
        BipartiteMerge(scope="frames")
