import pytest
import torch

from vtk_notebooks import Tokens, build
from vtk_notebooks.errors import ShapeError, VtkError, WeightsError
from vtk_notebooks.mixers.temporal_adaptive_pe import Tape


def film(t=16, h=2, w=3, d=8, seed=0):
    x = torch.randn(t, h, w, d, generator=torch.Generator().manual_seed(seed))
    return Tokens.from_grid(x, torch.arange(t) / 2)


def tape(seed=0, zero=False, **sizes):
    torch.manual_seed(seed)
    made = Tape(8, **sizes).eval()
    if not zero:
        torch.nn.init.normal_(made.leave.weight)
    return made


@pytest.fixture
def trained(tmp_path):
    """A mixer whose layer out is not zero any more."""
    tape(clips=4).save(tmp_path / "tape.safetensors")
    return build("mixer", "temporal_adaptive_pe", file=str(tmp_path / "tape.safetensors"))


def test_before_training_it_adds_exactly_nothing():  # the paper's claim, in one line
    tokens = film()
    assert not tape(zero=True)(torch.randn(1, 64, 8)).any()
    assert torch.equal(build("mixer", "temporal_adaptive_pe")(tokens).x, tokens.x)


def test_1536_tokens_have_384_codes():
    assert tape()(torch.randn(1, 1536, 8)).shape == (1, 384, 8)


def test_a_code_is_added_to_every_token_of_its_group(trained):
    tokens = film()
    told = (trained(tokens).x - tokens.x).view(-1, 4, 8)
    torch.testing.assert_close(told, told[:, :1].expand(-1, 4, -1), atol=1e-5, rtol=1e-4)
    assert told.abs().min(dim=2).values.min() >= 0
    assert told[0, 0].norm() > 0.1


def test_before_a_shuffle_it_adds_what_the_paper_adds_behind_it(trained):
    tokens = film(t=32)  # 192 tokens: no filling up
    shuffle = build("compressor", "token_shuffle", group=4)
    with torch.no_grad():
        code = tape(clips=4)(tokens.x[None])[0]
    torch.testing.assert_close(
        shuffle(trained(tokens)).x, shuffle(tokens).x + code, atol=1e-5, rtol=1e-4
    )


def test_a_still_film_gets_codes_that_tell_its_ends_from_its_middle(trained):
    still = Tokens.from_grid(torch.ones(64, 1, 4, 8), torch.arange(64) / 2)
    told = trained(still).x - still.x
    assert (told[0] - told[128]).norm() > 1e-3


def test_it_hears_later_frames_and_says_so(trained):
    tokens, other = film(), film()
    other.x[6:] += 1.0  # all frames but the first
    assert not trained.causal
    assert (trained(tokens).x[0] - trained(other).x[0]).norm() > 1e-5


def test_features_that_were_mixed_claim_no_more_than_influence(trained):
    assert trained(film()).kind == "receptive"
    assert build("mixer", "temporal_adaptive_pe")(film()).kind == "hard"


def test_the_order_of_the_tokens_plays_no_part_beyond_their_times(trained):
    tokens = film(h=1, w=1, t=64)
    back = torch.arange(63, -1, -1)
    torch.testing.assert_close(trained(tokens.select(back)).x, trained(tokens).x[back])


def test_lengths_it_cannot_fold_are_refused_by_the_kernel():
    with pytest.raises(ShapeError, match="a multiple of 64 tokens"):
        tape()(torch.randn(1, 65, 8))


def test_tokens_of_another_width_are_refused(trained):
    with pytest.raises(ShapeError, match="8 channels"):
        trained(film(d=5))


def test_an_odd_number_of_clips_has_no_middle():
    with pytest.raises(VtkError, match="even number of clips"):
        tape(clips=3)


def test_a_file_that_holds_no_weights_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="a trained Tape"):
        build("mixer", "temporal_adaptive_pe", file=str(tmp_path / "none.safetensors"))(film())
