"""Metrics of made films: whether they do what was asked, move and sound right, and look well."""
