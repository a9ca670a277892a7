import torch
from einops import rearrange

from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.tower import NONE, PER, Readouts, Truth, patches, see, stacked, truth
from vtk_notebooks.video.synth.scene import COLOURS, FORMS, MOTIONS


def test_many_groups_at_once_are_seen_as_the_towers_own_forward_pass_sees_them(untrained):
    model, _ = untrained
    tower, x = model.model.visual, patches([lesson_film(1)])[0]
    with torch.no_grad():
        theirs = tower(rearrange(x, "g n c -> (g n) c"), torch.tensor([[16, 8, 8]])).pooler_output
        torch.testing.assert_close(see(tower, x).flatten(0, 2), theirs)


def test_patches_are_those_of_the_adapter(untrained):
    _, prompter = untrained
    film = lesson_film(2)
    theirs, grid = prompter.adapter.pixels(film.clip)
    ours = rearrange(patches([film]), "1 g n c -> (g n) c")
    assert grid.tolist() == [[16, 8, 8]]
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def test_the_truth_about_a_cell_is_that_of_the_thing_in_it():
    for seed in range(20):
        film, said = lesson_film(seed), truth(lesson_film(seed))
        for group, row, column in (said.kinds["colour"] != NONE).nonzero().tolist()[::7]:
            here = film.drawn[1][PER * group : PER * (group + 1)]
            numbers = here[:, 16 * row : 16 * row + 16, 16 * column : 16 * column + 16]
            shown = [film.film.scene.events[n] for n in set(numbers[numbers >= 0].tolist())]
            cell = {k: int(v[group, row, column]) for k, v in said.kinds.items()}
            assert list(COLOURS)[cell["colour"]] in {e.shape.colour for e in shown}
            assert FORMS[cell["form"]] in {e.shape.form for e in shown}
            if cell["motion"] != NONE:
                assert list(MOTIONS)[cell["motion"]] in {e.motion for e in shown}


def test_nothing_is_said_about_empty_cells():
    said = truth(lesson_film(0))
    empty = said.there.amax(-1) == 0
    assert (said.kinds["colour"][empty] == NONE).all()
    assert (said.kinds["ground"] != NONE).all()


def test_read_outs_that_know_the_truth_have_no_loss_and_are_always_right():
    said = stacked([truth(lesson_film(seed)) for seed in range(3)])
    readouts = Readouts(64)
    parts = [(readouts.there, 20.0 * (2 * said.there - 1))]
    for kind, head in readouts.kinds.items():
        assert isinstance(head, torch.nn.Linear)
        known = torch.nn.functional.one_hot(said.kinds[kind].clamp(0), head.out_features)
        parts.append((head, 20.0 * known.float()))
    x, start = torch.zeros(*said.there.shape[:3], 64), 0
    for head, wanted in parts:
        stop = start + wanted.shape[-1]
        x[..., start:stop] = wanted
        torch.nn.init.zeros_(head.bias)
        torch.nn.init.zeros_(head.weight)
        with torch.no_grad():
            head.weight[:, start:stop] = torch.eye(stop - start)
        start = stop
    assert sum(readouts.losses(x, said).values()) < 1e-4
    assert set(readouts.right(x, said).values()) == {1.0}
    wrong = Truth(1 - said.there, said.kinds)
    assert readouts.right(x, wrong)["there"] == 0.0
