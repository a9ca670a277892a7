"""The weights that come along can do what their card says, here on fewer films."""

import json

import pytest

from vtk_notebooks.models import load
from vtk_notebooks.models.bundled import ROOT, TINY
from vtk_notebooks.tiny import spans, watch
from vtk_notebooks.tiny.describe import described, f1
from vtk_notebooks.tiny.exam import Mark, examine, paper
from vtk_notebooks.tiny.films import EXAM, lesson_film
from vtk_notebooks.tiny.prompts import Prompter
from vtk_notebooks.tiny.scores import blind, shuffled, summary
from vtk_notebooks.tiny.shelf import shelf

FILMS = 48


@pytest.fixture(scope="module")
def tiny():
    return load("vtk-tiny")


@pytest.fixture(scope="module")
def sat(tiny):
    prompter = Prompter(tiny)
    films = shelf(tiny.model, range(EXAM, EXAM + FILMS))
    return prompter, films, paper(films)


def test_it_finds_moments_and_answers_far_better_than_who_has_not_looked(tiny, sat):
    prompter, films, asked = sat
    marks = examine(tiny.model, prompter, films, asked)
    guess = blind(films=300)
    seen, unseen = (
        summary(marks),
        summary([Mark(m.film, m.lesson, guess.score(m.lesson)) for m in marks]),
    )
    assert seen["R1@0.5"] >= 0.75
    assert seen["QA"] >= 0.8
    assert seen["R1@0.5"].low > unseen["R1@0.5"].high
    assert seen["QA"].low > unseen["QA"].high


def test_shuffled_frames_and_missing_labels_hurt(tiny, sat):
    prompter, films, asked = sat
    whole = summary(examine(tiny.model, prompter, films, asked))["R1@0.5"]
    mixed = summary(examine(tiny.model, prompter, films, asked, shuffled))["R1@0.5"]
    with prompter.without_clock():
        blank = summary(examine(tiny.model, prompter, films, asked))["R1@0.5"]
    assert mixed < whole - 0.3
    assert blank < whole - 0.1


def test_it_describes_a_film_with_times(tiny):
    told = [f1(described(tiny, lesson_film(EXAM + n)), lesson_film(EXAM + n)) for n in range(8)]
    assert sum(told) / len(told) > 0.5


def test_a_moment_is_said_in_seconds_of_the_film_itself(tiny):
    film = lesson_film(EXAM + 1, events=2)
    event = film.film.scene.events[0]
    question = f"when is the {event.shape.colour} {event.shape.form} there ?"
    said = tiny.answer(question, tiny.encode(watch(film.clip)), most=4).text
    [found] = spans(said, 32)
    [there] = spans(said, 16)
    assert found.start_s == pytest.approx(2 * there.start_s)


def test_its_card_has_the_numbers_that_its_licence_and_limits_need():
    said = (ROOT / TINY / "README.md").read_text(encoding="utf-8")
    assert said.startswith("---\nlicense: apache-2.0\n")
    for part in ("What it learnt from", "held-out combinations", "blind", "What it cannot do"):
        assert part in said
    assert sum((ROOT / TINY / f).stat().st_size for f in json.loads(
        (ROOT / TINY / "sums.json").read_text())) < 12e6  # fmt: skip
