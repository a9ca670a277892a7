import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.blocks.grounding.batch import even_clips
from vtk_notebooks.blocks.grounding.moment_map import as_table, cells, means, shares, spans


@given(parts=st.integers(1, 20))
def test_every_stretch_is_there_once_and_lies_in_the_film(parts):
    table = cells(parts)
    assert len(table) == parts * (parts + 1) // 2
    assert (table[:, 0] <= table[:, 1]).all()
    assert len({tuple(row) for row in table.tolist()}) == len(table)
    ends = spans(parts)
    assert ends.min() == 0
    assert ends.max() == 1
    assert (ends[:, 0] < ends[:, 1]).all()


def test_a_stretchs_feature_is_the_mean_of_its_parts():
    x = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(0))
    every = means(x)
    for k, (first, last) in enumerate(cells(5).tolist()):
        torch.testing.assert_close(every[:, k], x[:, first : last + 1].mean(1))


@given(clips=st.integers(1, 40), parts=st.integers(1, 20), more=st.integers(0, 5))
def test_parts_are_made_of_the_clips_that_they_cover(clips, parts, more):
    mask = (torch.arange(clips + more) < clips)[None]
    share = shares(even_clips(mask), mask, parts)
    torch.testing.assert_close(share.sum(-1), torch.ones(1, parts))
    assert not share[:, :, clips:].any()
    torch.testing.assert_close(share[0].sum(0)[:clips], torch.full((clips,), parts / clips))


def test_a_table_is_empty_where_there_is_no_stretch():
    table = as_table(torch.arange(6.0), 3)
    assert table[0].tolist() == [0, 1, 2]
    assert table.isnan().tolist() == [[False] * 3, [True, False, False], [True, True, False]]
