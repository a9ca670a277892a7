"""Attention explorer: what it sends is what the model attended to, in few bytes, when asked."""

import asyncio
from typing import Any

import numpy as np
import pytest
import torch

from vtk_notebooks.clip import Clip, Origin
from vtk_notebooks.errors import VtkError
from vtk_notebooks.models import load
from vtk_notebooks.models.attention import (
    AttentionTiles,
    capture,
    find_sinks,
    mean,
    most,
    relevance_of_answer,
    rollout,
    words_to_video,
)
from vtk_widgets import AttentionExplorer, Selection
from vtk_widgets.parts.attention.looked import piece
from vtk_widgets.parts.attention.requests import stored

QUESTION = "when does the red square appear ?"
NAME = "model.language_model.layers.{}.self_attn"


@pytest.fixture(scope="module")
def read():
    """A model, a film of 8 frames, what is asked, and all attention that was paid."""
    model: Any = load("vtk-tiny")
    frames = np.random.default_rng(0).integers(0, 255, (8, 64, 64, 3), np.uint8)
    clip = Clip(frames, np.arange(8) * 0.5, Origin("noise", duration_s=4.0))
    tokens = model.encode(clip)
    prompt = model.prompt(QUESTION, tokens)
    with capture(model.model, "language_model") as seen:
        model.logits(prompt)
    return model, clip, tokens, prompt, list(seen)


@pytest.fixture
def explorer(read):
    model, clip, tokens, _, _ = read
    made: Any = AttentionExplorer.of(model, tokens, QUESTION, clip)
    made.sent = []
    made.send = lambda content, buffers=(): made.sent.append((content, list(buffers or ())))
    yield made
    made.close()


def ask(widget, **request):
    """What comes back for a message of the browser."""
    widget._answer(widget, {"id": len(widget.sent) + 1, **request}, [])
    content, parts = widget.sent[-1]
    assert "error" not in content, content
    assert content["id"] == len(widget.sent)
    return parts


def numbers(data, dtype, *shape):
    return torch.from_numpy(np.frombuffer(data, dtype).reshape(*shape).astype(np.float32))


def direct(maps, how, layer, head):
    """The map that is meant, from whole maps."""
    if layer < 0:
        return {"mean": mean, "max": most, "rollout": rollout}[how](maps).weights[0]
    weights = maps[layer].weights[0]
    return weights[head] if head >= 0 else weights.mean(0) if how == "mean" else weights.amax(0)


@pytest.mark.parametrize(
    ("how", "layer", "head"),
    [
        ("mean", -1, -1), ("max", -1, -1), ("rollout", -1, -1), ("mean", 2, -1), ("max", 1, -1),
        ("mean", 3, 4),
    ],
)  # fmt: skip
def test_a_view_is_what_the_words_attended_to(explorer, read, how, layer, head):
    _, _, tokens, prompt, maps = read
    parts = ask(explorer, kind="view", how=how, layer=layer, head=head)
    rows = torch.from_numpy(np.frombuffer(parts[0], "<i4").astype(np.int64))
    assert [prompt.words[i] for i in rows][1:8] == QUESTION.split()
    weights = direct(maps, how, layer, head)[rows]
    seen = words_to_video(weights, rows, prompt.token, prompt.words, tokens)
    t, h, w = tokens.grid
    cells = numbers(parts[1], "<f2", len(rows), t, h, w)
    torch.testing.assert_close(cells, seen.cells, rtol=2e-3, atol=2e-5)  # queries in float16
    on_words = numbers(parts[2], "<f2", len(rows), -1)
    torch.testing.assert_close(on_words, weights[:, prompt.token < 0], rtol=2e-3, atol=2e-5)
    torch.testing.assert_close(
        numbers(parts[3], "<f4", -1), seen.cells.sum((1, 2, 3)), rtol=1e-3, atol=1e-5
    )


def test_relevance_is_that_of_the_answer(explorer, read):
    model, _, _, prompt, _ = read
    parts = ask(explorer, kind="row", how="relevance", word=len(prompt.words) - 1)
    told = numbers(parts[2], "<f2", -1)
    weights = relevance_of_answer(model, prompt).weights[0][-1]
    torch.testing.assert_close(told, weights[prompt.token < 0], rtol=2e-3, atol=2e-4)
    assert model.model.config._attn_implementation == "sdpa"


