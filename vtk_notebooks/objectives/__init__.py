"""Objectives: what training minimises. They take tensors and know no model."""

from vtk_notebooks.objectives.appearance_statistics import (
    AppearanceStatistics as AppearanceStatistics,
)
from vtk_notebooks.objectives.commonsense_captions import CommonsenseCaptions as CommonsenseCaptions
from vtk_notebooks.objectives.cycle_caption import CycleCaption as CycleCaption
from vtk_notebooks.objectives.dynamic_injection import DynamicInjection as DynamicInjection
from vtk_notebooks.objectives.event_captions import EventCaptions as EventCaptions
from vtk_notebooks.objectives.geodesic_contrastive import GeodesicContrastive as GeodesicContrastive
from vtk_notebooks.objectives.glance_gaussian import GlanceGaussian as GlanceGaussian
from vtk_notebooks.objectives.group_contrastive import GroupContrastive as GroupContrastive
from vtk_notebooks.objectives.mask_prediction import MaskPrediction as MaskPrediction
from vtk_notebooks.objectives.masked_video import MaskedVideoLoss as MaskedVideoLoss
from vtk_notebooks.objectives.motion_statistics import MotionStatistics as MotionStatistics
from vtk_notebooks.objectives.multi_event import MultiEventLoss as MultiEventLoss
from vtk_notebooks.objectives.multi_positive_nce import MultiPositiveNCE as MultiPositiveNCE
from vtk_notebooks.objectives.sampled_nce import SampledNCELoss as SampledNCELoss
from vtk_notebooks.objectives.set_prediction import SetPredictionLoss as SetPredictionLoss
from vtk_notebooks.objectives.shapley_interaction import ShapleyInteraction as ShapleyInteraction
from vtk_notebooks.objectives.soft_iou import SoftIoU as SoftIoU
from vtk_notebooks.objectives.soft_match import SoftMatch as SoftMatch
from vtk_notebooks.objectives.streaming_eos import StreamingEOS as StreamingEOS
from vtk_notebooks.objectives.switch_detection import SwitchDetection as SwitchDetection
from vtk_notebooks.objectives.symmetric_infonce import SymmetricInfoNCE as SymmetricInfoNCE
from vtk_notebooks.objectives.tdiou import TemporalDistanceIoU as TemporalDistanceIoU
from vtk_notebooks.objectives.transcript_sorting import TranscriptSorting as TranscriptSorting
from vtk_notebooks.objectives.univtg import UniVTGLoss as UniVTGLoss
