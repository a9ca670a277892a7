"""TimeSuite's position encoding on the weights of its released module."""

import torch

from vtk_notebooks.mixers.temporal_adaptive_pe import Tape

NAMES = {
    "linear_input": "enter", "linear_output": "leave", "fc.0": "across",
    "fc.1.layer_norm": "across_norm",
    "DwConv1": "down.0", "DwConv2": "down.1", "UpConv1": "up.0", "UpConv0": "up.1",
}  # fmt: skip
PARTS = {"0": "depth", "1": "point", "2.layer_norm": "norm"}


def ours(theirs: str) -> str:
    stem, _, leaf = theirs.removeprefix("sd.").rpartition(".")
    if stem in NAMES:
        return f"{NAMES[stem]}.{leaf}"
    block, _, part = stem.partition(".")
    return f"{NAMES[block]}.{PARTS[part]}.{leaf}"


def test_codes_are_those_of_the_authors_module(oracle):
    case = oracle("reference_values/timesuite_tape.npz")
    sizes = oracle("reference_values/timesuite_tape_meta.json")["args"]
    tape = Tape(
        sizes["input_dim"], sizes["output_dim"], merge=sizes["merge_len"],
        clips=sizes["clip_num"], mid=sizes["mid_dim"],
    )  # fmt: skip
    weights = {ours(k): torch.tensor(v) for k, v in case.items() if k.startswith("sd.")}
    tape.load_state_dict(weights)
    with torch.no_grad():
        out = tape.eval()(torch.tensor(case["x"]))
    torch.testing.assert_close(out, torch.tensor(case["y"]), atol=1e-6, rtol=1e-5)
