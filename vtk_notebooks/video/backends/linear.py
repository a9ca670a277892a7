"""Linear: decode everything from the start and pick what a viewer sees; slow, and plainly right.

The other backends are tested against this one, and fall back on it where a film is damaged. Damage
is decoded on one core, so that every look at it shows the same.
"""

from collections import deque
from collections.abc import Iterator

from av.video.frame import VideoFrame

from vtk_notebooks.video.container import playing, shown
from vtk_notebooks.video.facts import SLACK_S, Picture
from vtk_notebooks.video.job import Job
from vtk_notebooks.video.picture import painter


def read(job: Job) -> Iterator[tuple[float, Picture]]:
    """The last frame that starts at or before each wanted time; the first one if none does.

    A job without any times is an order for every frame.
    """
    given_s, paint = -1.0, painter(job.facts, job.size)
    for steady in (True,) if job.trouble else (False, True):
        with playing(job.source, job.facts, steady=steady) as (container, stream):
            every = shown(container, stream, job.facts, job.trouble)
            for time_s, frame in _seen(every, job) if job.times_s else every:
                job.step()
                if job.trouble and not steady:
                    break  # damage: from here on again, and the same every time
                if time_s > given_s:
                    given_s = time_s
                    yield time_s, paint(frame)
            else:
                return


def _seen(
    every: Iterator[tuple[float, VideoFrame]], job: Job
) -> Iterator[tuple[float, VideoFrame]]:
    wanted, held = deque(job.times_s), None
    for time_s, frame in every:
        job.step()
        if held and wanted[0] + SLACK_S < time_s:
            yield held
            while wanted and wanted[0] + SLACK_S < time_s:
                wanted.popleft()
            if not wanted:
                return
        held = time_s, frame
    if held:
        yield held
