import torch

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.blocks.qformer import QFormer


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def made(**sizes):
    return drawn(lambda: QFormer(6, 8, heads=2, **sizes), 0)


def test_the_order_of_the_memory_plays_no_part():
    former, queries, memory = made(), draw(2, 3, 8), draw(2, 5, 6, seed=1)
    back = former(queries, memory.flip(1))
    torch.testing.assert_close(back, former(queries, memory))


def test_queries_and_words_go_in_behind_one_norm():  # as BERT's embeddings do
    former = made(words=4)
    queries, memory, words = draw(1, 3, 8), draw(1, 5, 6, seed=1), draw(1, 2, 4, seed=2)
    torch.testing.assert_close(former(5 * queries + 1, memory), former(queries, memory))
    said = former(queries, memory, words=words)
    for name, weight in former.named_parameters():
        if name.startswith("read."):
            weight.data.mul_(5)
    torch.testing.assert_close(former(queries, memory, words=words), said)


def test_what_is_not_seen_counts_as_a_shorter_memory():
    former, queries, memory = made(), draw(1, 3, 8), draw(1, 5, 6, seed=1)
    seen = torch.tensor([[True, True, True, False, False]])
    torch.testing.assert_close(former(queries, memory, seen=seen), former(queries, memory[:, :3]))


def test_words_change_what_queries_bring_and_only_where_words_are_read():
    former, deaf = made(words=4), made()
    queries, memory, words = draw(1, 3, 8), draw(1, 5, 6, seed=1), draw(1, 2, 4, seed=2)
    assert (former(queries, memory, words=words) - former(queries, memory)).norm() > 0.1
    assert torch.equal(deaf(queries, memory, words=words), deaf(queries, memory))


def test_words_do_not_look_at_the_memory():
    layer = made(words=4, layers=1).layers[0]
    x = draw(1, 5, 8)
    a, b = (layer(x, 3, draw(1, 4, 6, seed=s), None) for s in (1, 2))
    assert torch.equal(a[:, 3:], b[:, 3:])
    assert (a[:, :3] - b[:, :3]).norm() > 0.1


def test_every_other_layer_looks_beginning_with_the_first():
    assert [hasattr(layer, "look") for layer in made(layers=4).layers] == [True, False, True, False]


def test_gradients_reach_every_parameter_and_the_memory():
    former, memory = made(words=4, layers=3).train(), draw(2, 5, 6).requires_grad_()
    former(draw(2, 3, 8), memory, words=draw(2, 2, 4)).square().sum().backward()
    assert memory.grad is not None
    assert memory.grad.any()
    for name, p in former.named_parameters():
        if not name.startswith("layers.2.word"):  # what the last layer makes of words is not read
            assert p.grad is not None
            assert p.grad.any(), name
