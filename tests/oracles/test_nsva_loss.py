"""The loss of temporal video-text alignment, as its released code computes it."""

import pytest
import torch

from vtk_notebooks.objectives.multi_positive_nce import multi_positive_nce


def test_the_loss_is_that_of_the_authors_code(oracle):
    case = oracle("reference_values/nsva_similarity_loss.json")
    shown, gone = torch.tensor(case["time_mask"]), torch.tensor(case["vis_pad"])
    films, sentences, frames = shown.shape
    positive = torch.zeros(films, sentences, films, frames, dtype=torch.bool)
    for film in range(films):
        positive[film, :, film] = shown[film]
    loss = multi_positive_nce(
        torch.tensor(case["sim"]),
        positive.view(films * sentences, films * frames),
        ~torch.tensor(case["text_pad"]).flatten(),
        ~gone.flatten(),
    )
    assert loss.item() == pytest.approx(case["loss"], rel=1e-6)
