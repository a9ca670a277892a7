"""Metrics of which: films for sentences, and sentences for films."""
