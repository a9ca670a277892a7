"""A model that was trained says which compressor keeps what it needs."""

import torch

from vtk_notebooks.comparison import Asked
from vtk_notebooks.models import load
from vtk_notebooks.query import Query
from vtk_notebooks.registry import build
from vtk_notebooks.tiny import watch
from vtk_notebooks.tiny.films import EXAM, lesson_film


def test_answers_survive_a_merge_inside_frames_and_not_the_loss_of_most_frames():
    tiny, asked = load("vtk-tiny"), []
    for number in range(6):
        film = lesson_film(EXAM + number, events=3)
        shape = film.film.scene.events[1].shape
        text = f"which way does the {shape.colour} {shape.form} move ?"
        query = Query(text, torch.ones(1), torch.ones(1, 1), ("film",), "none")
        asked.append(Asked.of(tiny, watch(film.clip), query, most=4))
    kept = {
        name: sum(one.agrees(build("compressor", name), 0.25) for one in asked)
        for name in ("bipartite_merge", "first_tokens")
    }
    assert kept["bipartite_merge"] == len(asked)
    assert kept["first_tokens"] < len(asked)
