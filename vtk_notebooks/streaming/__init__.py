"""Streaming: a film comes in frame by frame; what is remembered of it, and when to speak."""
