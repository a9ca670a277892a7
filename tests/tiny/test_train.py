import json

import pytest
import torch

from vtk_notebooks.models import load
from vtk_notebooks.tiny.films import lesson_film
from vtk_notebooks.tiny.keep import keep
from vtk_notebooks.tiny.train import Plan, train

SHORT = Plan(seeing=(2, 2), films=4, speaking=6, every=3, threads=1)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    out = tmp_path_factory.mktemp("tiny")
    return out, *train(out, SHORT, tell=lambda line: None)


class PulledPlug(Exception):
    pass


def test_training_that_was_cut_off_goes_on_to_the_same_weights(at_once, tmp_path):
    _, model, _ = at_once
    lines = []

    def tell(line):
        lines.append(line)
        if '"step": 3' in line:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        train(tmp_path, SHORT, tell=tell, log_every=1)
    again, _ = train(tmp_path, SHORT, tell=lines.append, log_every=1)
    for name, value in model.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, msg=name)


def test_every_stage_is_in_the_log(at_once):
    out, _, _ = at_once
    stages = [json.loads(line)["stage"] for line in (out / "log.jsonl").read_text().splitlines()]
    assert {"seen", "shelf"} <= set(stages)


def test_what_is_kept_loads_through_the_door_and_says_the_same(at_once, tmp_path):
    _, model, prompter = at_once
    folder = keep(model, prompter.adapter.tokenizer, tmp_path / "kept", "---\nlicense: x\n---\n")
    loaded = load(folder)
    clip = lesson_film(1).clip
    ours, theirs = prompter.adapter.encode(clip), loaded.encode(clip)
    torch.testing.assert_close(ours.x, theirs.x)
    question = "when is the red circle there ?"
    assert prompter.adapter.answer(question, ours, most=4).ids == (
        loaded.answer(question, theirs, most=4).ids
    )
    assert loaded.record.licence == "x"
    assert not list(tmp_path.glob(".*"))


def test_keeping_replaces_a_folder_as_a_whole(at_once, tmp_path):
    _, model, prompter = at_once
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "old.txt").write_text("old")
    keep(model, prompter.adapter.tokenizer, folder)
    assert not (folder / "old.txt").exists()
    assert (folder / "model.safetensors").is_file()
