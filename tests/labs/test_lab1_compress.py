import numpy as np
import pytest
import torch

from vtk_notebooks import build
from vtk_notebooks.comparison import compare_tokens, mass_kept
from vtk_notebooks.labs import lab1_compress as lab
from vtk_notebooks.training import planted

COUNTS = {
    "temporal_stride": 8 * 256,
    "spatial_pool": 30 * 6 * 6,
    "prompt_guided_pool": 15 * 6 * 6,
    "bipartite_merge": 30 * 64,
}  # by hand


@pytest.fixture(scope="module")
def blind():
    cases = [planted(seed, frames=16, side=6)[:2] for seed in range(2)]
    return lab.blinded(compare_tokens(cases, lab.LINE_UP, made_films=0, repeats=1))


def said(mark, state, *parts):
    assert mark.state == state, mark
    assert all(part in repr(mark) for part in parts), mark


# -- 1 ---------------------------------------------------------------------------------------


def test_counts_by_hand_are_right():
    said(lab.check_counts(COUNTS), "right", "round up")


@pytest.mark.parametrize(
    ("name", "guess", "hint"),
    [
        ("temporal_stride", 7 * 256, "round up, not down"),
        ("spatial_pool", 30 * 5 * 5, "round up, not down"),
        ("prompt_guided_pool", 15 * 5 * 5, "round up, not down"),
        ("temporal_stride", 7680 // 4, "How many windows"),
        ("spatial_pool", round(7680 / 9), "How many windows"),
        ("bipartite_merge", 7680, "no windows"),
    ],
)
def test_a_count_that_is_often_given_gets_the_hint_it_needs(name, guess, hint):
    said(lab.check_counts({**COUNTS, name: guess}), "wrong", "3 of 4", name, hint)


def test_counts_come_under_their_names():
    said(lab.check_counts(...), "open")
    said(lab.check_counts({**COUNTS, "spatial_pool": ...}), "open")
    said(lab.check_counts({"spatial_pool": 1080}), "wrong", "temporal_stride")
    said(lab.check_counts([2048, 1080, 540, 1920]), "wrong", "Keep the names")


# -- 2 ---------------------------------------------------------------------------------------


def test_two_scenes_of_five_still_cells_and_one_that_moves_need_16_tokens():
    film = lab.made_film()
    still = [range(6, 11)] * 3 + [range(11, 16)] * 3
    group = torch.tensor([[frame, *numbers] for frame, numbers in enumerate(still)])
    said(lab.check_groups(group.flatten(), film), "right", "16")
    said(lab.check_groups(group.flatten().tolist(), film), "right", "16")
    said(lab.check_groups(film.x.unique(dim=0, return_inverse=True)[1], film), "right", "16")


def test_groups_that_lose_or_waste_are_told_apart():
    film, place = lab.made_film(), torch.arange(36) % 6
    said(lab.check_groups(..., film), "open")
    said(lab.check_groups(torch.arange(36), film), "wrong", "36 tokens; 16", "look the same")
    said(lab.check_groups(place, film), "wrong", "rebuilt film is off", "(0, 0, 0)")
    across = place + 6 * (torch.arange(36) // 18)  # heeds the cut, forgets what moves
    said(lab.check_groups(across, film), "wrong", "rebuilt film is off", "(0, 0, 0)")
    said(lab.check_groups(torch.where(place == 0, -1, place - 1), film), "wrong", "-1 drops")
    said(lab.check_groups(place * 2, film), "wrong", "leave no number out")


@pytest.mark.parametrize("answer", [16, "abc", torch.zeros(35).long(), torch.zeros(36), [[1, 2]]])
def test_what_is_no_row_of_36_whole_numbers_is_said_to_be_none(answer):
    said(lab.check_groups(answer, lab.made_film()), "wrong", "Hint")


# -- 3 ---------------------------------------------------------------------------------------


def test_the_names_behind_the_letters_are_right(blind):
    said(lab.check_who(dict(blind.names), blind), "right")


@pytest.mark.parametrize(
    ("a", "b", "hint"),
    [
        ("uniform", "first_tokens", "further to a dropped one"),
        ("random_tokens", "centre_crop", "no neighbour"),
        ("uniform", "random_tokens", "whole frames"),
        ("bipartite_merge", "uniform", "drops no cell"),
    ],
)
def test_two_names_that_were_swapped_get_the_hint_that_tells_them_apart(blind, a, b, hint):
    swap = {a: b, b: a}
    answer = {letter: swap.get(name, name) for letter, name in blind.names.items()}
    said(lab.check_who(answer, blind), "wrong", "3 of 5", hint)


def test_each_of_the_line_up_stands_behind_one_letter(blind):
    said(lab.check_who({**blind.names, "A": ...}, blind), "open")
    said(lab.check_who(dict.fromkeys("ABCDE", "uniform"), blind), "wrong", "there twice")
    said(lab.check_who({"A": "uniform"}, blind), "wrong", "each of the letters")
    said(lab.check_who("uniform", blind), "wrong", "each of the letters")


def test_a_blind_table_holds_the_numbers_and_no_name(blind):
    text = repr(blind)
    assert len(text.splitlines()) == 6
    assert not any(name in text for name in lab.LINE_UP)
    assert sorted(blind.names.values()) == sorted(lab.LINE_UP)
    [merge] = [letter for letter, name in blind.names.items() if name == "bipartite_merge"]
    assert blind.rows[merge]["mass_kept_percent"] == 100
    assert list(blind.names.values()) != list(lab.LINE_UP)  # shuffled


# -- 4 ---------------------------------------------------------------------------------------


def test_the_released_form_loses_the_last_frame_of_a_chain_and_the_paper_s_does_not():
    def merged(transitive):
        made = build("compressor", "threshold_frame_merge", metric="looks", threshold=0.9,
                     transitive=transitive)  # fmt: skip
        return made(lab.chain())

    assert merged(True).part("value").item() == pytest.approx(37)
    assert merged(False).part("value").item() == pytest.approx(5.5)
    assert mass_kept(merged(False)) == pytest.approx(2 / 3)


def test_a_size_counts_along_the_columns_and_is_cancelled_along_the_rows():
    assert lab.attended("key").tolist() == pytest.approx([0.25, 0.75])
    assert torch.equal(lab.attended("query"), lab.attended("none"))


def test_a_crop_on_the_transposed_grid_has_as_many_cells_and_is_no_rectangle():
    film = planted(0, side=8)
    rows = [row.split() for row in lab.crops(film.tokens, film.query).splitlines()]
    paper, released = zip(*rows, strict=True)
    assert "".join(paper).count("#") == "".join(released).count("#") > 0
    assert len({row for row in paper if "#" in row}) == 1  # the same columns in every row
    assert len({row for row in released if "#" in row}) > 1


# -- 5 ---------------------------------------------------------------------------------------


def test_the_broken_promise_needs_a_token_that_proves_it():
    tokens, suspect = planted(0).tokens, lab.Suspect()
    out = suspect(tokens)
    token, cell = out.edges.unbind(1)
    lies = (out.x[token] != tokens.x[cell]).any(1)
    assert lies.float().mean() > 0.8
    number = int(token[lies][0])
    for same in (number, torch.tensor(number), np.int64(number)):
        said(lab.check_broken(("same", same), suspect, tokens), "right", f"Token {number} claims")
    honest = build("compressor", "random_tokens")
    said(lab.check_broken(("same", 0), honest, tokens), "wrong", "'same' holds")


@pytest.mark.parametrize("promise", [p for p in lab.PROMISES if p != "same"])
def test_promises_that_hold_are_said_to_hold(promise):
    mark = lab.check_broken((promise, 0), lab.Suspect(), planted(0).tokens)
    said(mark, "wrong", f"{promise!r} holds", "compare their features")


def test_a_token_that_tells_the_truth_is_no_proof():
    tokens = planted(0).tokens
    suspect = lab.Suspect(keep=1 / len(tokens))  # a single token cannot be out of order
    said(lab.check_broken(("same", 0), suspect, tokens), "wrong", "'same' holds")
    two = lab.Suspect(keep=0.05)
    out = two(tokens)
    true = [n for n in range(len(out)) if torch.equal(out.x[n], tokens.x[out.edges[n, 1]])]
    for number in true:
        said(lab.check_broken(("same", number), two, tokens), "wrong", "bit for bit")
    said(lab.check_broken(("same", 999), two, tokens), "wrong", "is no token")
    said(lab.check_broken(("same", True), two, tokens), "wrong", "is no token")
    said(lab.check_broken(("same", torch.tensor([1, 2])), two, tokens), "wrong", "is no token")
    said(lab.check_broken("same", two, tokens), "wrong", "Promises:")
    said(lab.check_broken((["same"], 3), two, tokens), "wrong", "Promises:")
    said(lab.check_broken(("same", ...), two, tokens), "open")
