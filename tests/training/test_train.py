import pytest
import torch

from vtk_notebooks import tiou
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.heads import UniVTG
from vtk_notebooks.objectives.univtg import UniVTGLoss
from vtk_notebooks.training import planted, train_head

FILMS = [planted(seed, frames=16, width=16) for seed in range(64)]
UNSEEN = [planted(seed, frames=16, width=16) for seed in range(900, 920)]


def fresh(space="made"):
    return UniVTG.new(space, 16, hidden=32)


def stop_at(step):
    def stop(now, steps):
        if now == step:
            raise KeyboardInterrupt

    return stop


def test_training_lowers_the_loss_and_finds_moments_it_never_saw():
    before, after = fresh(), train_head(fresh(), FILMS, steps=150)

    def mean_iou(head):
        hits = [tiou(head(f.tokens, f.query)[0], f.moments[0]) for f in UNSEEN]
        return sum(hits) / len(hits)

    assert after.curve["total"][-1] < after.curve["total"][0] / 5
    assert mean_iou(after.head) > 0.6 > mean_iou(before)


def test_the_curve_has_every_term_and_their_weighted_sum():
    done = train_head(fresh(), FILMS, steps=3)
    curve = done.curve
    assert done.weights == UniVTGLoss().weights
    assert set(curve) == {"f", "b", "g", "s_inter", "s_intra", "total"}
    weights = UniVTGLoss().weights
    for step in range(3):
        total = sum(w * curve[name][step] for name, w in weights.items())
        assert curve["total"][step] == pytest.approx(total, rel=1e-5)


def test_progress_hears_of_every_step_and_epochs_are_steps():
    heard = []
    train_head(fresh(), FILMS[:5], epochs=2, batch=2, progress=lambda *now: heard.append(now))
    assert heard == [(i + 1, 6) for i in range(6)]


def test_a_training_that_was_stopped_goes_on_to_the_same_weights(tmp_path):
    def train(**more):
        return train_head(fresh(), FILMS, steps=8, held_out=UNSEEN, look_every=2, **more)

    file = tmp_path / "training.safetensors"
    first = train(checkpoint=file, progress=stop_at(4))
    assert first.stopped == "interrupted"
    assert list(first.held_out) == [2, 4]
    heard = []
    rest = train(checkpoint=file, progress=lambda now, _: heard.append(now))
    whole = train()
    assert heard == [5, 6, 7, 8]
    assert rest.head.weights() == whole.head.weights()
    assert rest.curve == whole.curve
    assert rest.held_out == whole.held_out
    assert rest.stopped == "done"


def test_stopping_keeps_the_best_weights_so_far():
    kept = {}

    def watch(now, steps):
        kept[now] = head.weights()
        if now == 5:
            raise KeyboardInterrupt

    head = fresh()
    done = train_head(
        head, FILMS, steps=9, rate=0.05, held_out=UNSEEN, look_every=1, progress=watch
    )
    best = min(done.held_out, key=lambda step: done.held_out[step])
    assert done.stopped == "interrupted"
    assert head.weights() == kept[best]


def test_it_stops_where_held_out_films_get_no_better():
    noise = [planted(seed, frames=16, width=16, strength=0.0) for seed in range(32)]
    done = train_head(fresh(), noise[:8], steps=2000, held_out=noise[8:], look_every=5, patience=2)
    assert done.stopped == "early"
    assert len(done.curve["total"]) < 2000
    values = list(done.held_out.values())
    assert min(values) == values[-3]


def test_other_objectives_can_take_the_place_of_its_own():
    only_f = UniVTGLoss(b=0.0, g=0.0, s_intra=0.0, s_inter=0.0)
    curve = train_head(fresh(), FILMS, steps=2, objectives=[only_f]).curve
    assert curve["total"][0] == pytest.approx(10 * curve["f"][0], rel=1e-5)


def test_the_same_films_and_seed_give_the_same_weights_and_leave_the_global_generator_alone():
    state = torch.random.get_rng_state()
    a, b, c = (train_head(fresh(), FILMS, steps=3, seed=s).head.weights() for s in (0, 0, 1))
    assert a == b != c
    assert torch.equal(state, torch.random.get_rng_state())


def test_films_of_different_lengths_train_together():
    films = [planted(0, frames=8, width=16), planted(1, frames=24, width=16)]
    train_head(fresh(), films, steps=2)


def test_no_films_foreign_films_and_no_steps_are_refused():
    with pytest.raises(VtkError, match="one or more films"):
        train_head(fresh(), [], steps=1)
    with pytest.raises(SpaceError, match="elsewhere"):
        train_head(fresh("elsewhere"), FILMS)
    with pytest.raises(VtkError, match="one or more steps"):
        train_head(fresh(), FILMS, steps=0)
