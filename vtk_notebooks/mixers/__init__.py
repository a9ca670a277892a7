"""Mixers: tokens exchange information; as many come out as went in."""

from vtk_notebooks.mixers.temporal_adaptive_pe import TemporalAdaptivePE as TemporalAdaptivePE
