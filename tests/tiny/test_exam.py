import torch

from vtk_notebooks.moment import Moment, tiou
from vtk_notebooks.registry import build
from vtk_notebooks.tiny.exam import examine, paper
from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.questions import KINDS
from vtk_notebooks.tiny.shelf import shelf
from vtk_notebooks.tiny.watch import spans
from vtk_notebooks.tiny.words import CLOCK_S

FILMS = range(4)


def test_a_paper_asks_each_kind_once_at_most(untrained):
    model, _ = untrained
    for some in paper(shelf(model, FILMS)):
        kinds = [lesson.kind for lesson in some]
        assert len(set(kinds)) == len(kinds)
        assert set(kinds) <= set(KINDS) - {"describe"}


def test_answers_are_those_of_the_adapter(untrained):
    """Whatever the model says: here it says what its random weights make it say."""
    model, prompter = untrained
    kept = shelf(model, FILMS)
    asked = paper(kept)
    change = build("compressor", "uniform").at(0.5)
    # An answer that an untrained model is sure to give: what it does say, put into the paper.
    said = []
    for seed, some in zip(FILMS, asked, strict=True):
        tokens = change(prompter.adapter.encode(lesson_film(seed).clip))
        ids = [prompter.adapter.answer(x.question, tokens, most=2).ids for x in some]
        names = prompter.adapter.tokenizer.convert_ids_to_tokens
        said.append([names(list(pair)) for pair in ids])
    for mark in examine(model, prompter, kept, asked, change):
        words = said[mark.film][asked[mark.film].index(mark.lesson)]
        if mark.lesson.span_s:
            found = spans(" ".join(words), CLOCK_S)
            right = (
                tiou(found[0], Moment(mark.lesson.span_s[0], mark.lesson.span_s[1]))
                if found
                else 0.0
            )
            assert abs(mark.score - right) < 1e-6
        else:
            assert mark.score == float(" ".join(words) == f"{mark.lesson.answer} <|im_end|>")


def test_a_model_that_knows_is_always_right(untrained, monkeypatch):
    """The model is replaced by one that has read the answers."""
    from vtk_notebooks.tiny import exam

    model, prompter = untrained

    def knows(model, batch):
        wanted = batch.targets[batch.targets != -100]
        return torch.nn.functional.one_hot(wanted, 206).float()

    monkeypatch.setattr(exam, "logits", knows)
    kept = shelf(model, FILMS)
    marks = examine(model, prompter, kept, paper(kept))
    rest = [m.score for m in marks if m.lesson.kind != "when"]
    assert set(rest) == {1.0}