def test_one_word_is_a_row_of_the_view(explorer):
    whole = ask(explorer, kind="view", how="mean", layer=1, head=0)
    word = int(np.frombuffer(whole[0], "<i4")[3])
    one = ask(explorer, kind="row", how="mean", layer=1, head=0, word=word)
    size = len(one[1])
    assert one[1] == whole[1][3 * size : 4 * size]
    assert one[5:] == whole[5:]  # the same sinks


def test_words_between_the_frames_can_be_asked_for(explorer, read):
    _, _, _, prompt, maps = read
    word = prompt.words.index("<1 seconds>")
    parts = ask(explorer, kind="row", how="mean", layer=0, head=2, word=word)
    told = numbers(parts[2], "<f2", -1)
    weights = maps[0].weights[0, 2, word, prompt.token < 0]
    torch.testing.assert_close(told, weights, rtol=2e-3, atol=2e-5)


def test_the_times_that_look_at_a_cell_are_those_of_the_tokens_there(explorer, read):
    _, _, tokens, prompt, maps = read
    parts = ask(explorer, kind="times", how="mean", layer=2, head=1, cell=[2, 1, 3])
    told = numbers(parts[0], "<f4", -1)
    column = maps[2].weights[0, 1] @ cell_part(prompt, tokens, (2, 1, 3))
    groups = tokens.centre()[:, 0].floor().long()[prompt.token.clamp_min(0)] // 2
    for t in range(8):  # tokens of two frames each
        looks = (prompt.token >= 0) & (groups == t // 2)
        assert told[t].item() == pytest.approx(column[looks].mean().item(), rel=2e-2, abs=1e-6)


def cell_part(prompt, tokens, cell):
    """What one cell gets of the attention to each position."""
    number = np.ravel_multi_index(cell, tokens.grid)
    part = torch.zeros(len(prompt.token))
    for (which, at), share in zip(tokens.edges.tolist(), tokens.share.tolist(), strict=True):
        if at == number:
            part[prompt.token == which] += share
    return part


def test_a_tile_is_a_window_of_the_map(explorer, read):
    maps = read[4]
    parts = ask(explorer, kind="tile", layer=1, head=3, rows=[10, 40], keys=[0, 20])
    shape = np.frombuffer(parts[1], "<i4")
    tile = numbers(parts[0], "<f2", *shape)
    torch.testing.assert_close(tile, maps[1].weights[0, 3, 10:40, :20], rtol=2e-3, atol=2e-5)


def test_the_atlas_has_every_head_and_word_over_time(explorer, read):
    _, _, tokens, prompt, maps = read
    layers, heads, words, runs = explorer.atlas_shape
    assert (layers, heads, runs) == (4, 5, 8)
    atlas = numbers(explorer.atlas, "u1", *explorer.atlas_shape) / 255
    rows = torch.arange(len(prompt.words) - words, len(prompt.words))
    for layer, head in ((0, 0), (3, 2)):
        weights = maps[layer].weights[0, head][rows]
        frames = words_to_video(weights, rows, prompt.token, prompt.words, tokens).frames
        torch.testing.assert_close(atlas[layer, head], frames.sqrt(), rtol=0, atol=0.003)


def test_sinks_are_marked_and_keep_what_they_have(explorer, read):
    _, _, tokens, prompt, maps = read
    parts = ask(explorer, kind="view", how="mean", layer=1, head=0)
    sinks = find_sinks(maps[1].weights[:, 0])
    sinks = [k for k in sinks.tolist() if len(prompt.words) - k >= 6]  # seen by enough rows
    words = [i for i in sinks if prompt.token[i] < 0]
    places = np.frombuffer(explorer.places, "<i4")
    assert places[np.frombuffer(parts[6], "u1") == 1].tolist() == words
    rows = np.frombuffer(parts[0], "<i4").astype(np.int64)
    part = maps[1].weights[0, 0][rows][:, sinks].sum(1)
    torch.testing.assert_close(numbers(parts[4], "<f4", -1), part, rtol=2e-3, atol=1e-5)
    cells = numbers(parts[5], "u1", *tokens.grid) > 0
    told = numbers(parts[1], "<f2", len(rows), *tokens.grid)
    of_sinks = {prompt.token[i].item() for i in sinks} - {-1}
    ours = torch.tensor([which in of_sinks for which, _ in tokens.edges.tolist()])
    assert cells.flatten().nonzero().flatten().tolist() == sorted(tokens.edges[ours, 1].tolist())
    if cells.any():
        assert (told[:, cells] > 0).any()


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "view", "layer": 4}, {"kind": "row", "word": 9999}, {"kind": "drop"},
        {"kind": "times", "cell": [0, 0]}, {"kind": "times", "cell": [0, 0, 99]},
        {"kind": "tile", "layer": 0, "rows": [5, 5]}, {"kind": "view", "head": "x"},
        {"kind": "view", "how": "median"},
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(explorer, bad):
    explorer._answer(explorer, {"id": 1, **bad}, [])
    content, parts = explorer.sent[-1]
    assert "Error" in content["error"]
    assert parts == []


