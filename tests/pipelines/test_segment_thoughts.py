import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.pipelines import SegmentThoughts


def clip(n=10, step_s=0.5, duration_s=5.0):
    frames = np.arange(n, dtype=np.uint8).repeat(4 * 6 * 3).reshape(n, 4, 6, 3)
    return Clip(frames, np.arange(n) * step_s, Origin("grey", duration_s))


class Model:
    """Remembers what it was asked, and answers by number."""

    def __init__(self):
        self.asked = []

    def __call__(self, seen, text):
        self.asked.append((seen.frames[:, 0, 0, 0].tolist(), text))
        return f" answer {len(self.asked)} "


def test_each_half_is_thought_about_then_the_whole_film_is_seen_with_the_thoughts():  # the paper
    model = Model()
    done = SegmentThoughts()(clip(), "What happens?", model)
    seen, texts = zip(*model.asked, strict=True)
    assert seen == (list(range(5)), list(range(5, 10)), list(range(10)))
    assert texts[0] == texts[1]
    assert all(text.endswith("What happens?") for text in texts)
    assert "0.0 s to 2.5 s: answer 1\n2.5 s to 5.0 s: answer 2" in texts[2]
    assert done.answer == " answer 3 "


def test_thoughts_are_moments_of_the_film():
    done = SegmentThoughts(segments=3)(clip(n=9, step_s=1.0, duration_s=9.5), "What?", Model())
    assert [(m.start_s, m.end_s, m.text) for m in done.parts] == [
        (0.0, 3.0, "answer 1"), (3.0, 6.0, "answer 2"), (6.0, 9.5, "answer 3"),
    ]  # fmt: skip


@given(n=st.integers(1, 30), segments=st.integers(1, 12))
def test_parts_put_together_are_the_film(n, segments):
    film = clip(n, duration_s=n * 0.5)
    parts = SegmentThoughts(segments).parts(film)
    assert np.array_equal(np.concatenate([part.frames for part, _ in parts]), film.frames)
    sizes = [len(part) for part, _ in parts]
    assert max(sizes) - min(sizes) <= 1
    edges = [(span.start_s, span.end_s) for _, span in parts]
    assert [a for a, _ in edges[1:]] == [b for _, b in edges[:-1]]


def test_braces_in_a_question_or_a_thought_are_words():
    prompts = []

    def model(seen, text):
        prompts.append(text)
        return "{question}"

    SegmentThoughts(segments=1)(clip(), "{thoughts}?", model)
    assert "5.0 s: {question}\n" in prompts[1]
    assert prompts[1].endswith("{thoughts}?")


def test_a_film_that_does_not_say_how_long_it_is_ends_after_its_last_frame():
    [(_, span)] = SegmentThoughts(segments=1).parts(clip(duration_s=0.0))
    assert span.end_s > 4.5


def test_its_example_grows_brighter():
    done = SegmentThoughts()(*SegmentThoughts.example())
    assert [m.text for m in done.parts] == ["50 of 255", "170 of 255"]
    assert done.answer == "110 of 255"
    assert str(done).splitlines()[0] == "0.0 s to 3.0 s: 50 of 255"


@pytest.mark.weights
def test_without_a_model_it_says_when_and_by_what_name_it_saw_the_best_answer():
    from vtk_notebooks.video import gallery_film, open_clip

    with open_clip(gallery_film("bikes")) as film:
        seen = film.sample(count=10, short_side=180)
    done = SegmentThoughts(segments=5)(seen, "a person riding a bicycle")
    best = max(done.parts, key=lambda m: m.score)
    assert done.answer == best.text
    assert "bicycle" in done.answer
    assert best.start_s <= 4.2 <= best.end_s  # the cyclist is in view from 4.2 s to 5.4 s


@pytest.mark.parametrize(
    "wrong", [{"segments": 0}, {"words": 0}, {"think": "what?"}, {"answer": "{question}"}]
)
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        SegmentThoughts(**wrong)


def test_an_empty_question_is_refused():
    with pytest.raises(VtkError, match="a question"):
        SegmentThoughts()(clip(), " ", Model())
