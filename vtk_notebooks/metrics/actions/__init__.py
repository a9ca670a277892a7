"""Metrics of actions: which ones a film shows, and in which of its frames."""