def test_a_figure_is_of_the_word_and_the_head_that_are_chosen(explorer, read):
    _, _, tokens, prompt, maps = read
    explorer.selection.set_trait("layer", 2)
    explorer.selection.set_trait("head", 1)
    explorer.selection.word = prompt.words.index("red")
    figure = explorer.figure(frames=0)
    rows = torch.tensor([explorer.selection.word])
    weights = maps[2].weights[0, 1][rows]
    frames = words_to_video(weights, rows, prompt.token, prompt.words, tokens).frames[0]
    (stairs,) = [p for ax in figure.axes for p in ax.patches if hasattr(p, "get_data")]
    assert stairs.get_data().values == pytest.approx(100 * frames.numpy(), rel=5e-3, abs=1e-3)


@pytest.mark.parametrize("kind", ["frames", "words"])
def test_other_figures_are_of_places_and_of_all_words(explorer, kind):
    size_mm = explorer.figure(kind, width_mm=120.0).get_size_inches() * 25.4
    assert size_mm[0] == pytest.approx(120)
    with pytest.raises(VtkError, match="time, frames, words"):
        explorer.figure("heads")


def test_tiles_alone_have_no_relevance_and_need_the_prompt(explorer, read):
    _, clip, tokens, prompt, _ = read
    kept = explorer._lens.tiles
    alone = AttentionExplorer.of(kept, tokens, prompt, clip)
    assert alone.ways == ["mean", "max", "rollout"]
    with pytest.raises(VtkError, match="a prompt beside tiles"):
        AttentionExplorer.of(kept, tokens, QUESTION, clip)
    with pytest.raises(VtkError, match="layers over"):
        AttentionExplorer.of(AttentionTiles(), tokens, prompt, clip)


def test_closing_lets_go_of_queries_keys_and_model(explorer):
    explorer.close()
    assert explorer._lens is None
    explorer._answer(explorer, {"kind": "view", "id": 1}, [])
    assert explorer.sent == []


def test_a_page_keeps_the_views_that_were_known(explorer):
    ask(explorer, kind="view", how="rollout")
    state = explorer.static_state()
    assert (state["live"], state["ways"]) == (False, ["mean", "max", "rollout"])
    lens = explorer._lens
    assert [v["how"] for v in stored(lens, "max")] == ["max", "mean", "rollout"]
    few = stored(lens, "mean", most_bytes=3000)
    assert [v["how"] for v in few] == ["mean"]
    assert len(few[0]["parts"][0]) // 4 < len(lens.asked)  # fewer words, the last ones


def test_a_page_that_is_saved_at_once_waits_for_the_first_look(read):
    model, clip, tokens, _, _ = read

    async def session():
        widget = AttentionExplorer.of(model, tokens, QUESTION, clip)
        state = widget.static_state()
        assert len(state["atlas"]) == np.prod(state["atlas_shape"])
        assert "mean" in state["ways"]
        widget.close()

    asyncio.run(session())


def test_pieces_of_words_are_read_as_people_write_them():
    assert [piece(w) for w in ("\u0120red", "\u2581red", "red", "\n", " ", "\u010a")] == [
        "red", "red", "red", "\\n", " ", "\\n",
    ]  # fmt: skip
    assert len(piece("x" * 10_000)) == 60


def test_what_is_heavy_is_done_beside_the_kernel_and_the_last_asked_wins(read):
    model, clip, tokens, _, _ = read
    sent = []

    async def session():
        widget = AttentionExplorer.of(model, tokens, QUESTION, clip, Selection())
        widget.send = lambda content, buffers=(): sent.append(content)
        assert widget.busy  # the first look at every head
        for number, how in enumerate(("rollout", "relevance", "rollout"), 1):
            widget._answer(widget, {"kind": "view", "id": number, "how": how}, [])
        assert sent == []
        for _ in range(800):
            await asyncio.sleep(0.005)
            if not widget.busy and sent:
                break
        assert widget.atlas
        assert widget.message == ""
        widget.close()

    asyncio.run(session())
    assert [(m["id"], m["how"]) for m in sent] == [(3, "rollout")]
