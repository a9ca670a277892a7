"""Encoders: frames to tokens, one file per mechanism."""

from vtk_notebooks.encoders.adapter import Adapter as Adapter
from vtk_notebooks.encoders.conse import ConSE as ConSE
from vtk_notebooks.encoders.dinov2 import DINOv2 as DINOv2
from vtk_notebooks.encoders.interleaved_subclips import InterleavedSubclips as InterleavedSubclips
from vtk_notebooks.encoders.layer_classes import LayerClasses as LayerClasses
from vtk_notebooks.encoders.long_text import LongText as LongText
from vtk_notebooks.encoders.pad_prompt import PadPrompt as PadPrompt
