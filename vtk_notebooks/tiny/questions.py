"""Questions: what can be asked about a made film, and what is true.

Every question has one answer, of a few words. None that a film is learnt from names a look that is
held out: else "is there a red triangle?" would always have been answered by no.
"""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from vtk_notebooks.tiny.films import HELD_OUT
from vtk_notebooks.tiny.words import CLOCK_S, TIME
from vtk_notebooks.video.synth.scene import COLOURS, FORMS, Event, Scene

KINDS = ("describe", "when", "what", "way", "colour", "shape", "count", "order", "next", "yes_no")

Events = list[Event]


class Lesson(NamedTuple):
    """One question and its answer.

    Args:
        kind: one of `KINDS`.
        question: as asked.
        answer: as wanted, word for word.
        span_s: of the event that a question after a moment is about.
    """

    kind: str
    question: str
    answer: str
    span_s: tuple[float, float] | None = None


def when(event: Event) -> str:
    """A moment in time tokens."""
    ids = TIME.encode_span(float(event.start_s), float(event.end_s), CLOCK_S)
    return " ".join(TIME.vocab[k] for k in ids)


def lessons(scene: Scene, rng: np.random.Generator, held_out: bool = False) -> list[Lesson]:
    """All kinds of questions about a film, those with choices drawn by lot.

    Args:
        scene: of the film.
        rng: draws.
        held_out: whether questions may name looks that are held out.
    """
    events = sorted(scene.events, key=lambda e: e.start_s)
    asked = [*_when(events), *_what(events, rng), *_looks(events), *_counts(events, rng)]
    asked += [*_order(events, rng), *_presence(events, rng, held_out)]
    said = " ".join(f"{e.text} {when(e)} ." for e in events)
    return [Lesson("describe", "describe the film .", said), *asked]


def _name(event: Event) -> str:
    return f"{event.shape.colour} {event.shape.form}"


def _when(events: Events) -> Iterator[Lesson]:
    for event in events:
        span = (float(event.start_s), float(event.end_s))
        does = "stand still" if event.motion == "still" else f"move {event.motion}"
        yield Lesson("when", f"when is the {_name(event)} there ?", when(event), span)
        yield Lesson("when", f"when does the {_name(event)} {does} ?", when(event), span)


def _what(events: Events, rng: np.random.Generator) -> Iterator[Lesson]:
    for event in events:
        margin = min(0.4, (event.end_s - event.start_s) / 4)
        at_s = float(rng.uniform(event.start_s + margin, event.end_s - margin))
        mark = TIME.vocab[TIME.encode(at_s, CLOCK_S)[0]]
        yield Lesson("what", f"what happens at {mark} ?", event.text)


def _looks(events: Events) -> Iterator[Lesson]:
    for event in events:
        shape = event.shape
        yield Lesson("way", f"which way does the {_name(event)} move ?", event.motion)
        if sum(e.shape.form == shape.form for e in events) == 1:
            yield Lesson("colour", f"what colour is the {shape.form} ?", shape.colour)
        if sum(e.shape.colour == shape.colour for e in events) == 1:
            yield Lesson("shape", f"what shape is the {shape.colour} thing ?", shape.form)


def _counts(events: Events, rng: np.random.Generator) -> Iterator[Lesson]:
    yield Lesson("count", "how many things are there ?", str(len(events)))
    form, colour = FORMS[rng.integers(len(FORMS))], list(COLOURS)[rng.integers(len(COLOURS))]
    if rng.random() < 0.7:
        colour = events[rng.integers(len(events))].shape.colour
    number = sum(e.shape.form == form for e in events)
    yield Lesson("count", f"how many {form}s are there ?", str(number))
    number = sum(e.shape.colour == colour for e in events)
    yield Lesson("count", f"how many {colour} things are there ?", str(number))


def _order(events: Events, rng: np.random.Generator) -> Iterator[Lesson]:
    if len(events) > 1:
        a, b = sorted(rng.choice(len(events), 2, replace=False).tolist())
        pair = [_name(events[a]), _name(events[b])]
        shown = pair if rng.random() < 0.5 else pair[::-1]
        question = f"which comes first , the {shown[0]} or the {shown[1]} ?"
        yield Lesson("order", question, f"the {pair[0]}")
    for one, two in pairwise(events):
        yield Lesson("next", f"what comes after the {_name(one)} ?", f"the {_name(two)}")
        yield Lesson("next", f"what comes before the {_name(two)} ?", f"the {_name(one)}")
    yield Lesson("next", f"what comes after the {_name(events[-1])} ?", "nothing")


def _presence(events: Events, rng: np.random.Generator, held_out: bool) -> Iterator[Lesson]:
    shown = {(e.shape.colour, e.shape.form) for e in events}
    absent = [p for p in product(COLOURS, FORMS) if p not in shown]
    absent = [p for p in absent if held_out or p not in HELD_OUT]
    near = [p for p in absent if any(p[0] == c or p[1] == f for c, f in shown)]
    for pool, answer in ((sorted(shown), "yes"), (near or absent, "no")):
        colour, form = pool[rng.integers(len(pool))]
        article = "an" if colour[0] in "aeiou" else "a"
        yield Lesson("yes_no", f"is there {article} {colour} {form} ?", answer)
