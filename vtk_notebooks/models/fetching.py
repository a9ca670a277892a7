"""Fetching: a snapshot of the hub, told byte by byte, that can be stopped at any time.

The hub's own client does it, into its own cache, in a thread beside: so an interrupt reaches us at
once and not after the last of several gigabytes. What has come by then stays in that cache as
".incomplete" files, which nobody takes for whole, and the next call goes on from there.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tqdm import tqdm

from vtk_notebooks.models.steps import Steps

WANTED: tuple[str, ...] = ("*.json", "*.safetensors", "*.txt", "*.model", "*.jinja", "README.md")
"""Only what is needed to load safetensors."""
LOOK_S = 0.1
"""Between two looks at how far it is."""


class Stopped(Exception):
    """Raised in the threads of a download that nobody waits for any more."""


class Count:
    """Bytes that have come, and how many there are to come; shared between threads."""

    def __init__(self) -> None:
        self.stop, self.bars = Event(), list[tqdm]()

    def bar(self) -> type[tqdm]:
        """A silent tqdm class, which the hub's client moves; it ends the thread when told to."""
        count = self

        class Bar(tqdm):
            monitor_interval = 0  # no thread that wakes sleeping bars

            def __init__(self, *args: Any, **more: Any) -> None:
                kept = {k: more[k] for k in ("total", "initial", "unit") if k in more}
                super().__init__(*args, **kept, file=_Nowhere())
                if self.unit == "B":
                    count.bars.append(self)

            def update(self, n: float | int | None = 1) -> bool | None:
                if count.stop.is_set():
                    raise Stopped
                return super().update(n)

        return Bar

    @property
    def done(self) -> tuple[int, int]:
        """Bytes so far, and of all files that were begun; the client counts them in two ways."""
        so_far = max((int(bar.n) for bar in self.bars), default=0)
        return so_far, max((int(bar.total or 0) for bar in self.bars), default=0)


def fetched(id: str, revision: str | None, steps: Steps) -> Path:
    """The folder of a commit in the hub's cache; errors are the hub client's own."""
    from huggingface_hub import snapshot_download

    count = Count()
    bar: Any = count.bar()

    def download() -> str:
        return snapshot_download(id, revision=revision, allow_patterns=[*WANTED], tqdm_class=bar)

    def look() -> None:
        done, total = count.done
        if total:
            steps("fetch", done, total)
        else:
            steps("find", 0, 1)

    return Path(beside(download, look, count.stop))


def beside(work: Callable[[], str], look: Callable[[], None], stop: Event) -> str:
    """What `work` gives, done in a thread beside; `look` is called meanwhile and may raise.

    Args:
        work: ends soon after `stop` was set.
        look: called about ten times a second, and once at the end.
        stop: set when `look` raises, or when somebody interrupts.
    """
    made, failed = list[str](), list[BaseException]()

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=run, name="vtk-fetch", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            look()
            thread.join(LOOK_S)
        look()
    except BaseException:
        stop.set()
        raise
    if failed:
        raise failed[0]
    return made[0]


class _Nowhere:
    """A file that takes everything: the bars are for counting."""

    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass
