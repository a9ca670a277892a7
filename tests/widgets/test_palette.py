"""A colour means the same in a widget as in a figure."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import vtk_widgets
from vtk_notebooks.figures import palette

SOURCE = Path(vtk_widgets.__file__).with_name("parts") / "page" / "_palette.js"


def test_fixed_colours_are_those_of_the_figures():
    named = dict(re.findall(r'(\w+): "(#[0-9A-F]{6})"', SOURCE.read_text(encoding="utf-8")))
    assert named == {
        "truth": palette.TRUTH,
        "prediction": palette.PREDICTION,
        "saliency": palette.SALIENCY,
        "dropped": palette.FAINT,
    }


@pytest.mark.parametrize("name", ["truth", "prediction", "saliency", "dropped"])
def test_style_sheets_have_them_too(name):
    named = dict(re.findall(r'(\w+): "(#[0-9A-F]{6})"', SOURCE.read_text(encoding="utf-8")))
    sheet = (SOURCE.parents[2] / "_base.css").read_text(encoding="utf-8")
    assert f"--vtk-{name}: {named[name].lower()};" in sheet


def test_tokens_have_the_colours_that_figures_give_them():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = f"import {{ tokenRgb }} from {json.dumps(SOURCE.as_uri())};"
    script += "console.log(JSON.stringify([...Array(300).keys()].map(tokenRgb)))"
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, check=True
    )
    theirs = 255 * palette.token_colours(np.arange(300))
    assert np.abs(np.array(json.loads(done.stdout)) - theirs).max() <= 0.51
