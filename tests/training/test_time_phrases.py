import numpy as np
import pytest

from vtk_notebooks.errors import UnknownNameError
from vtk_notebooks.text.perceptron import phrases, repaired
from vtk_notebooks.training.time_phrases import actively, examinations, made, measured
from vtk_notebooks.training.time_templates import HELD_OUT, SEEN

SMALL = {"start": 30, "pool": 60, "round": 15, "rounds": 1}


def test_every_word_of_a_made_sentence_has_a_tag_and_tags_are_well_formed():
    draw = np.random.default_rng(0)
    for held_out in (False, True):
        for _ in range(100):
            said = made(draw, HELD_OUT if held_out else SEEN, held_out=held_out)
            assert len(said.words) == len(said.tags) > 0
            assert repaired(said.tags) == said.tags
            assert not any("{" in word for word in said.words)


def test_nothing_held_out_is_seen():
    for kind, templates in HELD_OUT.phrases.items():
        assert not set(templates) & set(SEEN.phrases[kind])
    for name in ("num", "clock", "thing", "event", "who", "does"):
        assert not set(HELD_OUT.slots[name]) & set(SEEN.slots[name])


def test_equal_seeds_make_equal_sentences():
    one, same = examinations(3, 20), examinations(3, 20)
    assert one == same
    assert one != examinations(4, 20)


def test_a_little_training_already_finds_most_expressions():
    tagger = actively(0, sizes=SMALL)
    numbers = measured(tagger, examinations(1, 60)["seen templates"])
    assert numbers["words_percent"] > 80
    assert numbers["f1_percent"] > 50
    assert phrases(tagger(["he", "jumps", "for", "ten", "seconds"])) == [("duration", 2, 5)]


def test_a_perfect_tagger_scores_a_hundred_and_a_silent_one_nothing():
    test = examinations(1, 30)["held out"]

    class Perfect:
        def __call__(self, words):
            return next(s.tags for s in test if s.words == words)

    class Silent:
        def __call__(self, words):
            return ["O"] * len(words)

    assert measured(Perfect(), test)["f1_percent"] == 100
    assert measured(Silent(), test)["f1_percent"] == 0


def test_an_unknown_way_to_choose_is_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'votes'"):
        actively(0, choose="vote")
