import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.labs import crossed as lab
from vtk_notebooks.labs.crossed import Spans

part = st.floats(0, 1, width=32)
film = st.tuples(part, part, part, st.floats(0.125, 1, width=32), st.floats(4, 60, width=32)).map(
    lambda f: (f[0], f[1], f[2] * f[4] / 2, (f[2] + f[3]) * f[4] / 2, f[4])
)


@given(films=st.lists(film, min_size=1, max_size=3), promise=st.sampled_from(list(lab.PROMISES)))
def test_the_mended_loss_keeps_every_promise_on_any_batch(films, promise):
    assert lab.holds(promise, lab.mended, Spans.of(*films))


@given(films=st.lists(film, min_size=2, max_size=2))
def test_the_suspect_keeps_all_but_one_on_two_films(films):
    batch = Spans.of(*films)
    for promise in set(lab.PROMISES) - {"alone"}:
        assert lab.holds(promise, lab.crossed, batch)


def test_an_exact_answer_costs_the_floor():
    batch = Spans.of((0.25, 0.5, 10, 20, 40))
    assert lab.crossed(batch).item() == pytest.approx(0.24) == pytest.approx(lab.FLOOR)


def test_the_suspect_is_the_released_loss():
    tvp = pytest.importorskip("transformers.models.tvp.modeling_tvp")
    said, lasts_s = torch.tensor([[0.25, 0.5], [0.5, 0.75]]), torch.tensor([40.0, 10.0])
    truth_s = torch.tensor([[10.0, 20.0], [5.0, 7.5]])
    theirs = tvp.TvpLoss(["iou", "distance", "duration"])(said, (lasts_s, *truth_s.T))
    total = theirs["iou"] + theirs["distance"] + 0.1 * theirs["duration"]
    torch.testing.assert_close(lab.crossed(Spans(said, truth_s, lasts_s)), total)


@pytest.mark.parametrize("promise", lab.PROMISES)
def test_each_promise_can_be_broken(promise):
    def random(batch):
        return lab.mended(batch) + torch.rand(len(batch.lasts_s))

    broken = {
        "again": random,
        "unit": lambda b: lab.mended(b) + b.lasts_s,
        "floor": lambda b: lab.mended(b) - 0.2,
        "own": lambda b: lab.mended(b) + b.said.sum(),
        "alone": lambda b: lab.mended(b) * len(b.lasts_s),
    }
    batch = Spans.of((0.25, 0.5, 10, 20, 40), (0.5, 0.75, 5, 7.5, 10))
    assert not lab.holds(promise, broken[promise], batch)
