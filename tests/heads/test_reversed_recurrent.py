from dataclasses import replace

import torch

from vtk_notebooks.blocks.kernels import drawn
from vtk_notebooks.heads.reversed_recurrent import Block, Kernel, ReversedRecurrent
from vtk_notebooks.tokens import Space
from vtk_notebooks.training import planted

ONE = torch.ones(())


def rand(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def films(*lengths):
    return [planted(i, frames=t, width=8) for i, t in enumerate(lengths)]


def pairs(made):
    return [(film.tokens, film.query) for film in made]


def layered(film):
    """The film with a shallower layer beside its own."""
    tokens = film.tokens
    x = torch.cat([tokens.x, rand(*tokens.x.shape, seed=5)], 1)
    return film._replace(tokens=replace(tokens, x=x, spaces=(Space("made", 8), Space("made/1", 8))))


def test_at_first_a_frame_is_its_own_vector_whatever_the_words_find():
    block = drawn(lambda: Block(8, 2), 0)
    frame, patches, words = rand(1, 3, 8), rand(1, 3, 4, 8, seed=1), rand(1, 2, 8, seed=2)
    said = torch.ones(1, 2).bool()
    assert torch.equal(block.pool(frame, patches, words, said, torch.zeros(())), frame)
    assert not torch.allclose(block.pool(frame, patches, words, said, ONE), frame)
    assert torch.equal(Kernel(8).scale, torch.zeros(4))


def test_where_all_patches_are_alike_that_is_what_every_word_finds():
    block = drawn(lambda: Block(8, 2), 0)
    frame, patch, words = rand(1, 3, 8), rand(1, 3, 1, 8, seed=1), rand(1, 2, 8)
    said = torch.ones(1, 2).bool()
    out = block.pool(frame, patch.expand(1, 3, 4, 8), words, said, ONE)
    torch.testing.assert_close(out, frame + ONE.tanh() * (patch[:, :, 0] + words.amax(1)[:, None]))


def test_words_that_do_not_exist_find_nothing():
    block = drawn(lambda: Block(8, 2), 0)
    frame, patches, words = rand(1, 3, 8), rand(1, 3, 4, 8, seed=1), rand(1, 2, 8, seed=2)
    some = block.pool(frame, patches, words, torch.tensor([[True, False]]), ONE)
    one = block.pool(frame, patches, words[:, :1], torch.ones(1, 1).bool(), ONE)
    torch.testing.assert_close(some, one)


def test_gates_begin_at_one_half_and_layers_are_read_deepest_first():
    net = drawn(lambda: Kernel(8, hidden=16), 0)
    assert torch.equal(net.gate.sigmoid(), torch.full((3,), 0.5))
    head = ReversedRecurrent.new("made", 8, hidden=16)
    film = layered(films(8)[0])
    deep, both = head.collate(pairs(films(8))), head.collate(pairs([film]))
    assert both.video.shape == (1, 8, 2, 5, 8)
    assert torch.equal(both.video[:, :, 0], deep.video[:, :, 0])


def test_a_shallower_layer_is_read_by_later_visits_and_changes_what_is_left():
    head = ReversedRecurrent.new("made", 8, hidden=16)
    one, two = head.collate(pairs(films(8))), head.collate(pairs([layered(films(8)[0])]))
    a, b = (head.kernel(*batch).aux for batch in (one, two))
    torch.testing.assert_close(a["layers"][:, 0], b["layers"][:, 0])
    assert not torch.allclose(a["layers"][:, 1], b["layers"][:, 1])
    assert not torch.allclose(a["last"], b["last"])


def test_patches_are_means_of_quarters_and_the_first_is_the_frame():
    head = ReversedRecurrent.new("made", 8, hidden=16)
    [film] = films(8)
    video = head.collate(pairs([film])).video[0, :, 0]
    cells = film.tokens.on_grid("test")
    corner = torch.nn.functional.normalize(cells[:, :2, :2].flatten(1, 2).mean(1), dim=-1)
    torch.testing.assert_close(video[:, 1], corner)
    frame = torch.nn.functional.normalize(cells.flatten(1, 2).mean(1), dim=-1)
    torch.testing.assert_close(video[:, 0], frame)


def test_points_of_every_level_propose_and_none_behind_the_end():
    head = ReversedRecurrent.new("made", 8, hidden=16)
    out = head.kernel(*head.collate(pairs(films(10, 16))))
    assert out.spans.shape == (2, 16 + 8 + 4 + 2, 2)
    assert out.aux["point_mask"].sum(1).tolist() == [10 + 5 + 3 + 2, 30]
    assert not out.scores[0][~out.aux["point_mask"][0]].any()


def test_a_films_score_is_the_saliency_of_its_best_frame():
    head, [film] = ReversedRecurrent.new("made", 8, hidden=16), films(10)
    saliency = head.saliency(film.tokens, film.query)
    assert head.film_score(film.tokens, film.query) == saliency.max().item()
