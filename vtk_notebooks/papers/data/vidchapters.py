"""VidChapters at work: a description is mined for chapters, by which a film's shots are scored."""

from pathlib import Path

from vtk_notebooks.blind import equal_parts
from vtk_notebooks.curation.chapter_mining import ChapterMining
from vtk_notebooks.data import Chapter, format_chapters
from vtk_notebooks.metrics.captions.boundary_recall import BoundaryRecall
from vtk_notebooks.metrics.captions.soda import Soda
from vtk_notebooks.moment import Moment
from vtk_notebooks.papers.demo import Demo
from vtk_notebooks.video import find_cuts, open_clip

MECHANISMS = ("curation:chapter_mining", "metric:boundary_recall", "metric:soda")
TESTS = (
    "tests/curation/test_chapter_mining.py",
    "tests/metrics/captions/test_boundary_recall.py",
    "tests/metrics/captions/test_soda.py",
)
DIFFERS = (
    "No model writes chapters here: shots stand in for them, and the description is typed from the "
    "same shots, at full seconds as uploaders type, so that its scores are what typing leaves of "
    "the truth. SODA compares titles word for word, not by METEOR. The 817 thousand films are "
    "not here."
)


def typed(cuts_s: list[float], duration_s: float) -> str:
    """What an uploader would type under a film of these shots; of its halves if it has one shot."""
    seconds = sorted({int(t) for t in cuts_s if 1 <= t < duration_s}) or [int(duration_s / 2) or 1]
    titled = [Chapter(start_s, f"Shot {i}") for i, start_s in enumerate([0, *seconds], 1)]
    return f"My new film!\n{format_chapters(titled)}Thanks for watching: https://example.org/0:00\n"


def demo(film: Path, query: str) -> Demo:
    """How near to the shots the typed chapters are, and how near a film cut blindly comes."""
    clip = open_clip(film)
    cuts_s = find_cuts(clip)
    mined = ChapterMining()(typed(cuts_s, clip.duration_s), clip.duration_s)
    starts_s = [0.0, *cuts_s]
    shots = [
        Moment(a, b, text=f"Shot {i}")
        for i, (a, b) in enumerate(zip(starts_s, [*cuts_s, clip.duration_s], strict=True), 1)
    ]
    nearness = BoundaryRecall(seconds=(0.5, 1), thresholds=(0.5,), skip_first=True)
    blind = equal_parts(clip.duration_s, len(mined))
    found, chance = (nearness([said], [mined]) for said in (shots, blind))
    story = Soda("same_words")([shots], [mined])["SODA_c (same words)"]
    return Demo(
        {
            "chapters": float(len(mined)),
            "shots": float(len(shots)),
            "recall_1s_percent": 100 * found["Recall@1s"],
            "recall_half_s_percent": 100 * found["Recall@0.5s"],
            "equal_parts_recall_half_s_percent": 100 * chance["Recall@0.5s"],
            "recall_half_iou_percent": 100 * found["Recall@0.5"],
            "soda_same_words_percent": 100 * story,
        }
    )
