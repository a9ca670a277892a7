import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import Tokens
from vtk_notebooks.compressors import MergeTo
from vtk_notebooks.compressors.merge.merge_to import balanced
from vtk_notebooks.errors import SpaceError, VtkError


def film(t=3, h=4, w=4, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def sized(out):
    return torch.bincount(out.edges[:, 1] // 16, minlength=3)


@given(n=st.integers(1, 40), target=st.integers(1, 40))
def test_it_hits_its_number_whatever_comes(n, target):  # the paper's claim, in one line
    assert len(MergeTo(target)(film(1, 1, n))) == min(n, target)


def test_each_frame_has_its_own_tokens():
    out = MergeTo(5)(film())
    frames = [{c // 16 for t, c in out.edges.tolist() if t == k} for k in range(15)]
    assert frames == [{k // 5} for k in range(15)]
    assert sorted(out.edges[:, 1].tolist()) == list(range(48))


def test_few_slots_may_speak_at_length():
    assert [balanced(s) for s in (1, 9, 16, 18, 36, 1000)] == [576, 64, 36, 32, 16, 1]


def test_at_the_papers_numbers_it_never_acts():
    assert all(balanced(slots) > 32 for slots in range(1, 17))
    tokens = film(16, 4, 8)  # 16 slots of 32 tokens
    assert torch.equal(MergeTo(0)(tokens).x, tokens.x)


def test_the_mean_is_that_of_all_cells_however_many_rounds_it_took():
    tokens = film()
    torch.testing.assert_close(MergeTo(1)(tokens).x, tokens.x.view(3, 16, 8).mean(1))


def test_the_released_form_forgets_sizes_and_provenance_tells():
    tokens = film(1, 1, 5)
    out, fair = MergeTo(1, forget_sizes=True)(tokens), MergeTo(1)(tokens)
    assert fair.share.tolist() == pytest.approx([0.2] * 5)
    assert out.share.unique().tolist() != pytest.approx([0.2])
    assert set(out.share.tolist()) <= {1 / 2, 1 / 4, 1 / 8, 1 / 3, 1 / 6, 1 / 12}
    torch.testing.assert_close(out.x[0], out.share @ tokens.x[out.edges[:, 1]])


def test_slots_of_a_selector_merge_within_themselves():
    tokens = film(2, 1, 4)
    share = torch.tensor([[0.6, 0.4], [0.3, 0.7]])
    slot, place, frame = torch.cartesian_prod(torch.arange(2), torch.arange(4), torch.arange(2)).T
    x = torch.einsum("k t, t s d -> k s d", share, tokens.x.view(2, 4, 8)).reshape(8, 8)
    step = torch.stack([slot * 4 + place, frame * 4 + place], 1)
    soft = tokens.derive(x, step, share[slot, frame], "attn")
    out = MergeTo(1)(soft)
    torch.testing.assert_close(out.x, x.view(2, 4, 8).mean(1))


def test_a_space_the_tokens_do_not_have_is_refused():
    with pytest.raises(SpaceError, match="elsewhere"):
        MergeTo(metric="elsewhere")(film())


@pytest.mark.parametrize("wrong", [{"tokens_per_frame": -1}, {"keep": 1.5}])
def test_impossible_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="MergeTo expects"):
        MergeTo(**wrong)
