"""Mixers: tokens exchange information; as many come out as went in."""

from vtk_notebooks.mixers.absolute_time import AbsoluteTime as AbsoluteTime
from vtk_notebooks.mixers.bidirectional_ssm import BidirectionalSSM as BidirectionalSSM
from vtk_notebooks.mixers.causal_features import CausalFeatures as CausalFeatures
from vtk_notebooks.mixers.context_refiner import ContextRefiner as ContextRefiner
from vtk_notebooks.mixers.gated_cross_attention import GatedCrossAttention as GatedCrossAttention
from vtk_notebooks.mixers.language_aligned_pe import LanguageAlignedPE as LanguageAlignedPE
from vtk_notebooks.mixers.ntk_positions import NtkPositions as NtkPositions
from vtk_notebooks.mixers.temporal_adaptive_pe import TemporalAdaptivePE as TemporalAdaptivePE
