"""Baselines that every compressor must beat."""
