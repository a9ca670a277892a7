import numpy as np

from vtk_notebooks.statistics import pareto


def test_of_two_that_cost_the_same_the_better_one_is_on_the_front():
    spots = np.array([[2.0, 0.5], [1.0, 0.3], [1.0, 0.4], [3.0, 0.5]])
    assert pareto(spots).tolist() == [[1.0, 0.4], [2.0, 0.5]]
