import pytest
import torch

from vtk_notebooks import Tokens
from vtk_notebooks.errors import ShapeError, VtkError
from vtk_notebooks.models.attention import (
    capture,
    frames_to_frames,
    positions_of_frames,
    video_to_words,
    without_keys,
    words_to_video,
)

from ._models import IDS, language

TOKENS = Tokens.from_grid(torch.zeros(2, 1, 2, 3), torch.tensor([0.0, 0.5]), 1.0)
TOKEN = torch.tensor([-1, 0, 1, 2, 3, -1])
WORDS = ("what", "", "", "", "", "?")
WEIGHTS = torch.tensor(
    [
        [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.2, 0.8, 0.0, 0.0, 0.0, 0.0],
        [0.2, 0.4, 0.4, 0.0, 0.0, 0.0],
        [0.1, 0.1, 0.1, 0.7, 0.0, 0.0],
        [0.1, 0.0, 0.1, 0.4, 0.4, 0.0],
        [0.2, 0.1, 0.2, 0.1, 0.3, 0.1],
    ]
)
ROWS = torch.arange(6)


def test_a_word_s_attention_lands_on_seconds_and_places_and_adds_up():
    seen = words_to_video(WEIGHTS, ROWS, TOKEN, WORDS, TOKENS)
    assert seen.words == ("what", "?")
    torch.testing.assert_close(seen.cells[1], torch.tensor([[[0.1, 0.2]], [[0.1, 0.3]]]))
    torch.testing.assert_close(seen.frames, torch.tensor([[0.0, 0.0], [0.3, 0.4]]))
    torch.testing.assert_close(seen.elsewhere + seen.frames.sum(1), torch.ones(2))
    assert seen.times_s.tolist() == [0.0, 0.5]


def test_a_merged_token_shares_its_attention_out_among_its_cells():
    merged = TOKENS.regroup(torch.tensor([0, 0, 0, 1]))
    token = torch.tensor([-1, 0, 1])
    seen = words_to_video(
        torch.tensor([[0.1, 0.6, 0.3]]), torch.tensor([0]), token, ("w", "", ""), merged
    )
    torch.testing.assert_close(seen.cells[0].flatten(), torch.tensor([0.2, 0.2, 0.2, 0.3]))
    assert seen.kind == "mean"


def test_a_place_knows_which_rows_look_at_it():
    looking = video_to_words(WEIGHTS, ROWS, TOKEN, WORDS, TOKENS, (1, 0, 0))
    torch.testing.assert_close(looking.weights, WEIGHTS[:, 3])
    assert looking.words == WORDS
    assert (looking.cell, looking.time_s, looking.kind) == ((1, 0, 0), 0.5, "hard")
    some = video_to_words(WEIGHTS[[5, 0]], ROWS[[5, 0]], TOKEN, WORDS, TOKENS, (1, 0, 0))
    assert some.words == ("?", "what")


def test_frames_look_at_frames_with_the_mean_of_their_rows():
    seen = frames_to_frames(WEIGHTS, ROWS, TOKEN, TOKENS)
    expected = torch.tensor([[0.8, 0.0], [(0.2 + 0.1) / 2, (0.7 + 0.8) / 2]])
    torch.testing.assert_close(seen.weights, expected)
    assert seen.times_s.tolist() == [0.0, 0.5]


def test_a_frame_of_which_no_row_was_captured_is_unknown():
    seen = frames_to_frames(WEIGHTS[1:3], ROWS[1:3], TOKEN, TOKENS)
    assert seen.weights[1].isnan().all()
    assert not seen.weights[0].isnan().any()


def test_a_frame_is_the_positions_of_its_tokens():
    assert positions_of_frames(TOKEN, TOKENS, [1]).tolist() == [3, 4]
    assert positions_of_frames(TOKEN, TOKENS, [0, 1]).tolist() == [1, 2, 3, 4]
    assert positions_of_frames(TOKEN, TOKENS, []).tolist() == []


def test_a_merged_token_belongs_to_a_frame_by_its_share():
    merged = TOKENS.regroup(torch.tensor([0, 0, 0, 1]))  # two thirds of the first in frame 0
    token = torch.tensor([-1, 0, 1])
    assert positions_of_frames(token, merged, [0]).tolist() == [1]
    assert positions_of_frames(token, merged, [1]).tolist() == [2]
    assert positions_of_frames(token, merged, [1], least=0.3).tolist() == [1, 2]
    assert positions_of_frames(token, merged, [0], least=1.0).tolist() == []


@pytest.mark.parametrize(("frames", "least"), [([2], 0.5), ([-1], 0.5), ([0], 0.0)])
def test_frames_that_are_not_there_are_named(frames, least):
    with pytest.raises(VtkError, match="frames from 0 to 1"):
        positions_of_frames(TOKEN, TOKENS, frames, least)


def test_a_frame_that_is_knocked_out_gets_no_attention():
    model, gone = language(), positions_of_frames(TOKEN, TOKENS, [0])
    with torch.no_grad(), without_keys(model, gone), capture(model) as seen:
        model(IDS[:, :6])
    assert all(m.weights[..., 5, gone].max() == 0 for m in seen)


def test_a_map_of_another_prompt_is_refused():
    with pytest.raises(ShapeError, match="the prompt's own pass"):
        words_to_video(WEIGHTS[:, :5], ROWS, TOKEN, WORDS, TOKENS)
    with pytest.raises(ShapeError, match="3 tokens"):
        frames_to_frames(WEIGHTS, ROWS, TOKEN, TOKENS.select(torch.arange(3)))
