"""Compressors: tokens to fewer tokens, with exact provenance; one file each."""

from vtk_notebooks.compressors.bipartite_merge import BipartiteMerge as BipartiteMerge
from vtk_notebooks.compressors.prompt_guided_pool import PromptGuidedPool as PromptGuidedPool
from vtk_notebooks.compressors.random_tokens import RandomTokens as RandomTokens
from vtk_notebooks.compressors.segment_pack import SegmentPack as SegmentPack
from vtk_notebooks.compressors.slow_fast import SlowFast as SlowFast
from vtk_notebooks.compressors.token_shuffle import TokenShuffle as TokenShuffle
from vtk_notebooks.compressors.uniform import Uniform as Uniform
