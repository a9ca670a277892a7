"""Metrics of captions and dialogues: what was said of a film, and when it was said."""
