import pytest
import torch

from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import minilm

pytestmark = pytest.mark.weights
TEXTS = ["a rabbit", "A person riding a bicycle, slowly.", "élan vital " * 200]


def test_texts_of_any_length_have_one_unit_vector_each():
    vectors = minilm.embed(TEXTS)
    assert vectors.shape == (3, 384)
    torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(3))
    assert not vectors.requires_grad


def test_a_text_means_the_same_alone_and_among_others():
    alone = torch.cat([minilm.embed([text]) for text in TEXTS])
    torch.testing.assert_close(minilm.embed(TEXTS), alone, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(minilm.embed(TEXTS, batch=2), alone, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(minilm.read(TEXTS[0]).vector, alone[0], atol=1e-5, rtol=1e-4)


def test_near_meanings_are_near():
    a, b, c = minilm.embed(["a rabbit", "a bunny in the grass", "a tax declaration"])
    assert a @ b > 0.5 > a @ c


def test_word_pieces_come_without_the_markers_around_the_text():
    vector, words, tokens = minilm.read("Riding unicyclettes")
    assert tokens[0] == "riding"
    assert tokens[1] == "un"
    assert all(piece.startswith("##") for piece in tokens[2:])
    assert words.shape == (len(tokens), len(vector))


def test_a_word_is_what_the_network_says_at_its_place():
    words = minilm.read("rabbit").words
    ids = torch.tensor([minilm.tokenizer().encode("rabbit").ids])  # marker, rabbit, marker
    with torch.no_grad():
        hidden = minilm.network()(ids).last_hidden_state[0]
    torch.testing.assert_close(words, torch.nn.functional.normalize(hidden[1:2], dim=-1))


@pytest.mark.parametrize("text", ["", "  \n", "word " * 300])
def test_a_text_without_words_or_too_long_to_read_whole_is_refused(text):
    with pytest.raises(VtkError, match="a text of 1 to 254 word pieces"):
        minilm.read(text)


def test_it_agrees_with_the_library_of_its_authors():
    library = pytest.importorskip("sentence_transformers")
    folder = str(minilm.BUNDLED["minilm"].file().parent)
    theirs = library.SentenceTransformer(folder, device="cpu", local_files_only=True)
    ours = minilm.embed(TEXTS[:2])
    torch.testing.assert_close(ours, torch.tensor(theirs.encode(TEXTS[:2])), atol=1e-5, rtol=1e-4)
