import torch

from vtk_notebooks.blocks.grounding.batch import collate
from vtk_notebooks.blocks.grounding.joint_encoder import AttentivePool, JointEncoder
from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.training import planted


def films(*lengths):
    made = [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]
    return collate([(film.tokens, film.query) for film in made])


def encoder():
    return drawn(lambda: JointEncoder(8, hidden=16), 0)


def test_a_film_is_read_alike_alone_and_beside_a_longer_one():
    net = encoder()
    alone, beside = net(*films(10)[:4]), net(*films(10, 30)[:4])
    torch.testing.assert_close(alone.video[0], beside.video[0, :10], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alone.text[0], beside.text[0], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alone.pooled[0], beside.pooled[0])


def test_clips_hear_the_words_and_words_the_clips():
    batch, net = films(10), encoder()
    other = batch._replace(text=batch.text.flip(2))
    a, b = net(*batch[:4]), net(*other[:4])
    assert ((a.video - b.video).abs().amax(2) > 1e-4).all()
    other = batch._replace(video=batch.video.flip(2))
    assert ((a.text - net(*other[:4]).text).abs().amax(2) > 1e-4).all()


def test_the_order_of_words_changes_nothing_but_their_order():
    batch, net = films(10), encoder()
    turned = net(*batch._replace(text=batch.text.flip(1))[:4])
    straight = net(*batch[:4])
    torch.testing.assert_close(turned.video, straight.video, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(turned.text, straight.text.flip(1), atol=1e-5, rtol=1e-4)


def test_attentive_pooling_leaves_out_what_is_masked():
    pool = AttentivePool(4)
    torch.nn.init.normal_(pool.weight, generator=torch.Generator().manual_seed(0))
    x = torch.randn(1, 3, 4, generator=torch.Generator().manual_seed(1))
    mask = torch.tensor([[True, True, False]])
    weight = (x[0, :2] @ pool.weight).softmax(0)
    torch.testing.assert_close(pool(x, mask)[0], weight @ x[0, :2])
