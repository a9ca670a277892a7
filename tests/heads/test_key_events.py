import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens
from vtk_notebooks.errors import VtkError
from vtk_notebooks.heads.key_events import KeyEvents

CAT, DOG, TREE = torch.eye(8)[:3]


def film(*runs):
    """Frames that show things, one after the other: (frames, thing)."""
    noise = torch.Generator().manual_seed(0)
    x = torch.stack([thing for n, thing in runs for _ in range(n)])
    x = x + 0.01 * torch.randn(x.shape, generator=noise)
    return Tokens.from_grid(x[:, None, None], torch.arange(len(x)).float(), space="made")


def ask(thing):
    return Query("a thing", thing, thing[None], ("thing",), "made")


def test_each_thing_becomes_one_event_in_order_of_time():
    found = KeyEvents(events=3).of(film((5, CAT), (2, DOG), (9, TREE)), "made")
    assert found.event.tolist() == [0] * 5 + [1] * 2 + [2] * 9
    assert found.frames.tolist() == sorted(found.frames.tolist())
    torch.testing.assert_close(found.features.round(), torch.stack([CAT, DOG, TREE]))


def test_a_moment_is_made_of_whole_events():
    [moment] = KeyEvents(events=3)(film((5, CAT), (2, DOG), (9, TREE)), ask(DOG))
    assert (moment.start_s, moment.end_s) == (5, 7)


def test_an_event_counts_once_however_long_it_lasts():
    short, long = film((5, CAT), (2, DOG)), film((5, CAT), (40, DOG))
    head = KeyEvents(events=2)
    assert head.fits(short, ask(CAT)) == pytest.approx(0.5**0.5, abs=0.02)
    assert head.fits(long, ask(CAT)) == pytest.approx(head.fits(short, ask(CAT)), abs=0.02)


def test_a_film_can_be_as_good_as_its_best_event():
    tokens = film((5, CAT), (2, DOG), (9, TREE))
    assert KeyEvents(events=3, pooling="max").fits(tokens, ask(DOG)) == pytest.approx(1, abs=0.01)
    assert KeyEvents(events=3).fits(tokens, ask(DOG)) == pytest.approx(3**-0.5, abs=0.02)


@settings(max_examples=20)
@given(seed=st.integers(0, 99), frames=st.integers(1, 12), events=st.integers(1, 14))
def test_frames_of_one_event_answer_alike_and_a_frame_of_its_own_as_it_is(seed, frames, events):
    x = torch.randn(frames, 1, 1, 8, generator=torch.Generator().manual_seed(seed))
    tokens = Tokens.from_grid(x, torch.arange(frames).float(), space="made")
    head = KeyEvents(events=events)
    found, saliency = head.of(tokens, "made"), head.saliency(tokens, ask(CAT))
    assert torch.equal(saliency, saliency[found.frames][found.event])
    if events >= frames:
        plain = torch.nn.functional.cosine_similarity(x[:, 0, 0], CAT[None], dim=-1)
        torch.testing.assert_close(saliency, plain)


@pytest.mark.parametrize("wrong", [{"events": 0}, {"pooling": "sum"}, {"most": 0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="KeyEvents"):
        KeyEvents(**wrong)
