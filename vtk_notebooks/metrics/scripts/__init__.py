"""Metrics of film scripts: what was made up, in which order things happen, and what was meant."""
