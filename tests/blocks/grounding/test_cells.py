import torch
from torch.nn.functional import normalize

from vtk_notebooks import Tokens
from vtk_notebooks.blocks.grounding.cells import cell_means
from vtk_notebooks.compressors import Uniform


def film():
    x = torch.randn(4, 2, 3, 5, generator=torch.Generator().manual_seed(0))
    return Tokens.from_grid(x, torch.arange(4).float(), space="made")


def test_while_there_is_a_token_per_cell_cells_are_tokens_as_unit_vectors():
    tokens = film()
    torch.testing.assert_close(cell_means(tokens, "made"), normalize(tokens.on_grid("t"), dim=-1))


def test_merged_cells_say_the_same():
    merged = film().regroup(torch.arange(24) // 2)
    cells = cell_means(merged, "made").view(24, 5)
    torch.testing.assert_close(cells[::2], cells[1::2])
    torch.testing.assert_close(cells[::2], normalize(merged.x, dim=-1))


def test_cells_that_no_token_speaks_for_are_zero():
    fewer = Uniform(0.5)(film())
    cells, seen = cell_means(fewer, "made"), fewer.kept().flatten(1).any(1)
    assert not cells[~fewer.kept() & seen[:, None, None]].any()


def test_a_frame_without_tokens_borrows_its_nearest_neighbours_cells():
    cells = cell_means(film().select(torch.arange(18, 24)), "made")
    assert cells[3].any()
    assert torch.equal(cells, cells[3:].expand_as(cells))
