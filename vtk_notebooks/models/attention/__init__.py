"""Attention: looked at while the fused kernel runs, not instead of it."""

from vtk_notebooks.models.attention.capture import Capture as Capture
from vtk_notebooks.models.attention.capture import capture as capture
from vtk_notebooks.models.attention.layers import attention_layers as attention_layers
from vtk_notebooks.models.attention.maps import AttentionMap as AttentionMap
