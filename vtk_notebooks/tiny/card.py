"""Card: what vtk-tiny is, what it learnt from and what it scores, as its README.md says it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vtk_notebooks.atomic import replacing
from vtk_notebooks.models.bundled import SUMS
from vtk_notebooks.statistics.estimate import Estimate
from vtk_notebooks.tiny.keep import summed

LOG = "log.jsonl"
"""The log of training, kept beside the weights."""

HEAD = """---
license: apache-2.0
library_name: transformers
pipeline_tag: video-text-to-text
---
# vtk-tiny

A Video-LLM of {parameters:.2f} million parameters to take apart: the stock Qwen3-VL architecture
of transformers (tower of {depth} layers, patches of 8 x 8 pixels in two frames, one token for 2 x 2
patches; language model of {layers} layers and {heads} heads, {width} channels), trained from
nothing by `make train-tiny` on made films only. It loads as `load("vtk-tiny")`, like its big
sisters.

## What it learnt from

Films of moving shapes (`vtk_notebooks.tiny.films`): 16 s, 64 x 64 pixels, 32 frames, one to five
things one after the other, in 8 colours, 3 forms, 5 motions, over 6 grounds. Four looks are in none
of them: {held_out}.

First the tower alone, on labels of every cell; then, with the tower frozen, the language model on
descriptions with times and on questions, in most steps with the video squeezed by a compressor
drawn at random. Moments are said with 100 relative time tokens. These weights took {minutes:.0f}
minutes on two cores that had other work besides; the log of every 50 steps is log.jsonl.

![losses](curve.svg)

## What it scores

On films it has never seen (numbers from {first} on), one question of a kind for each film;
greedy answers, right word for word; 95 % intervals over films. In films of *held-out combinations*
one or more of the four looks occur. *Blind* knows what films there are and has not looked: one span
for all, the most frequent answer to each question. *Described F1* is of events in its own
descriptions of a quarter of the films: right word for word, with an IoU of 0.5 or more.

"""

TAIL = """
Made by `make eval-tiny` ({films} films a column). `changes` are of the video's tokens between tower
and language model, or of the labels of the clock in the prompt; harm is the paired difference from
the unchanged run, in points of a share.

## What it cannot do

Put colours and forms together in ways that it has not met, as well as in those it has: see the
second column. Anything but these films and these sentences: real films come in (`watch` in
`vtk_notebooks.tiny` puts any film on its clock), but it knows no taxi and no cyclist, and will call
them a shape. It has met only square frames; two things are never on screen at once in its films,
and more than five never follow each other. Its vocabulary has {vocabulary} tokens.
"""


def card(scores: Mapping[str, Any], folder: Path) -> str:
    """The whole text.

    Args:
        scores: of `report`.
        folder: of the weights it is about, with their config.
    """
    from vtk_notebooks.tiny.films import EXAM, HELD_OUT

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    text, vision = config["text_config"], config["vision_config"]
    size = (folder / "model.safetensors").stat().st_size
    head = HEAD.format(
        parameters=size / 4e6,
        depth=vision["depth"],
        layers=text["num_hidden_layers"],
        heads=text["num_attention_heads"],
        width=text["hidden_size"],
        held_out=", ".join(sorted(" ".join(pair) for pair in HELD_OUT)),
        first=f"{EXAM:,}",
        minutes=lasted_s(folder / LOG) / 60,
    )
    tail = TAIL.format(films=scores["films"], vocabulary=text["vocab_size"])
    return f"{head}{_columns(scores)}\n{_changes(scores['changes'])}{tail}"


def lasted_s(log: Path) -> float:
    """How long a training took, by its log; a stage that was gone on with starts its clock anew."""
    clock = [json.loads(line)["s"] for line in log.read_text(encoding="utf-8").splitlines()]
    ends = [a for a, b in zip(clock, [*clock[1:], -1.0], strict=True) if b < a]
    return float(sum(ends))


def kept_card(text: str, folder: Path) -> None:
    """Write it beside the weights, and its hash into their list."""
    with replacing(folder / "README.md") as part:
        part.write_text(text, encoding="utf-8")
    (folder / SUMS).write_text(summed(folder), encoding="utf-8")


def _columns(scores: Mapping[str, Any]) -> str:
    columns = ("held-out films", "held-out combinations", "blind")
    names = dict.fromkeys(name for column in columns for name in scores[column])
    lines = [f"| | {' | '.join(columns)} |", "|---|---|---|---|"]
    for name in names:
        cells = [_shown(scores[column].get(name)) for column in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _changes(changes: Mapping[str, Mapping[str, Any]]) -> str:
    lines = ["| change | R1@0.5 | harm | QA | harm |", "|---|---|---|---|---|"]
    for name, found in changes.items():
        cells = [
            f"{found[score]:.3f} | {_shown(found['harm'][score], sign=True)}"
            for score in ("R1@0.5", "QA")
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(value: Estimate | None, sign: bool = False) -> str:
    if value is None:
        return ""
    form = "+.3f" if sign else ".3f"
    return f"{value:{form}} [{value.low:{form}}, {value.high:{form}}]"
