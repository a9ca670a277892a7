"""Blocks: what several mechanisms are built of, and none of them owns."""
