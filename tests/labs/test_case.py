from dataclasses import replace

import pytest
import torch

from vtk_notebooks import load, tiou
from vtk_notebooks.errors import VtkError
from vtk_notebooks.labs import case as lab
from vtk_notebooks.models.attention import without_heads

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def tiny():
    return load("vtk-tiny")


@pytest.fixture(scope="module")
def case():
    return lab.cases(1)[1]


@pytest.fixture(scope="module")
def tokens(tiny, case):
    return tiny.encode(case.clip)


def test_a_case_asks_for_a_thing_by_a_name_that_no_other_has():
    for some in lab.cases(4):
        same = [e for e in some.film.film.scene.events if e.shape.text == some.event.shape.text]
        assert len(same) == 1
        assert some.name in some.question


def test_a_case_s_place_lies_on_the_thing(case):
    time_s, row, column = case.place
    frame = int((case.clip.times_s <= time_s).sum()) - 1
    colour = torch.tensor(case.clip.frames[frame, row, column]).float()
    corner = torch.tensor(case.clip.frames[frame, -1, 0]).float()
    assert case.truth.start_s < time_s < case.truth.end_s
    assert (colour - corner).abs().max() > 50


def test_an_answer_is_held_against_the_true_moment(case):
    from vtk_notebooks.tiny.questions import when

    assert case.iou(when(case.event)) > 0.9
    assert case.iou("nothing") == 0


def test_a_good_case_is_good_or_the_best_there_is(tiny):
    found = lab.good_case(tiny, films=3)
    tried = [c for c in lab.cases(3) if c.truth.start_s >= 4 and tiou(c.truth, c.mirror) <= 0.2]
    ious = [c.iou(tiny.answer(c.question, tiny.encode(c.clip), most=8).text) for c in tried]
    place = next(i for i, c in enumerate(tried) if c == found)
    assert ious[place] == max(ious) or ious[place] >= 0.8 > max([0, *ious[:place]])


def test_without_films_there_is_no_case(tiny):
    with pytest.raises(VtkError, match="more films"):
        lab.good_case(tiny, films=0)


def test_a_mirror_turns_the_moment_around_the_middle_of_the_film(case):
    assert case.mirror.start_s + case.truth.end_s == pytest.approx(16)
    assert case.mirror.duration_s == pytest.approx(case.truth.duration_s)


def test_mirrored_twice_is_whole_and_mirrored_once_is_the_last_group_first(tokens):
    once = lab.mirrored(tokens)
    assert torch.equal(once.x[:16], tokens.x[-16:])
    assert torch.equal(once.x[16:32], tokens.x[-32:-16])
    assert torch.equal(lab.mirrored(once).x, tokens.x)
    assert torch.equal(once.edges, tokens.edges)


def test_shuffled_moves_whole_groups(tokens):
    numbered = replace(tokens, x=torch.arange(256.0)[:, None].expand(-1, tokens.x.shape[1]))
    moved = lab.shuffled(numbered).x[:, 0].unflatten(0, (16, 16))
    order = (moved[:, 0] / 16).int().tolist()
    assert sorted(order) == list(range(16)) != order
    assert torch.equal(moved, moved[:, :1] + torch.arange(16.0))


def test_an_answer_that_follows_its_prompt_has_the_probabilities_it_was_said_with(
    tiny, case, tokens
):
    said = tiny.answer(case.question, tokens, most=8)
    prompt = lab.followed(tiny, tiny.prompt(case.question, tokens), said.ids)
    scores = tiny.logits(prompt)[-len(said.ids) :].log_softmax(-1)
    assert scores.argmax(-1).tolist() == list(said.ids)
    assert torch.allclose(scores.amax(-1), said.logprobs, atol=1e-4)
    assert prompt.words[-len(said.ids) + 1 :] == said.words[:-1]


def test_what_a_head_is_needed_for_is_what_the_first_pass_loses_without_it(tiny, case, tokens):
    loss = lab.needed(tiny, case.question, tokens)
    said = tiny.answer(case.question, tokens, most=8)
    layer, head = divmod(int(loss.argmax()), loss.shape[1])
    prompt = lab.followed(tiny, tiny.prompt(case.question, tokens), said.ids)
    with without_heads(tiny.model, f"language_model.layers.{layer}.", [head]):
        scores = tiny.logits(prompt)[-len(said.ids) :].log_softmax(-1)
    left = sum(scores[i, k].item() for i, k in enumerate(said.ids))
    assert loss.max().item() == pytest.approx(said.logprobs.sum().item() - left, abs=1e-3)


def test_looks_are_of_the_row_that_says_the_first_word(tiny, case, tokens):
    looks = lab.looked(tiny, case.question, tokens)
    assert looks.shape == (4, 5, len(tiny.prompt(case.question, tokens).token))
    assert torch.allclose(looks.sum(-1), torch.ones(4, 5), atol=1e-5)


def test_mean_iou_is_over_questions_and_knows_its_films(tiny, case, tokens):
    asked = [(case, tokens), (case, lab.mirrored(tokens))]
    whole = [case.iou(tiny.answer(case.question, x, most=8).text) for _, x in asked]
    assert float(lab.mean_iou(tiny, asked)) == pytest.approx(sum(whole) / 2)
    turned = lab.mean_iou(tiny, asked, lab.mirrored)  # the other way round: the same two
    assert float(turned) == pytest.approx(sum(whole) / 2)
    against = [case.iou(tiny.answer(case.question, x, most=8).text, case.mirror) for _, x in asked]
    assert float(lab.mean_iou(tiny, asked, mirror=True)) == pytest.approx(sum(against) / 2)
