import torch

from vtk_notebooks import tiou
from vtk_notebooks.blocks.grounding.batch import collate
from vtk_notebooks.blocks.grounding.moment_map import cells
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.heads.moment_map import Kernel, MomentMap
from vtk_notebooks.training import planted


def batch_of(*lengths):
    films = [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]
    return collate([(film.tokens, film.query) for film in films])


def kernel(parts=4):
    return drawn(lambda: Kernel(8, hidden=16, parts=parts), 0)


def test_every_stretch_of_equal_parts_is_proposed():
    out = kernel()(*batch_of(12))
    assert (4 * out.spans[0]).tolist() == [[a, b + 1] for a, b in cells(4).tolist()]


def test_at_first_a_stretch_is_the_projected_mean_of_what_is_seen():
    net, batch = kernel(), batch_of(12)
    assert net.back.bias is not None
    torch.nn.init.zeros_(net.back.bias)
    out = net(*batch)
    whole = net.project(batch.video.mean(1))
    place = [tuple(c) for c in cells(4).tolist()].index((0, 3))
    torch.testing.assert_close(out.aux["moments"][:, place], whole)


def test_the_map_shows_the_cosines_and_has_no_other_half():
    out = kernel()(*batch_of(12))
    [table] = out.aux["map"]
    assert table.isnan().sum() == 6
    first, last = cells(4).unbind(1)
    torch.testing.assert_close((1 + table[first, last]) / 2, out.scores[0])


def test_answers_overlap_by_half_at_most():
    film, head = planted(0, width=8), MomentMap.new("made", 8)
    moments = head(film.tokens, film.query)
    assert all(tiou(a, b) <= 0.5 for a in moments for b in moments if a is not b)


def test_a_film_shorter_than_its_parts_is_read():
    film, head = planted(0, frames=8, width=8), MomentMap.new("made", 8)
    assert head(film.tokens, film.query)
