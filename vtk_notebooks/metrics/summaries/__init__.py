"""Metrics of summaries: a film in a few of its snippets."""
