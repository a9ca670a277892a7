import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks import Query, Tokens
from vtk_notebooks.blind import BLIND
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.heads.soft_masks import SoftMasks
from vtk_notebooks.moment import tiou
from vtk_notebooks.training import planted

SCENE, CAT, DOG, TREE = torch.eye(8)[:4]


def film(*runs, step_s=1.0):
    """Frames of a scene in which things show: (frames, thing or None) one after the other."""
    noise = torch.Generator().manual_seed(0)
    rows = [SCENE if thing is None else SCENE + thing for n, thing in runs for _ in range(n)]
    x = torch.stack(rows) + 0.05 * torch.randn(len(rows), 8, generator=noise)
    return Tokens.from_grid(x[:, None, None], torch.arange(len(x)) * step_s, space="made")


def ask(thing, text="a thing", space="made"):
    return Query(text, thing, thing[None], ("thing",), space)


@pytest.mark.parametrize(("before", "long", "after"), [(4, 8, 20), (20, 6, 6), (12, 12, 8)])
def test_a_mask_moves_to_where_the_question_is_answered(before, long, after):
    moment = SoftMasks()(film((before, None), (long, CAT), (after, None)), ask(CAT))[0]
    assert moment.start_s == pytest.approx(before, abs=1.0)
    assert moment.end_s == pytest.approx(before + long, abs=1.0)


def test_two_answers_far_apart_are_both_found():
    tokens = film((4, None), (6, CAT), (12, None), (6, CAT), (4, None))
    first, second = sorted((m.start_s, m.end_s) for m in SoftMasks()(tokens, ask(CAT))[:2])
    assert first[0] < 10
    assert second[1] > 22
    assert first[1] <= second[0] + 4


def test_it_beats_every_blind_answer_on_made_films_it_was_never_trained_for():
    films = [planted(seed) for seed in range(40, 60)]
    ours = [tiou(SoftMasks()(f.tokens, f.query)[0], f.moments[0]) for f in films]
    for blind in BLIND.values():
        theirs = [tiou(blind(f.tokens.duration_s), f.moments[0]) for f in films]
        assert sum(ours) > sum(theirs) + 0.3 * len(films)


def test_without_contrast_a_fixed_question_shrinks_its_mask():
    tokens = planted(3).tokens, planted(3).query
    lengths = [SoftMasks(contrast=c)(*tokens)[0].duration_s for c in (0.0, 1.0)]
    assert lengths[0] < 0.7 * lengths[1]


def test_texts_and_masks_are_found_together():
    tokens = film((10, CAT), (10, DOG), (10, TREE))
    phrases = [ask(DOG, "a dog"), ask(TREE, "a tree"), ask(CAT, "a cat")]
    found = SoftMasks(masks=3)(tokens, phrases[0]), SoftMasks(masks=3).dense(tokens, phrases)
    assert [m.text for m in found[1]] == ["a cat", "a dog", "a tree"]
    starts = [m.start_s for m in found[1]]
    assert starts == pytest.approx([0, 10, 20], abs=2)


def test_masks_of_several_phrases_are_pushed_apart():
    tokens = film((10, CAT), (10, DOG), (10, TREE))
    phrases = [ask(DOG, "a dog"), ask(TREE, "a tree"), ask(CAT, "a cat")]
    loose, kept = (SoftMasks(apart=a, contrast=0.0).fit(tokens, phrases) for a in (0.0, 2.0))
    assert kept.losses["overlap"][-1] < loose.losses["overlap"][-1]


def test_the_better_fitting_of_two_masks_stays_and_the_other_one_yields():
    tokens = film((12, None), (10, CAT), (10, None))
    alone = SoftMasks(masks=1)(tokens, ask(CAT))[0]
    pushed = SoftMasks(masks=4, apart=1.0)(tokens, ask(CAT))[0]
    assert tiou(alone, pushed) > 0.8


def test_the_loss_falls_and_every_term_can_be_drawn():
    fitted = SoftMasks().fit(film((4, None), (8, CAT), (20, None)), [ask(CAT)])
    assert set(fitted.losses) == {"match", "overlap", "entropy"}
    assert {len(v) for v in fitted.losses.values()} == {150}
    assert fitted.losses["match"][-1] < fitted.losses["match"][0] - 0.1
    assert fitted.losses["entropy"] == [0.0] * 150


def test_a_plain_text_is_a_single_phrase():
    tokens = film((10, CAT), (10, DOG))
    phrases = [ask(CAT, "a cat"), ask(DOG, "a dog")]
    mixed, plain = (SoftMasks(masks=2, plain=p).fit(tokens, phrases) for p in (0.0, 1.0))
    assert plain.losses["entropy"][-1] < mixed.losses["entropy"][-1]
    assert plain.text.amax(1).min() > 0.9


@settings(max_examples=10)
@given(seed=st.integers(0, 99), frames=st.integers(1, 9), masks=st.integers(1, 3))
def test_moments_lie_in_any_film_best_first(seed, frames, masks):
    x = torch.randn(frames, 1, 1, 8, generator=torch.Generator().manual_seed(seed))
    tokens = Tokens.from_grid(x, torch.arange(frames) * 0.4, space="made")
    moments = SoftMasks(masks=masks, steps=20)(tokens, ask(CAT))
    assert moments
    assert [m.score for m in moments] == sorted((m.score for m in moments), reverse=True)
    assert all(0 <= m.start_s < m.end_s <= tokens.duration_s for m in moments)


def test_it_asks_the_same_where_gradients_are_off_and_leaves_none_behind():
    tokens = film((4, None), (8, CAT), (20, None))
    with torch.no_grad():
        quiet = SoftMasks()(tokens, ask(CAT))
    assert quiet == SoftMasks()(tokens, ask(CAT))
    assert not SoftMasks().fit(tokens, [ask(CAT)]).masks.requires_grad


def test_longer_frames_weigh_more():
    x = torch.stack([SCENE + CAT, SCENE, SCENE, SCENE + CAT, SCENE, SCENE])
    times_s = torch.tensor([0.0, 1, 2, 3, 13, 14])
    tokens = Tokens.from_grid(x[:, None, None], times_s, 15.0, space="made")
    best = SoftMasks()(tokens, ask(CAT))[0]
    assert best.start_s < 7 < best.end_s


@pytest.mark.parametrize("wrong", [{"masks": 0}, {"steps": 0}, {"width": 1.0}, {"width": 0.0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError, match="SoftMasks"):
        SoftMasks(**wrong)


def test_phrases_of_two_spaces_are_refused():
    with pytest.raises(SpaceError, match="elsewhere"):
        SoftMasks().fit(film((4, CAT)), [ask(CAT), ask(DOG, space="elsewhere")])
