"""VideoLLM-online at work: a language model watches a film and says once that it has seen it."""

from dataclasses import replace
from pathlib import Path

import torch

from vtk_notebooks.blocks.speaking import BEST, relevance, turns
from vtk_notebooks.metrics.captions.live_dialogue import LiveDialogue
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.streaming._tiny_live import Made, taught, turns_of, watched
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run
from vtk_notebooks.streaming.replies.live_decoder import LiveDecoder

MECHANISMS = ("objective:streaming_eos", "policy:live_decoder", "metric:live_dialogue")
TESTS = (
    "tests/contract/test_policies.py",
    "tests/blocks/test_live_stream.py",
    "tests/models/test_live_reading.py",
    "tests/objectives/test_streaming_eos.py",
    "tests/streaming/replies/test_live_decoder.py",
    "tests/metrics/captions/test_live_dialogue.py",
    "tests/papers/streaming/test_videollm_online.py",
)
DIFFERS = (
    "Not LLaMA-3 and SigLIP but a Llama of two layers, 32 wide, that knows seven words and is "
    "trained in the demo on made curves; of a frame it reads one number, ConSE's cosine with the "
    "question. Objective, layout with interval tokens, decoding with theta and the key-value cache "
    "are the paper's. It says when it sees something, not what. Dialogues of Ego4D are not here."
)
FRAMES, HELD_OUT, FRAMES_PER_S = 20, 64, 2.0


def demo(film: Path, query: str) -> Demo:
    """When a tiny model that was taught on made streams speaks up, and how it does on new ones."""
    done = run(Recipe(frames=FRAMES, name="VideoLLM-online"), film, query)
    tokens, policy = done.stages[0].tokens, LiveDecoder()
    frames = tokens.part(done.query.space).chunk(tokens.grid[0])
    curve = [relevance(frame, done.query, BEST) for frame in frames]
    model, losses = taught()
    told, words = watched(model, curve, tokens.times_s.tolist(), policy)
    scores = LiveDialogue()(turns_of(model, Made.of(7, HELD_OUT), policy), FRAMES_PER_S)
    moments = tuple(turns(told, done.clip.duration_s, query))
    silence = torch.tensor([d.score for d in told])
    return demo_of(
        replace(done, moments=moments, saliency=silence),
        loss_before=losses[0],
        loss_after=losses[-1],
        spoke_after_frames=float(sum(d.speak for d in told)),
        words_said=float(words),
        held_out_lm_ppl=float(scores["LM-PPL"]),
        held_out_time_diff_s=float(scores["TimeDiff"]),
        held_out_fluency=float(scores["Fluency"]),
        held_out_lm_correctness=float(scores["LM-Correctness"]),
    )
