"""ZeroTA at work: masks are moved until they fit the question, and then until they fit phrases."""

from pathlib import Path

from vtk_notebooks.encoders import ConSE
from vtk_notebooks.heads.soft_masks import SoftMasks
from vtk_notebooks.papers.demo import Demo, demo_of
from vtk_notebooks.papers.heads._planted import beside_blind
from vtk_notebooks.part import Part
from vtk_notebooks.recipe import Recipe
from vtk_notebooks.runs import run

MECHANISMS = ("head:soft_masks", "objective:soft_iou")
TESTS = (
    "tests/heads/test_soft_masks.py",
    "tests/objectives/test_soft_iou.py",
    "tests/blocks/grounding/test_soft_spans.py",
    "tests/papers/heads/test_zerota.py",
)
DIFFERS = (
    "No language model writes: a text is the question, or a mixture of given phrases that is "
    "optimised with its mask as prefixes of GPT-2 are there. Frames are read by ConSE, words by "
    "MiniLM, instead of both by CLIP, and what lies outside a mask must fit its text less."
)
PHRASES = ("a street with cars", "people walking", "buildings", "a harbour with boats", "trees")


def demo(film: Path, query: str) -> Demo:
    """The best moment, made films beside blind answers, and how many phrases are found where."""
    done = run(Recipe((Part("conse"),), head=Part("soft_masks"), name="ZeroTA"), film, query)
    reader, head = ConSE(), SoftMasks()
    phrases = [reader.read(text) for text in (query, *PHRASES)]
    fitted = head.fit(done.tokens, phrases)
    told = head.moments(done.tokens, fitted, phrases)
    return demo_of(
        done,
        **beside_blind(head, 8),
        moments_told=float(len(told)),
        phrases_told=float(len({m.text for m in told})),
        overlap_at_first=fitted.losses["overlap"][0],
        overlap_at_last=fitted.losses["overlap"][-1],
    )
