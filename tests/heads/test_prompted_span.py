import torch

from vtk_notebooks.blocks.grounding.batch import collate
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.heads.prompted_span import Kernel, PromptedSpan
from vtk_notebooks.training import planted


def kernel():
    return drawn(lambda: Kernel(8, hidden=16, prompts=3), 0)


def batch_of(*lengths):
    films = [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]
    return collate([(film.tokens, film.query) for film in films])


def test_each_film_gets_one_span_with_its_ends_in_order():
    out = kernel()(*batch_of(10, 16))
    assert out.spans.shape == (2, 1, 2)
    assert torch.equal(out.spans[:, 0], out.aux["ends"].sort(-1).values)
    film, head = planted(0, width=8), PromptedSpan.new("made", 8)
    assert len(head(film.tokens, film.query)) == 1


def test_prompts_are_heard_but_are_no_part_of_the_question():
    net, batch = kernel(), batch_of(12)
    before = net(*batch)
    with torch.no_grad():
        net.prompts.mul_(-1)
    after = net(*batch)
    assert not torch.allclose(before.spans, after.spans)
    assert torch.equal(before.saliency, after.saliency)


def test_the_score_is_the_cosine_inside_the_span():
    out = kernel()(*batch_of(12))
    centre = (torch.arange(12) + 0.5) / 12
    inside = (centre >= out.spans[0, 0, 0]) & (centre <= out.spans[0, 0, 1])
    expected = out.saliency[0, inside].mean() if inside.any() else torch.zeros(())
    torch.testing.assert_close(2 * out.scores[0, 0] - 1, expected)
