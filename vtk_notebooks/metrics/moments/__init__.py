"""Metrics of when: moments, highlights, and what was missed."""
