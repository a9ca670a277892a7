"""PyAV: decode only the key-frame groups that are needed, and of them only what is needed.

Where time stamps are missing or anything is damaged, the linear backend reads the rest.
"""

from collections.abc import Iterator

from vtk_notebooks.video.backends import linear
from vtk_notebooks.video.backends._walk import Astray, Walk
from vtk_notebooks.video.container import playing
from vtk_notebooks.video.facts import Picture
from vtk_notebooks.video.job import Job
from vtk_notebooks.video.picture import painter


def read(job: Job) -> Iterator[tuple[float, Picture]]:
    """What the linear backend gives, sooner."""
    given_s, facts, paint = -1.0, job.facts, painter(job.facts, job.size)
    try:
        with playing(job.source, facts) as (container, stream):
            for frame in Walk(container, stream, job).frames():
                given_s = float(facts.time_s(frame.pts or 0))
                yield given_s, paint(frame)
    except Astray:
        yield from (seen for seen in linear.read(job) if seen[0] > given_s)
