"""Attention patterns: which token may look at which, as a table of yes and no."""

from vtk_notebooks.generation.patterns.prefix_lm import PrefixLM as PrefixLM
