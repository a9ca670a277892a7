"""Compressors: tokens to fewer tokens, with exact provenance; one file each."""

from vtk_notebooks.compressors.baselines.centre_crop import CentreCrop as CentreCrop
from vtk_notebooks.compressors.baselines.first_tokens import FirstTokens as FirstTokens
from vtk_notebooks.compressors.baselines.random_tokens import RandomTokens as RandomTokens
from vtk_notebooks.compressors.baselines.uniform import Uniform as Uniform
from vtk_notebooks.compressors.merge.bipartite_merge import BipartiteMerge as BipartiteMerge
from vtk_notebooks.compressors.pool.adaptive_pool import AdaptivePool as AdaptivePool
from vtk_notebooks.compressors.pool.image_grid import ImageGrid as ImageGrid
from vtk_notebooks.compressors.pool.pool_3d import Pool3d as Pool3d
from vtk_notebooks.compressors.pool.spatial_pool import SpatialPool as SpatialPool
from vtk_notebooks.compressors.pool.temporal_pool import TemporalPool as TemporalPool
from vtk_notebooks.compressors.pool.temporal_stride import TemporalStride as TemporalStride
from vtk_notebooks.compressors.pool.token_shuffle import TokenShuffle as TokenShuffle
from vtk_notebooks.compressors.resample.learned_query_resampler import LearnedQuery as LearnedQuery
from vtk_notebooks.compressors.resample.local_attention_downsample import LocalPooler as LocalPooler
from vtk_notebooks.compressors.resample.region_packer import RegionPacker as RegionPacker
from vtk_notebooks.compressors.resample.segment_pack import SegmentPack as SegmentPack
from vtk_notebooks.compressors.resample.slot_sampler import SlotSampler as SlotSampler
from vtk_notebooks.compressors.resample.slow_fast import SlowFast as SlowFast
from vtk_notebooks.compressors.resample.static_plus_context import StaticContext as StaticContext
from vtk_notebooks.compressors.route.global_local import GlobalLocal as GlobalLocal
from vtk_notebooks.compressors.route.keyframe_token_drop import KeyframeDrop as KeyframeDrop
from vtk_notebooks.compressors.route.random_token_drop import RandomTokenDrop as RandomTokenDrop
from vtk_notebooks.compressors.select.prompt_guided_pool import PromptGuidedPool as PromptGuidedPool
