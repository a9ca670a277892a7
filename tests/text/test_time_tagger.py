import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.errors import WeightsError
from vtk_notebooks.text.perceptron import fit, repaired
from vtk_notebooks.text.time_tagger import (
    TimeTagger,
    as_json,
    disagreement,
    elected,
    from_json,
    load,
)
from vtk_notebooks.text.time_words import FORMS, features

SAID = ["wait", "for", "ten", "seconds", "here"]
TAGS = ["O", "B-duration", "I-duration", "I-duration", "O"]
VOTES = st.integers(1, 6).flatmap(
    lambda n: st.lists(
        st.lists(st.sampled_from(["O", "B-a", "I-a", "B-b"]), min_size=n, max_size=n),
        min_size=2,
        max_size=5,
    )
)


@pytest.fixture(scope="module")
def tagger():
    return TimeTagger(tuple(fit([features(SAID, f)], [TAGS], epochs=9) for f in FORMS))


def test_the_majority_decides_word_by_word():
    votes = [["O", "B-a"], ["O", "B-a"], ["B-b", "O"]]
    assert elected(votes) == ["O", "B-a"]
    assert elected([["B-a", "O"], ["O", "I-a"], ["B-a", "I-a"]]) == ["B-a", "I-a"]


@given(votes=VOTES)
def test_what_is_elected_is_well_formed_and_doubt_is_a_part(votes):
    assert repaired(elected(votes)) == elected(votes)
    assert 0 <= disagreement(votes) <= 1 + 1e-12
    assert disagreement([votes[0]] * 5) == 0


def test_doubt_is_whole_where_no_two_agree():
    assert disagreement([["O"], ["B-a"], ["B-b"]]) == pytest.approx(1)
    assert disagreement([["O", "O"], ["O", "B-a"]]) == pytest.approx(0.5)
    assert disagreement([]) == 0


def test_what_is_written_is_read_again_in_hundredths(tagger):
    same = from_json(as_json(tagger, {"of": 1}, least=0.4))
    assert same(SAID) == tagger(SAID) == TAGS
    for one, other in zip(tagger.taggers, same.taggers, strict=True):
        assert one.tags == other.tags
        for feature, row in other.rows.items():
            apart = other.emission[row] - one.emission[one.rows[feature]]
            assert np.abs(apart).max() <= 0.0101
        idle = [one.emission[row] for f, row in one.rows.items() if f not in other.rows]
        assert all(np.abs(v).max() < 0.4 for v in idle)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"models": [{"form": "words"}]}'])
def test_what_is_no_tagger_is_refused(text, tmp_path):
    with pytest.raises(WeightsError, match="time_phrases"):
        from_json(text)
    with pytest.raises(WeightsError, match="a file"):
        load(tmp_path / "none.json")
