"""What all encoders promise; and what they do to the process they run in."""

import os
import subprocess
import sys

import pytest

from vtk_notebooks.registry import card, names, parameters

ALONE = """
import socket
import numpy as np

class Closed(socket.socket):
    def __init__(self, *args, **kwargs):
        raise AssertionError("no network")

socket.socket = Closed
from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.encoders import ConSE, DINOv2

frames = np.zeros((1, 8, 8, 3), dtype=np.uint8)
frames.flags.writeable = False
clip = Clip(frames, np.zeros(1), Origin("black", 1.0))
assert len(ConSE()(clip)) == 49
assert len(DINOv2(16)(clip)) == 16
ConSE().read("a rabbit")
"""

LIGHT = """
import sys
import vtk_notebooks.encoders
heavy = {"transformers", "onnx", "onnxruntime", "tokenizers", "PIL", "av", "matplotlib"}
print(sorted(heavy & set(sys.modules)))
"""


def python(code, **env):
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(
        command, env=os.environ | env, capture_output=True, text=True, check=False
    )


@pytest.mark.weights
def test_a_fresh_process_encodes_without_network_and_without_a_word(tmp_path):
    done = python(ALONE, VTK_CACHE=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list(tmp_path.iterdir())) == 2  # converted weights and label vectors, no drafts


def test_the_shelf_of_encoders_is_light_to_import():
    assert python(LIGHT).stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["conse", "dinov2"])
def test_every_encoder_is_registered_with_its_paper_and_plain_parameters(name):
    assert name in names("encoder")
    assert card("encoder", name).arxiv
    assert card("encoder", name).year > 2000
    assert all(isinstance(v, int | str | None) for v in parameters("encoder", name).values())
