"""What every head that learns owes to its base; `tests/contract/test_learned_heads.py` asks all."""

from dataclasses import dataclass

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from vtk_notebooks.blocks.grounding.batch import Grounding
from vtk_notebooks.blocks.grounding.trained_head import TrainedHead
from vtk_notebooks.errors import SpaceError, WeightsError
from vtk_notebooks.training import planted


class Middle(nn.Module):
    """Says the middle third, louder where a clip is like the first word."""

    def __init__(self, width: int, part: float = 1 / 3) -> None:
        super().__init__()
        self.turn, self.part = nn.Linear(width, width), part

    def forward(self, video, video_mask, text, text_mask, clips=None):
        alike = torch.einsum("b t d, b d -> b t", self.turn(video), text[:, 0])
        span = video.new_tensor([0.5 - self.part / 2, 0.5 + self.part / 2])
        spans = span.expand(len(video), 1, 2)
        return Grounding(spans, alike.amax(1, keepdim=True).sigmoid(), alike, {})


@dataclass(frozen=True, eq=False)
class MiddleHead(TrainedHead):
    network = Middle
    objectives = ("univtg",)


FILM = planted(0, frames=16, width=8)


def test_equal_seeds_make_equal_heads_and_leave_the_global_generator_alone():
    state = torch.random.get_rng_state()
    a, b, c = (MiddleHead.new("made", 8, seed=s).weights() for s in (0, 0, 1))
    assert a == b != c
    assert torch.equal(state, torch.random.get_rng_state())


def test_settings_of_the_network_are_kept_in_the_file(tmp_path):
    head = MiddleHead.new("made", 8, part=0.5)
    again = MiddleHead(head.save(tmp_path / "a.safetensors").file)
    assert again(FILM.tokens, FILM.query) == head(FILM.tokens, FILM.query)
    [moment] = again(FILM.tokens, FILM.query)
    assert (moment.start_s, moment.end_s) == (2.0, 6.0)
    assert moment.text == FILM.query.text
    assert again.space == "made"
    assert again.weights() == head.weights()


def test_a_half_written_file_never_stands(tmp_path):
    head = MiddleHead.new("made", 8)
    with pytest.raises(Exception, match="nowhere"):
        head.save(tmp_path / "nowhere" / "a.safetensors")
    head.save(tmp_path / "a.safetensors")
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_loss_and_weights_are_those_of_the_objectives_by_name():
    weights = MiddleHead.new("made", 8).loss_weights
    assert weights == {"f": 10.0, "b": 10.0, "g": 1.0, "s_inter": 0.01, "s_intra": 0.05}


def test_an_untrained_head_says_how_to_train_one():
    with pytest.raises(WeightsError, match=r"train_head\(MiddleHead"):
        MiddleHead()(FILM.tokens, FILM.query)


@pytest.mark.parametrize("content", ["missing", "empty", "text", "other weights"])
def test_a_file_that_holds_no_head_is_refused(content, tmp_path):
    file = tmp_path / "head.safetensors"
    if content == "other weights":
        save_file({"a": torch.zeros(2)}, file)
    elif content != "missing":
        file.write_bytes(b"" if content == "empty" else b"hello, this is no file of weights")
    with pytest.raises(WeightsError, match="a file of trained weights"):
        MiddleHead(str(file))(FILM.tokens, FILM.query)


def test_weights_that_do_not_come_with_the_package_are_refused_by_name():
    with pytest.raises(WeightsError, match="'nobody'"):
        MiddleHead("nobody")(FILM.tokens, FILM.query)


def test_a_question_of_another_space_is_refused():
    with pytest.raises(SpaceError, match="elsewhere"):
        MiddleHead.new("elsewhere", 8)(FILM.tokens, FILM.query)
