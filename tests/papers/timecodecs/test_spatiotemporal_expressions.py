import pytest


@pytest.mark.weights
def test_the_best_moment_meets_the_time_no_worse_than_without_it(on_bikes):
    done = on_bikes("spatiotemporal_expressions")
    assert done.numbers["expressions"] == 1
    assert done.run.query.text == "a person riding a bicycle"
    assert 0 <= done.numbers["fit_before"] <= done.numbers["fit_after"] <= 1
    scores = [m.score for m in done.run.moments]
    assert scores == sorted(scores, reverse=True)
