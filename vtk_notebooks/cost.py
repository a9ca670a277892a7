"""What a step cost: wall seconds and the memory it grew by, measured while it ran."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_PERIOD_S = 0.005  # a stage shorter than this may show no growth: its memory never mattered


@dataclass
class Cost:
    """Filled in when the `with metered()` block ends.

    Args:
        seconds: wall time.
        peak_bytes: most the process grew above its size at the start (resident set), plus what
            torch allocated on a GPU where there is one. Memory reused from earlier steps does
            not show, so compare recipes by `Tokens` size and read this as "what extra was needed".
    """

    seconds: float = 0.0
    peak_bytes: int = 0


@contextmanager
def metered() -> Iterator[Cost]:
    """Measure the block; the result is in the yielded `Cost` once it ends."""
    import psutil

    process, cost, done = psutil.Process(), Cost(), threading.Event()
    start_bytes = process.memory_info().rss

    def watch() -> None:
        while not done.wait(_PERIOD_S):
            cost.peak_bytes = max(cost.peak_bytes, process.memory_info().rss - start_bytes)

    watcher = threading.Thread(target=watch, daemon=True)
    gpu, start_s = _gpu_bytes(reset=True), time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - start_s
        done.set()
        watcher.join()
        cost.peak_bytes = max(cost.peak_bytes, process.memory_info().rss - start_bytes)
        cost.peak_bytes += _gpu_bytes() - gpu


def _gpu_bytes(reset: bool = False) -> int:
    import torch

    if not torch.cuda.is_available():
        return 0
    if reset:
        torch.cuda.reset_peak_memory_stats()
        return torch.cuda.memory_allocated()
    return torch.cuda.max_memory_allocated()
