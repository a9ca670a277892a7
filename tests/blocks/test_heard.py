import pytest
import torch

from vtk_notebooks.blocks import heard as module
from vtk_notebooks.blocks.heard import heard


@pytest.mark.parametrize("at_once", [1, 2**22])
@pytest.mark.parametrize("causal", [False, True])
def test_computed_tokens_heard_of_their_own_part_and_others_of_none(monkeypatch, causal, at_once):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    step, share = heard(torch.tensor([[0, 2], [4, 5]]), 6, causal)
    expected = {0: [0, 2], 1: [1], 2: [0, 2], 3: [3], 4: [4, 5], 5: [4, 5]}
    expected |= {0: [0], 4: [4]} if causal else {}
    assert step.tolist() == [[new, old] for new, olds in sorted(expected.items()) for old in olds]
    assert (share == 1).all()
