import json
import weakref

import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.encoders import Adapter
from vtk_notebooks.errors import RecipeError, WeightsError
from vtk_notebooks.models import unload
from vtk_notebooks.models.door import load
from vtk_notebooks.part import Part
from vtk_notebooks.protocols import Encoder, Reader
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.store import Store

from ..models.adapters import _tiny, _tiny_language, _tiny_towers

QUESTION = "a rabbit yawns"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return _tiny.clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture
def copy(saved, tmp_path):
    """A copy of the folder that a test may change."""
    for path in saved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture(scope="module")
def clip():
    frames = np.random.default_rng(0).integers(0, 256, (8, 40, 56, 3), dtype=np.uint8)
    return Clip(frames, np.arange(8) * 0.5, Origin("made", 4.0))


def recipe(folder, *stages, more=()):
    return Recipe((Part("adapter", {"id": str(folder)}), *more), stages)


def test_a_film_goes_through_a_loaded_model_a_compressor_and_a_head(saved, clip):
    done = run(
        recipe(saved, Part("bipartite_merge", {"keep": 0.25, "scope": "clip"})), clip, QUESTION
    )
    model = load(saved)
    assert torch.equal(done.stages[0].tokens.x, model.encode(clip).x)
    assert torch.equal(done.query.vector, model.read(QUESTION).vector)
    assert len(done.tokens) == len(done.stages[0].tokens) // 4
    assert done.tokens.kept().all()
    assert all(0 <= m.start_s < m.end_s <= 4.0 for m in done.moments)
    assert done.weights == (model.record.label,)
    assert done.stages[0].tokens.spaces[0].name == model.space


def test_it_is_an_encoder_that_reads_where_its_model_does(saved, tmp_path):
    assert isinstance(Adapter(str(saved)), Encoder)
    assert isinstance(Adapter(str(saved)), Reader)
    tower = Adapter(str(_tiny_towers.videomae(tmp_path)))
    assert isinstance(tower, Encoder)
    assert not isinstance(tower, Reader)


def test_a_tower_needs_somebody_beside_it_who_reads(saved, tmp_path, clip):
    tower = _tiny_towers.videomae(tmp_path)
    with pytest.raises(RecipeError, match="one that reads text"):
        run(recipe(tower), clip, QUESTION)
    reads = Part("adapter", {"id": str(saved)})
    done = run(recipe(tower, more=[reads]), clip, QUESTION)
    assert [s.name for s in done.tokens.spaces] == [load(tower).space, load(saved).space]
    assert done.query.space == load(saved).space
    assert len(done.weights) == 2


def test_the_tower_of_a_model_that_talks_may_be_asked_alone(tmp_path, clip):
    folder = _tiny_language.llava_onevision(tmp_path)
    assert torch.equal(Adapter(str(folder))(clip).x, load(folder).encode(clip).x)


def test_the_store_knows_the_revision_of_the_weights(copy, clip, tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("store"))
    first = run(recipe(copy), clip, QUESTION, store=store)
    assert run(recipe(copy), clip, QUESTION, store=store).stages[0].reused
    settings = json.loads((copy / "preprocessor_config.json").read_text())
    (copy / "preprocessor_config.json").write_text(json.dumps({**settings, "image_std": [1, 1, 1]}))
    other = run(recipe(copy), clip, QUESTION, store=store)
    assert not other.stages[0].reused
    assert other.address != first.address
    assert not torch.equal(other.stages[0].tokens.x, first.stages[0].tokens.x)


def test_it_is_loaded_once_and_can_be_given_back(saved):
    model = weakref.ref(Adapter(str(saved)).model)
    assert Adapter(str(saved)).model is model()
    assert Adapter(str(saved), dtype="bfloat16").model is not model()
    unload()
    assert model() is None


def test_a_recipe_with_it_is_plain_json_and_frames_are_told(saved, clip):
    wish = recipe(saved)
    assert Recipe.from_json(wish.to_json()) == wish
    told = []
    run(wish, clip, QUESTION, progress=lambda *step: told.append(step))
    assert ("encode adapter", 8, 8) in told


def test_what_cannot_be_loaded_says_so_when_it_is_asked():
    encoder = Adapter("no-such-model")
    with pytest.raises(WeightsError, match="Packaged"):
        encoder.weights()
