import numpy as np
import pytest

from vtk_notebooks.tiny.exam import Mark
from vtk_notebooks.tiny.films import EXAM, lesson_film
from vtk_notebooks.tiny.questions import Lesson, lessons
from vtk_notebooks.tiny.scores import blind, changes, harm, summary


def mark(film, score, kind="way", span_s=None):
    return Mark(film, Lesson(kind, "?", "!", span_s), score)


def test_a_summary_counts_moments_and_answers_apart():
    marks = [mark(0, 0.5, "when", (0.0, 1.0)), mark(1, 0.4, "when", (0.0, 1.0))]
    marks += [mark(0, 1.0), mark(1, 0.0, "count"), mark(1, 1.0, "count")]
    found = summary(marks)
    assert found["R1@0.5"] == 0.5
    assert found["mIoU"] == pytest.approx(0.45)
    assert found["QA"] == pytest.approx(2 / 3)
    assert found["QA way"] == 1.0
    assert found["QA count"] == 0.5


def test_harm_is_the_paired_difference():
    before = [mark(n, 1.0) for n in range(8)] + [mark(n, 0.9, "when", (0.0, 1.0)) for n in range(8)]
    after = [mark(n, float(n < 6)) for n in range(8)]
    after += [mark(n, 0.2 if n < 4 else 0.9, "when", (0.0, 1.0)) for n in range(8)]
    assert harm(before, after)["QA"] == pytest.approx(-0.25)
    assert harm(before, after)["R1@0.5"] == pytest.approx(-0.5)
    assert harm(before, before)["QA"] == 0.0


def test_who_has_not_looked_is_right_more_often_than_by_chance_and_not_much():
    guess = blind(films=150)
    asked = [
        lesson
        for seed in range(EXAM, EXAM + 60)
        for lesson in lessons(lesson_film(seed).film.scene, np.random.default_rng(seed))
    ]
    yes_no = [guess.score(x) for x in asked if x.kind == "yes_no"]
    ways = [guess.score(x) for x in asked if x.kind == "way"]
    spans = [guess.score(x) >= 0.5 for x in asked if x.span_s]
    assert 0.3 < np.mean(yes_no) < 0.75
    assert 0.05 < np.mean(ways) < 0.45
    assert 0.02 < np.mean(spans) < 0.4


def test_every_change_has_a_name_and_leaves_tokens(untrained):
    _, prompter = untrained
    tokens = prompter.adapter.encode(lesson_film(1).clip)
    for name, change in changes().items():
        assert 0 < len(change(tokens)) <= len(tokens), name
    mixed = changes()["frames shuffled"](tokens)
    assert sorted(mixed.x.sum(1).tolist()) == sorted(tokens.x.sum(1).tolist())
    assert (mixed.x != tokens.x).any()
