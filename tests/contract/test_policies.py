"""What every registered policy promises: it decides at once, from what it has seen so far."""

import math
from dataclasses import replace

import pytest
import torch

from vtk_notebooks import build, names
from vtk_notebooks.blocks.speaking import turns, watch
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.protocols import Policy
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens

EVERY = pytest.mark.parametrize("name", names("policy"))
AXIS = torch.eye(8)


def query():
    return Query("a made question", AXIS[0], AXIS[:1], ("made",), "made")


def stream(cosines, seed=0):
    """A film of two cells a frame, both with these cosines with the question."""
    noise = torch.randn(len(cosines), 1, 2, 7, generator=torch.Generator().manual_seed(seed))
    noise = noise / noise.norm(dim=-1, keepdim=True)
    cos = torch.tensor(cosines)[:, None, None, None].expand(-1, 1, 2, 1)
    x = torch.cat([cos, noise * (1 - cos**2).sqrt()], -1)
    return Tokens.from_grid(x, torch.arange(len(cosines)) * 0.5, space="made")


def wave(n=60):
    return [0.45 + 0.45 * math.sin(i / 4) for i in range(n)]


def asked(name, tokens, **params):
    return watch(build("policy", name, **params).step, tokens, query())


@EVERY
def test_it_keeps_the_protocol(name):
    assert isinstance(build("policy", name), Policy)


@EVERY
def test_it_never_looks_ahead(name):
    told, other = asked(name, stream(wave())), wave()[:40] + [0.0] * 20
    assert asked(name, stream(wave()[:40])) == told[:40]
    assert asked(name, stream(other))[:40] == told[:40]
    assert any(d.speak for d in told[:40])


@EVERY
def test_it_is_silent_while_nothing_is_relevant(name):
    told = asked(name, stream([0.0] * 80))
    assert not any(d.speak for d in told)
    assert turns(told, 40.0) == []


@EVERY
def test_it_speaks_soon_after_what_was_asked_for_comes_into_view(name):
    told = asked(name, stream([0.05] * 24 + [0.9] * 24))
    first = next(i for i, d in enumerate(told) if d.speak)
    assert 24 <= first < 24 + 17
    assert told[first].score > max(d.score for d in told[:24])


@EVERY
def test_a_more_eager_one_speaks_no_less_often(name):
    policy, tokens = build("policy", name), stream(wave())
    counts = [
        sum(d.speak for d in watch(policy.at(eager).step, tokens, query()))
        for eager in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@EVERY
def test_eagerness_outside_0_to_1_is_refused(name):
    for eager in (-0.1, 1.1, math.nan):
        with pytest.raises(VtkError, match="eager"):
            build("policy", name).at(eager)


@EVERY
def test_a_stream_that_begins_afresh_owes_nothing_to_the_last_one(name):
    policy = build("policy", name)
    once = watch(policy.step, stream(wave(30)), query())
    watch(policy.step, stream([0.9] * 30), query())
    assert watch(policy.step, stream(wave(30)), query()) == once


@EVERY
def test_one_policy_watches_two_streams_at_once(name):
    policy, a, b = build("policy", name), stream(wave(30)), stream(wave(30)[::-1], seed=1)
    told = [None, None]
    for i, t_s in enumerate(a.times_s.tolist()):
        for k, tokens in enumerate((a, b)):
            frame = tokens.x.view(30, 2, -1)[i]
            told[k] = policy.step(frame, query(), t_s, told[k])
    assert told == [asked(name, tokens)[-1] for tokens in (a, b)]


@EVERY
def test_one_frame_is_a_stream(name):
    [told] = asked(name, stream([0.9]))
    assert told.t_s == 0.0
    assert math.isfinite(told.score)


@EVERY
def test_what_it_carries_on_does_not_grow(name):
    def size(memory):
        if torch.is_tensor(memory):
            return memory.numel()
        return sum(map(size, memory)) if isinstance(memory, tuple | list) else 1

    told = asked(name, stream(wave(400)))
    sizes = [size(d.memory) for d in told]
    assert max(sizes[200:]) <= max(sizes[:200])


@EVERY
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_features_that_are_no_numbers_are_refused(name, bad):
    frame = torch.ones(2, 8)
    frame[1, 3] = bad
    with pytest.raises(VtkError, match="finite"):
        build("policy", name).step(frame, query(), 0.0)


@EVERY
def test_time_only_goes_on(name):
    policy, frame = build("policy", name), torch.ones(2, 8)
    before = policy.step(frame, query(), 1.0)
    for t_s in (1.0, 0.5, math.nan):
        with pytest.raises(VtkError, match="time"):
            policy.step(frame, query(), t_s, before)
    with pytest.raises(VtkError, match="time"):
        policy.step(frame, query(), math.nan)


@EVERY
def test_a_frame_of_no_tokens_or_of_another_width_is_refused(name):
    for frame in (torch.ones(0, 8), torch.ones(2, 7)):
        with pytest.raises(ShapeError, match="8 channels"):
            build("policy", name).step(frame, query(), 0.0)


@EVERY
def test_half_precision_is_enough(name):
    tokens = stream(wave())
    half = replace(tokens, x=tokens.x.half())
    told, other = asked(name, tokens), asked(name, half)
    assert [d.score for d in other] == pytest.approx([d.score for d in told], abs=0.06)
