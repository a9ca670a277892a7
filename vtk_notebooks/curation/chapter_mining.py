"""Chapter mining: what an uploader typed under a video, as titled stretches of the film.

After "VidChapters-7M: Video Chapters at Scale" (Yang et al., 2023, arXiv:2309.13952). Descriptions
are read by `data.parse_chapters`, which says where it is stricter than the paper's. As there, a
chapter ends where the next one starts and the last one with the film, and a stretch that does not
lie in the film is left out: the list may be of another cut of it.

What differs: the paper also leaves out films whose titles have no letters, and asks uploaders'
videos for speech; neither is here. Most descriptions list no chapters: the answer is then empty.
"""

from dataclasses import dataclass

from vtk_notebooks.data import Sample, parse_chapters
from vtk_notebooks.errors import VtkError
from vtk_notebooks.moment import Moment
from vtk_notebooks.registry import register


@register(
    "curation",
    "chapter_mining",
    title="Chapter mining",
    paper="VidChapters-7M: Video Chapters at Scale",
    year=2023,
    arxiv="2309.13952",
    atlas=("vidchapters",),
)
@dataclass(frozen=True)
class ChapterMining:
    """From a description to the chapters of its film.

    Args:
        least: chapters below which a film is not kept.
    """

    least: int = 2

    def __call__(self, description: str, duration_s: float | int) -> list[Moment]:
        """Chapters in time, each with its title; none where the description lists none.

        Args:
            description: as typed; anything may stand around the list.
            duration_s: of the film.
        """
        if not duration_s > 0:
            raise VtkError("chapter_mining", "a film longer than 0 s", f"{duration_s} s")
        listed = Sample("", duration_s=duration_s, chapters=parse_chapters(description) or ())
        inside = [span for span in listed.chapter_spans if span.end_s <= duration_s]
        found = [span.moment for span in inside]
        chapters = [moment for moment in found if moment]  # an empty stretch is none
        return chapters if len(chapters) >= self.least else []

    @classmethod
    def example(cls) -> tuple[str, float]:
        """A description with a greeting, three chapters and a link, of a film of 15 minutes."""
        lines = ["Welcome back!", "0:00 Intro", "1:15 - Unboxing!", "(12:03) Final thoughts"]
        return "\n".join([*lines, "https://example.org/0:00"]), 900.0
