import json
from pathlib import Path

import pytest
import torch

from vtk_notebooks import registry
from vtk_notebooks.query import Query
from vtk_notebooks.tokens import Tokens
from vtk_notebooks.video import make_film, write_film


class Grey:
    """A stand-in encoder: the brightness of each frame."""

    space = "grey"

    def weights(self):
        return "none"

    def __call__(self, clip, progress=None):
        x = torch.tensor(clip.frames).float().mean((1, 2))[:, None, None]
        return Tokens.from_grid(
            x, torch.tensor(clip.times_s).float(), clip.duration_s, space="grey"
        )

    def read(self, text):
        return Query(text, torch.ones(3), torch.ones(1, 3), ("light",), "grey")


@pytest.fixture(autouse=True)
def grey():
    registry.names("encoder")
    registry.register("encoder", "grey", title="Grey", paper="test")(Grey)
    yield
    del registry._TABLE["encoder", "grey"]


@pytest.fixture
def spec(tmp_path):
    write_film(make_film(0, duration_s=2, size=(48, 64)), tmp_path / "a.mp4")
    (tmp_path / "broken.mp4").write_bytes(b"no film")
    path = tmp_path / "grid.toml"
    path.write_text(
        """
        base = { encoders = ["grey"], stages = ["uniform"], frames = 8, short_side = 24 }
        films = ["a.mp4", "broken.mp4"]
        queries = [{ text = "light", moments = [[0.0, 1.0]] }, "dark"]
        [vary]
        "stages.0.keep" = [1.0, 0.5]
        """
    )
    return path


def test_a_sweep_is_done_once_and_leaves_a_report_and_a_store(say, spec, tmp_path):
    asked = ("sweep", str(spec), "--out", str(tmp_path / "out"))
    out, err, code = say(*asked, "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["rows"], told["total"], told["errors"]) == (8, 8, 4)
    assert told["computed"] == 3  # one film encoded, squeezed in two ways, for both questions
    assert str(spec) in Path(told["files"][0]).read_text()
    assert json.loads(say(*asked, "--json")[0])["computed"] == 0
    out, _, _ = say(*asked)
    assert "uniform keep=0.5" in out
    assert "broken.mp4" in out
    assert "report.html" in out


def test_an_interrupted_sweep_says_so(say, spec, tmp_path, monkeypatch):
    def interrupt(self, clip, progress=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(Grey, "__call__", interrupt)
    out, _, code = say("sweep", str(spec), "--out", str(tmp_path / "out"))
    assert code == 130
    assert "0 of 8 rows" in out
    assert "call it again" in out


def test_the_store_lists_explains_and_forgets(say, spec, tmp_path):
    say("sweep", str(spec), "--out", str(tmp_path / "out"), "--json")
    at = ("--store", str(tmp_path / "out" / "store"))
    out, _, code = say("store", "ls", *at)
    assert code == 0
    assert "encoder grey" in out
    assert "compressor uniform keep=0.5" in out
    assert "row of a sweep" in out
    assert "7 entries" in out
    recipe = tmp_path / "mine.json"
    recipe.write_text(
        '{"encoders": ["grey"], "stages": [{"name": "uniform", "params": {"keep": 0.25}}],'
        ' "frames": 8, "short_side": 24}'
    )
    asked = ("store", "explain", str(recipe), str(tmp_path / "a.mp4"), "-q", "light", *at)
    first, second = json.loads(say(*asked, "--json")[0])
    assert first["reused"]
    assert not second["reused"]
    assert "keep=" in second["why"]
    assert "reused   grey" in say(*asked)[0]
    gone = json.loads(say("store", "gc", "--max-gb", "0", "--check", *at, "--json")[0])
    assert len(gone["removed"]) == 7
    assert gone["left"] == 0
    assert "0 are left" in say("store", "gc", *at)[0]
    assert say("store", "gc", "--max-gb", "-1", *at)[2] == 1
