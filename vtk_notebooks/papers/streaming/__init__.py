"""Streaming: systems that watch a film frame by frame."""
