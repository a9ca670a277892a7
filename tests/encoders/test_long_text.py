import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vtk_notebooks import build
from vtk_notebooks.encoders.long_text import LongPositions, LongText, read_longer, stretched
from vtk_notebooks.errors import VtkError

SAID = "First a rabbit sleeps in the grass, then three rodents throw nuts at it. "
LONG = SAID * 40


def table(p=77, d=4):
    return torch.randn(p, d, generator=torch.Generator().manual_seed(0))


def test_77_places_become_248_and_256_become_964():  # the paper's numbers, and ours
    assert len(stretched(table(77))) == 248
    assert len(stretched(table(256))) == 964


def test_the_first_20_stay_and_later_ones_are_found_again_every_fourth_place():
    old, new = table(), stretched(table())
    assert torch.equal(new[:20], old[:20])
    torch.testing.assert_close(new[20::4], old[20:])


def test_places_in_between_are_interpolated_and_the_end_goes_on_straight():
    old, new = table(), stretched(table())
    torch.testing.assert_close(new[20 + 4 * 5 + 1], 0.75 * old[25] + 0.25 * old[26])
    torch.testing.assert_close(new[20 + 4 * 5 + 3], 0.25 * old[25] + 0.75 * old[26])
    torch.testing.assert_close(new[-1], old[-1] + 0.75 * (old[-1] - old[-2]))


@given(p=st.integers(2, 30), keep=st.integers(0, 29), factor=st.integers(1, 6))
def test_a_straight_line_stays_straight(p, keep, factor):
    keep = min(keep, p - 1)
    line = torch.arange(p, dtype=torch.float64)[:, None]
    new = stretched(line, keep, factor)[:, 0]
    assert len(new) == factor * p - (factor - 1) * keep
    torch.testing.assert_close(new[keep:].diff(), torch.full_like(new[keep + 1 :], 1 / factor))


def test_a_factor_of_one_changes_nothing():
    torch.testing.assert_close(stretched(table(), 20, 1), table())


def test_only_later_places_learn():
    places = LongPositions(table())
    assert [name for name, _ in places.named_parameters()] == ["later"]
    places(torch.tensor([[0, 19, 20, 247]])).sum().backward()
    assert places.later.grad is not None
    assert places.later.grad.any(1).nonzero().squeeze(1).tolist() == [0, 227]


@pytest.fixture
def clip_text():
    """CLIP's text tower as transformers has it, small and untrained."""
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        vocab_size=50,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=16,
        eos_token_id=49,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return CLIPTextModel(config).eval()


def test_a_clip_text_tower_reads_248_tokens_and_short_texts_as_before(clip_text):
    short = torch.arange(12)[None]
    with torch.no_grad():
        before = clip_text(short).last_hidden_state
        with pytest.raises(ValueError, match="max_position_embeddings"):
            clip_text(torch.ones(1, 248, dtype=torch.long))
        assert read_longer(clip_text) == 248
        torch.testing.assert_close(clip_text(short).last_hidden_state, before)
        long = clip_text(torch.arange(248)[None] % 50).last_hidden_state
    assert long.shape == (1, 248, 16)
    assert long.isfinite().all()


@pytest.mark.weights
def test_short_questions_are_read_as_before_and_long_ones_whole():
    encoder, base = LongText(), build("encoder", "conse")
    a, b = encoder.read("a rabbit in the grass"), base.read("a rabbit in the grass")
    torch.testing.assert_close(a.vector, b.vector, atol=1e-5, rtol=1e-4)
    assert a.space == b.space
    with pytest.raises(VtkError, match="254 word pieces"):
        base.read(LONG)
    assert len(encoder.read(LONG).tokens) > 600


@pytest.mark.weights
def test_a_text_that_the_model_reads_itself_means_nearly_the_same_at_stretched_places():
    base, text = build("encoder", "conse").read(SAID * 13), SAID * 13
    assert len(base.tokens) == 208
    assert LongText().read(text).vector @ base.vector == pytest.approx(0.946, abs=0.01)


@pytest.mark.weights
def test_a_long_text_still_means_what_it_says():
    said, asked, other = (
        LongText().read(text).vector
        for text in (LONG, "rodents throw nuts at a sleeping rabbit", "the price of a bicycle")
    )
    assert said @ asked > 0.5
    assert said @ other < 0.2


@pytest.mark.weights
def test_it_sees_what_conse_sees_and_says_what_it_changed(noise):
    clip = noise(2, 32, 32)
    assert torch.equal(LongText()(clip).x, build("encoder", "conse")(clip).x)
    assert "places 20 + 4 x" in LongText().weights()


@pytest.mark.weights
def test_a_text_longer_than_all_places_is_refused():
    with pytest.raises(VtkError, match="962 word pieces"):
        LongText().read(LONG * 3)


@pytest.mark.parametrize("wrong", [{"keep": 256}, {"keep": -1}, {"factor": 0}])
def test_wrong_parameters_are_refused(wrong):
    with pytest.raises(VtkError):
        LongText(**wrong)
    with pytest.raises(VtkError):
        stretched(table(3), keep=3)
