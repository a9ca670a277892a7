"""What a step cost: wall seconds, the memory it grew by, and the operations it did."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

_PERIOD_S = 0.005  # a stage shorter than this may show no growth: its memory never mattered
_TRACE_S = 0.01
_FINEST = 2000  # later on, a two-thousandth of the time so far: an hour has 12,000 looks


@dataclass
class Cost:
    """Filled in when the `with metered()` block ends.

    Args:
        seconds: wall time.
        peak_bytes: most the process grew above its size at the start (resident set), plus what
            torch allocated on a GPU where there is one. Memory reused from earlier steps does
            not show, so compare recipes by `Tokens` size and read this as "what extra was needed".
        trace: seconds since the start and growth in bytes, about every hundredth of a second; of a
            long block more rarely, so that looking stays small.
    """

    seconds: float = 0.0
    peak_bytes: int = 0
    trace: list[tuple[float, int]] = field(default_factory=list)


@contextmanager
def metered() -> Iterator[Cost]:
    """Measure the block; the result is in the yielded `Cost` once it ends."""
    import psutil

    process, cost, done = psutil.Process(), Cost(), threading.Event()
    start_bytes = process.memory_info().rss

    def look() -> None:
        grown, now_s = process.memory_info().rss - start_bytes, time.perf_counter() - start_s
        cost.peak_bytes = max(cost.peak_bytes, grown)
        if not cost.trace or now_s - cost.trace[-1][0] >= max(_TRACE_S, now_s / _FINEST):
            cost.trace.append((now_s, grown))

    def watch() -> None:
        while not done.wait(_PERIOD_S):
            look()

    watcher = threading.Thread(target=watch, daemon=True)
    gpu, start_s = _gpu_bytes(reset=True), time.perf_counter()
    watcher.start()
    try:
        yield cost
    finally:
        cost.seconds = time.perf_counter() - start_s
        done.set()
        watcher.join()
        look()
        cost.peak_bytes += _gpu_bytes() - gpu


def flops(work: Callable[[], object]) -> int:
    """Floating-point operations of `work`, which is done once; a multiply and an add are two.

    Counted are matrix products, convolutions, attention and the weighted sums that merges and
    pools are made of. What goes element by element (norms, softmax, comparisons) is not, so that a
    mechanism that only picks tokens has none.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    def sums(table: torch.Size, index: torch.Size, *_: object, **__: object) -> int:
        return 2 * index[0] * table[1]

    def attention(
        query: torch.Size, key: torch.Size, value: torch.Size, *_: object, **__: object
    ) -> int:
        return 2 * query[:-1].numel() * key[-2] * (key[-1] + value[-1])

    aten = torch.ops.aten
    more: dict[Any, Any] = dict.fromkeys(
        (aten._embedding_bag, aten._embedding_bag_forward_only), sums
    )
    more[aten._scaled_dot_product_flash_attention_for_cpu] = attention
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # one operation that nobody can look into
    try:
        with FlopCounterMode(display=False, custom_mapping=more) as counter:
            work()
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
    return int(counter.get_total_flops())


def _gpu_bytes(reset: bool = False) -> int:
    import torch

    if not torch.cuda.is_available():
        return 0
    if reset:
        torch.cuda.reset_peak_memory_stats()
        return torch.cuda.memory_allocated()
    return torch.cuda.max_memory_allocated()
