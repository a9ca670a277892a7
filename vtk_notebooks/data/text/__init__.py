"""Plain-text annotations: numbers, clock times, cues, and what is kept as written."""
