"""Memories: what is kept of a stream, in a size that does not grow with it."""

from vtk_notebooks.streaming.memory.clip_memory import ClipMemory as ClipMemory
from vtk_notebooks.streaming.memory.kv_retrieval import KvRetrieval as KvRetrieval
from vtk_notebooks.streaming.memory.propagated import PropagatedMemory as PropagatedMemory
from vtk_notebooks.streaming.memory.pyramid import PyramidMemory as PyramidMemory
from vtk_notebooks.streaming.memory.recurrent_bridge import RecurrentBridge as RecurrentBridge
from vtk_notebooks.streaming.memory.star import StarMemory as StarMemory
