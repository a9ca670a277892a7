"""Memories: bounded stores for a stream."""
