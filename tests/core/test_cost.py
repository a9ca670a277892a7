import mmap
import threading
import time

import pytest

from vtk_notebooks.cost import metered

BYTES = 64 * 2**20


def test_time_and_memory_of_a_block_are_seen():
    # Fresh pages from the system: an allocator may hand out what earlier tests gave back.
    with metered() as cost, mmap.mmap(-1, BYTES) as block:
        block.write(b"\1" * BYTES)
        time.sleep(0.05)
    assert cost.seconds >= 0.05
    assert cost.peak_bytes >= 0.9 * BYTES


def test_an_error_inside_passes_and_the_watch_ends():
    before = threading.active_count()
    with pytest.raises(KeyError), metered():
        raise KeyError("inside")
    assert threading.active_count() == before
