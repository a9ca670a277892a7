import numpy as np

from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.questions import lessons
from vtk_notebooks.tiny.words import CLOCK_S, TIME, tokenizer, vocabulary


def test_every_word_of_every_lesson_is_known():
    words = tokenizer()
    for seed in range(40):
        film = lesson_film(seed).film
        for lesson in lessons(film.scene, np.random.default_rng(seed)):
            ids = words(f"{lesson.question} {lesson.answer}")["input_ids"]
            assert words.unk_token_id not in ids, lesson


def test_a_label_of_the_clock_is_one_token_for_its_second():
    words = tokenizer()
    for second in range(int(CLOCK_S)):
        for tenth in range(10):
            pieces = words.tokenize(f"<{second}.{tenth} seconds>")
            assert pieces == [f"<{second} seconds>"]


def test_what_is_said_survives_the_tokenizer_but_for_spaces():
    words = tokenizer()
    said = "a red circle moves left <t12> <t30> ."
    assert words.decode(words(said)["input_ids"]) == said


def test_time_tokens_follow_each_other():
    words = tokenizer()
    ids = words.convert_tokens_to_ids(list(TIME.vocab))
    assert ids == list(range(ids[0], ids[0] + 100))


def test_no_word_is_there_twice():
    assert len(set(vocabulary())) == len(vocabulary())
