"""E.T. Chat at work: two tokens point at frames; E.T. Bench scores what they say as text."""

from pathlib import Path

from vtk_notebooks.heads.frame_match import FrameMatching
from vtk_notebooks.metrics.questions.et_bench import Answered, EtBench
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.papers.heads._planted import answered, made
from vtk_notebooks.papers.heads._planted import trained as train

MECHANISMS = ("head:frame_match", "objective:soft_match", "metric:et_bench")
TESTS = (
    "tests/heads/test_frame_match.py",
    "tests/objectives/test_soft_match.py",
    "tests/metrics/questions/test_et_bench.py",
    "tests/papers/heads/test_et_bench.py",
)
DIFFERS = (
    "No language model emits the <vid> tokens: a transformer of two layers reads frames, words and "
    "both tokens, trained for seconds on made films instead of E.T. Instruct 164K. Frames are read "
    "by ConSE, one a token. Of the twelve tasks two are scored, grounding and highlights, on made "
    "films."
)


def trained(films: int = 128, steps: int = 110) -> FrameMatching:
    """A head for ConSE tokens, trained on made films."""
    return train(FrameMatching, films, steps, rate=2e-3)


def scored(head: FrameMatching, films: int = 16) -> dict[str, float]:
    """Grounding and highlights of made films, answered as text and scored as the benchmark does."""
    answers = []
    for number, example in enumerate(made(20_000, films)):
        [truth], film = example.moments, str(number)
        best = head(example.tokens, example.query)[0]
        peak = head.saliency(example.tokens, example.query).argmax()
        spans = ((truth.start_s, truth.end_s),)
        tvg = f"{best.start_s:.1f} - {best.end_s:.1f} seconds"
        vhd = f"{example.tokens.times_s[peak].item() + 0.25:.2f} seconds"
        answers += [Answered("tvg", tvg, spans, film=film), Answered("vhd", vhd, spans, film=film)]
    numbers = EtBench()(answers)
    return {
        "tvg_f1_percent": float(numbers["TVG (F1)"]),
        "vhd_f1_percent": float(numbers["VHD (F1)"]),
    }


def demo(film: Path, query: str) -> Demo:
    """What the question finds in the film, and what two of the twelve tasks make of the head."""
    head = trained()
    return answered(head, "frame_match", film, query, **scored(head))
