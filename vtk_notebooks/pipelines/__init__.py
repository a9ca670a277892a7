"""Pipelines: films in, answers out; models are handed in as functions."""

from vtk_notebooks.pipelines.asynchronous_reply import AsynchronousReply as AsynchronousReply
from vtk_notebooks.pipelines.grid_answer import GridAnswer as GridAnswer
from vtk_notebooks.pipelines.perceive_remember_reason import (
    PerceiveRememberReason as PerceiveRememberReason,
)
from vtk_notebooks.pipelines.segment_thoughts import SegmentThoughts as SegmentThoughts
from vtk_notebooks.pipelines.time_expressions import TimeExpressions as TimeExpressions
