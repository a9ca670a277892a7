import torch

from vtk_notebooks.blocks.grounding.batch import collate
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.heads.span_queries import Kernel, SpanQueries
from vtk_notebooks.training import planted


def kernel():
    return drawn(lambda: Kernel(8, hidden=16, queries=4), 0)


def batch_of(*lengths):
    films = [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]
    return collate([(film.tokens, film.query) for film in films])


def test_queries_in_another_order_say_the_same_in_another_order():
    net, batch = kernel(), batch_of(12)
    before = net(*batch)
    with torch.no_grad():
        net.queries.copy_(net.queries[[2, 0, 3, 1]])
    after = net(*batch)
    torch.testing.assert_close(after.spans, before.spans[:, [2, 0, 3, 1]], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(after.scores, before.scores[:, [2, 0, 3, 1]], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(after.saliency, before.saliency)


def test_each_querys_looks_add_up_to_one_over_clips_that_exist():
    look = kernel()(*batch_of(10, 16)).aux["attention"]
    assert look.shape == (2, 4, 16)
    torch.testing.assert_close(look.sum(-1), torch.ones(2, 4))
    assert not look[0, :, 10:].any()


def test_every_layer_proposes_and_the_last_one_answers():
    out = kernel()(*batch_of(10))
    assert out.aux["centre_width"].shape == (2, 1, 4, 2)
    centre, width = out.aux["centre_width"][-1].unbind(-1)
    torch.testing.assert_close(out.spans, torch.stack([centre - width / 2, centre + width / 2], -1))
    torch.testing.assert_close(out.scores, out.aux["logits"][-1].softmax(-1)[..., 0])


def test_no_answer_is_suppressed_unless_asked():
    film, head = planted(0, width=8), SpanQueries.new("made", 8)
    assert len(head(film.tokens, film.query)) == 5
