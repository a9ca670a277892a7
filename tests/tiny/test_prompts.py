"""Training sees exactly what the adapter will give."""

import numpy as np
import pytest
import torch

from vtk_notebooks.registry import build
from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.prompts import IGNORE, logits
from vtk_notebooks.tiny.questions import lessons
from vtk_notebooks.tiny.shelf import shelf


def asked(film, count=5):
    some = lessons(film.film.scene, np.random.default_rng(0))
    return some[:: max(1, len(some) // count)]


@pytest.mark.parametrize("name", [None, "uniform", "bipartite_merge", "spatial_pool", "run_length"])
def test_a_question_among_many_has_the_logits_it_has_alone(untrained, name):
    model, prompter = untrained
    films = [lesson_film(seed, events=3) for seed in (1, 2)]
    whole = [prompter.adapter.encode(film.clip) for film in films]
    tokens = [build("compressor", name).at(0.25)(one) for one in whole] if name else whole
    some = [asked(film) for film in films]
    batch = prompter.batch(tokens, some, whole=name is None)
    with torch.inference_mode():
        found = iter(logits(model, batch))
    for film, lessons_ in zip(tokens, some, strict=True):
        for lesson in lessons_:
            alone = prompter.adapter.logits(prompter.adapter.prompt(lesson.question, film))[-1]
            torch.testing.assert_close(next(found), alone, atol=2e-3, rtol=0)
            for _ in lesson.answer.split():  # and on to the next lesson's first word
                next(found)


def test_shelved_films_are_those_that_the_adapter_encodes(untrained):
    model, prompter = untrained
    kept = shelf(model, range(3), events=2)
    for seed in range(3):
        ours = prompter.tokens(kept.tokens[seed])
        theirs = prompter.adapter.encode(lesson_film(seed, events=2).clip)
        torch.testing.assert_close(ours.x, theirs.x, atol=2e-3, rtol=2e-3)  # half precision
        assert (ours.edges == theirs.edges).all()
        assert ours.grid == theirs.grid


def test_only_answers_and_their_end_are_wanted(untrained):
    _, prompter = untrained
    film = lesson_film(4)
    some = asked(film)
    batch = prompter.batch([prompter.adapter.encode(film.clip)], [some], whole=False)
    said = prompter.adapter.tokenizer.decode(batch.targets[batch.targets != IGNORE])
    assert said == " ".join(f"{lesson.answer} <|im_end|>" for lesson in some)


def test_without_its_clock_a_prompt_has_no_labels_and_gets_them_back(untrained):
    _, prompter = untrained
    tokens = prompter.adapter.encode(lesson_film(4).clip)
    labels = prompter.adapter.tokenizer.convert_tokens_to_ids([f"<{s} seconds>" for s in range(16)])
    with prompter.without_clock():
        assert not set(prompter.prefix(tokens).ids) & set(labels)
    assert set(labels) <= set(prompter.prefix(tokens).ids)
