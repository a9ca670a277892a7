"""Decoding: our sampling beside decord and plain PyAV, all in the same run.

Run `python benchmarks/decode.py` (about two minutes), or with `--quick` for a short small film. It
makes its own film, checks that everybody gives the same frames, takes turns so that a busy machine
is unfair to all alike, and prints the best times of each and their ratios to ours: seconds on the
clock, and seconds of computing on all cores, which other programs disturb less.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from decord import VideoReader

from vtk_notebooks.video import gallery_film, open_clip

Frames = list[np.ndarray]


def main() -> None:
    """Make the film, let everybody read it, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="6 s of 320x180, not 60 s of 720p")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    asked = parser.parse_args()
    seconds, size = (6, (180, 320)) if asked.quick else (60, (720, 1280))
    with tempfile.TemporaryDirectory() as folder:
        path = film(Path(folder) / "film.mp4", seconds, size)
        print(f"{seconds} s of {size[1]}x{size[0]} at 25 Hz, {path.stat().st_size / 1e6:.1f} MB")
        print("frames  reader                clock, s  / ours  cores, s  / ours")
        for count in (8, 64):
            at_s = [i * seconds / count for i in range(count)]
            best = compare(path, at_s, asked.rounds)
            clock, cores = best["ours"]
            for name, (a, b) in best.items():
                line = f"{a:>10.3f}{a / clock:>8.2f}{b:>10.3f}{b / cores:>8.2f}"
                print(f"{count:>6}  {name:<20}{line}")


def film(path: Path, seconds: int, size: tuple[int, int]) -> Path:
    """A cartoon, forwards and backwards, as x264 writes films by default: B-frames, long groups."""
    with open_clip(gallery_film("bigbuckbunny")) as cartoon:
        frames = [frame for _, frame in cartoon.frames(short_side=size[0])]
    circle = frames + frames[-2:0:-1]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("h264", rate=25, options={"preset": "veryfast"})
        stream.height, stream.width, stream.pix_fmt = *size, "yuv420p"
        for number in range(25 * seconds):
            frame = av.VideoFrame.from_ndarray(circle[number % len(circle)], format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def compare(path: Path, at_s: list[float], rounds: int) -> dict[str, tuple[float, ...]]:
    """Best seconds on the clock and best seconds of computing, for each reader."""
    best: dict[str, tuple[float, ...]] = {}
    truth = ours(path, at_s)
    for _ in range(rounds):
        for name, read in READERS.items():
            if name == "PyAV, a seek each" and len(at_s) > 8:
                continue  # minutes
            start, work = time.perf_counter(), time.process_time()
            frames = read(path, at_s)
            spent = time.perf_counter() - start, time.process_time() - work
            best[name] = tuple(map(min, best.get(name, spent), spent))
            if not all((a == b).all() for a, b in zip(frames, truth, strict=True)):
                raise SystemExit(f"{name} gives other frames")
    return best


def ours(path: Path, at_s: list[float]) -> Frames:
    with open_clip(path) as opened:
        return list(opened.sample(times_s=at_s).frames)


def decord(path: Path, at_s: list[float]) -> Frames:
    reader = VideoReader(str(path))
    times_s = reader.get_frame_timestamp(np.arange(len(reader)))[:, 0]
    numbers = np.searchsorted(times_s, np.array(at_s) + 1e-4, side="right") - 1
    return list(reader.get_batch(numbers).asnumpy())


def linear(path: Path, at_s: list[float]) -> Frames:
    wanted, held, found = list(at_s), None, []
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for frame in container.decode(video=0):
            while wanted and held is not None and frame.time > wanted[0] + 1e-6:
                found.append(held.to_ndarray(format="rgb24"))
                wanted.pop(0)
            if not wanted:
                return found
            held = frame
    return [*found, *(held.to_ndarray(format="rgb24") for _ in wanted if held is not None)]


def seeking(path: Path, at_s: list[float]) -> Frames:
    return [linear_from(path, time_s) for time_s in at_s]


def linear_from(path: Path, time_s: float) -> np.ndarray:
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        container.seek(int(time_s * 1e6))
        held = next(container.decode(video=0))
        for frame in container.decode(video=0):
            if frame.time > time_s + 1e-6:
                break
            held = frame
        return held.to_ndarray(format="rgb24")


READERS: dict[str, Callable[[Path, list[float]], Frames]] = {
    "ours": ours,
    "decord": decord,
    "PyAV, a seek each": seeking,
    "PyAV, everything": linear,
}


if __name__ == "__main__":
    main()
