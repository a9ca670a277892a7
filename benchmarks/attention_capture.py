"""Attention of a few rows: captured beside SDPA, against plain SDPA and eager `output_attentions`.

One language model's shape (12 layers, 14 heads, 896 channels, random weights), one thread, prompts
of 1,024 and 4,096 positions; 16 rows of all heads are asked for. Each way runs in a process of its
own, so that its peak memory is its own; the ways take turns, and ratios are of medians.

    python benchmarks/attention_capture.py [--positions 1024 4096] [--runs 3]
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time

WAYS = ("sdpa", "capture", "eager")
ROWS = 16


def once(way: str, positions: int) -> dict[str, float]:
    """Seconds and memory of one forward pass, in this process."""
    import torch
    from transformers import Qwen2Config, Qwen2Model

    from vtk_notebooks.models.attention import capture

    torch.set_num_threads(1)
    torch.manual_seed(0)
    config = Qwen2Config(
        hidden_size=896, intermediate_size=2432, num_hidden_layers=12, num_attention_heads=14,
        num_key_value_heads=2, vocab_size=1000,
    )  # fmt: skip
    implementation = "eager" if way == "eager" else "sdpa"
    model = Qwen2Model._from_config(config, attn_implementation=implementation).eval()
    ids = torch.arange(positions)[None] % 1000
    with torch.inference_mode():
        model(input_ids=ids[:, :64])  # lazy set-up
        before, start_s = _peak_bytes(), time.process_time()
        if way == "capture":
            with capture(model, rows=range(-ROWS, 0)):
                model(input_ids=ids, use_cache=False)
        else:
            model(input_ids=ids, use_cache=False, output_attentions=way == "eager")
    return {"cpu_s": time.process_time() - start_s, "bytes": _peak_bytes() - before}


def _peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    reader = argparse.ArgumentParser()
    reader.add_argument("--positions", type=int, nargs="+", default=[1024, 4096])
    reader.add_argument("--runs", type=int, default=3)
    reader.add_argument("--once", nargs=2)
    asked = reader.parse_args()
    if asked.once:
        print(json.dumps(once(asked.once[0], int(asked.once[1]))))
        return
    print(f"{'positions':>9} {'way':>8} {'CPU s':>8} {'x SDPA':>7} {'memory MB':>10} {'x SDPA':>7}")
    for positions in asked.positions:
        told: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(asked.runs):
            for way in WAYS:
                command = [sys.executable, __file__, "--once", way, str(positions)]
                said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                told[way].append(json.loads(said.splitlines()[-1]))
        middle = {
            way: {k: statistics.median(run[k] for run in runs) for k in runs[0]}
            for way, runs in told.items()
        }
        for way, found in middle.items():
            time_x, memory_x = (found[k] / middle["sdpa"][k] for k in ("cpu_s", "bytes"))
            print(
                f"{positions:>9} {way:>8} {found['cpu_s']:>8.2f} {time_x:>7.2f}"
                f" {found['bytes'] / 1e6:>10.0f} {memory_x:>7.2f}"
            )


if __name__ == "__main__":
    main()
