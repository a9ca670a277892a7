import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.tiny.films import HELD_OUT, lesson_film
from vtk_notebooks.tiny.questions import KINDS, lessons
from vtk_notebooks.tiny.words import CLOCK_S, TIME

seeds = st.integers(0, 10**6)


def asked(seed, **more):
    scene = lesson_film(seed).film.scene
    return scene, lessons(scene, np.random.default_rng(seed), **more)


@given(seeds)
def test_a_question_has_one_answer(seed):
    _, some = asked(seed)
    answers = {}
    for lesson in some:
        assert answers.setdefault(lesson.question, lesson.answer) == lesson.answer


@given(seeds)
def test_a_moment_is_said_to_within_half_a_time_token(seed):
    _, some = asked(seed)
    for lesson in some:
        if lesson.span_s:
            [found] = TIME.parse(lesson.answer.replace(" ", ""), CLOCK_S)
            assert abs(found.start_s - lesson.span_s[0]) <= TIME.max_error_s(CLOCK_S) + 1e-9
            assert abs(found.end_s - lesson.span_s[1]) <= TIME.max_error_s(CLOCK_S) + 1e-9


@given(seeds)
def test_what_happens_at_a_time_is_what_is_on_screen_then(seed):
    scene, some = asked(seed)
    for lesson in some:
        if lesson.kind == "what":
            at_s = TIME.decode([int(lesson.question.split("<t")[1].split(">")[0])], CLOCK_S)
            assert at_s is not None
            shown = [e.text for e in scene.events if e.start_s - 0.09 <= at_s < e.end_s + 0.09]
            assert lesson.answer in shown


@given(seeds)
def test_counts_are_those_of_the_scene(seed):
    scene, some = asked(seed)
    for lesson in some:
        if lesson.kind == "count":
            word = lesson.question.split()[2]
            right = sum(
                word in ("things", e.shape.colour, f"{e.shape.form}s") for e in scene.events
            )
            assert lesson.answer == str(right)


@given(seeds)
def test_no_lesson_names_a_look_that_is_held_out(seed):
    for lesson in asked(seed)[1]:
        for colour, form in HELD_OUT:
            assert f"{colour} {form}" not in lesson.question + lesson.answer


def test_the_first_of_two_is_the_earlier_one():
    for seed in range(60):
        scene, some = asked(seed)
        start = {f"the {e.shape.colour} {e.shape.form}": e.start_s for e in scene.events}
        for lesson in some:
            if lesson.kind == "order":
                named = [name for name in start if name in lesson.question]
                assert lesson.answer == min(named, key=lambda name: start[name])


def test_all_kinds_are_asked():
    assert {lesson.kind for seed in range(20) for lesson in asked(seed)[1]} == set(KINDS)
