import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from vtk_notebooks import build
from vtk_notebooks.errors import SpaceError, WeightsError
from vtk_notebooks.heads.univtg import AttentivePool, Kernel, UniVTG, collate
from vtk_notebooks.training import planted


def films(*seeds, frames=16, width=8):
    return [planted(seed, frames=frames, width=width) for seed in seeds]


def kernel(seed=0):
    torch.manual_seed(seed)
    return Kernel(8, hidden=16).eval()


def batch_of(*examples):
    return collate([(e.tokens, e.query) for e in examples])


@given(seed=st.integers(0, 99))
def test_a_clips_moment_holds_the_clip_by_construction(seed):
    out = kernel(seed)(*batch_of(*films(seed)))
    assert (out.offset[..., 0] <= 0).all()
    assert (out.offset[..., 1] >= 0).all()
    assert ((out.foreground >= 0) & (out.foreground <= 1)).all()


def test_a_film_is_read_alike_alone_and_beside_a_longer_one():
    net = kernel()
    [short], [long] = films(0, frames=10), films(1, frames=30)
    alone, beside = net(*batch_of(short)), net(*batch_of(short, long))
    for one, two in zip(alone, beside, strict=True):
        two = two[:1, :10] if two.ndim > 2 or two.shape[1] == 30 else two[:1]
        torch.testing.assert_close(one, two, atol=1e-5, rtol=1e-4)


def test_padded_clips_and_words_get_no_gradient():
    batch = batch_of(*films(0, frames=10), *films(1, frames=30))
    text_mask = batch.text_mask.clone()
    text_mask[0, 2:] = False
    video, text = batch.video.clone().requires_grad_(), batch.text.clone().requires_grad_()
    out = kernel()(video, batch.video_mask, text, text_mask)
    said = out.foreground[0].sum() + out.offset[0, :10].sum() + out.saliency()[0, :10].sum()
    by_video, by_text = torch.autograd.grad(said, (video, text))
    assert not by_video[0, 10:].any()
    assert not by_text[0, 2:].any()
    assert by_video[0, :10].any(1).all()


def test_before_training_saliency_compares_with_the_mean_of_the_words():
    batch, net = batch_of(*films(0)), kernel()
    out = net(*batch)
    torch.testing.assert_close(out.text[0], net.project(batch.text[0]).mean(0))


def test_attentive_pooling_leaves_out_what_is_masked():
    pool = AttentivePool(4)
    torch.nn.init.normal_(pool.weight, generator=torch.Generator().manual_seed(0))
    x = torch.randn(1, 3, 4, generator=torch.Generator().manual_seed(1))
    mask = torch.tensor([[True, True, False]])
    weight = (x[0, :2] @ pool.weight).softmax(0)
    torch.testing.assert_close(pool(x, mask)[0], weight @ x[0, :2])


def test_equal_seeds_make_equal_heads_and_leave_the_global_generator_alone():
    state = torch.random.get_rng_state()
    a, b, c = (UniVTG.new("made", 8, seed=s).weights() for s in (0, 0, 1))
    assert a == b != c
    assert torch.equal(state, torch.random.get_rng_state())


def test_what_is_saved_answers_the_same(tmp_path):
    [film] = films(0)
    head = UniVTG.new("made", 8, hidden=16)
    saved = head.save(tmp_path / "head.safetensors")
    again = build("head", "univtg", file=str(tmp_path / "head.safetensors"))
    assert saved.file == again.file
    assert head(film.tokens, film.query) == again(film.tokens, film.query)
    assert head.weights() == again.weights()
    assert again.space == "made"


def test_answers_carry_the_question_and_never_overlap_too_much():
    [film] = films(0, frames=32)
    moments = UniVTG.new("made", 8)(film.tokens, film.query)
    assert {m.text for m in moments} == {film.query.text}
    assert len(moments) <= 5


def test_an_untrained_head_says_how_to_train_one():
    [film] = films(0)
    with pytest.raises(WeightsError, match="fit_head"):
        build("head", "univtg")(film.tokens, film.query)


@pytest.mark.parametrize("content", ["missing", "empty", "text", "other weights"])
def test_a_file_that_holds_no_head_is_refused(content, tmp_path):
    file, [film] = tmp_path / "head.safetensors", films(0)
    if content == "other weights":
        save_file({"a": torch.zeros(2)}, file)
    elif content != "missing":
        file.write_bytes(b"" if content == "empty" else b"hello, this is no file of weights")
    with pytest.raises(WeightsError, match="a file of trained weights"):
        UniVTG(str(file))(film.tokens, film.query)


def test_a_question_of_another_space_is_refused():
    [film] = films(0)
    with pytest.raises(SpaceError, match="elsewhere"):
        UniVTG.new("elsewhere", 8)(film.tokens, film.query)
