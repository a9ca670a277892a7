import pytest
import torch

from vtk_notebooks import Query
from vtk_notebooks.errors import ShapeError


def test_a_query_holds_a_vector_for_each_of_its_tokens():
    query = Query("a dog", torch.zeros(4), torch.zeros(2, 4), ("a", "dog"), "made")
    assert len(query.tokens) == len(query.words)
    with pytest.raises(ShapeError, match="one vector for each of 3 tokens"):
        Query("a dog", torch.zeros(4), torch.zeros(2, 4), ("a", "dog", "s"), "made")
