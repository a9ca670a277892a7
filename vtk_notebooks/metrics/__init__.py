"""Metrics: answers against the truth. Pure functions, and one thin class each.

Every class returns `Estimate`s by their published names and has an `example()`: a tiny case in
which everything is right.
"""

from vtk_notebooks.metrics.actions.localisation_map import LocalisationMap as LocalisationMap
from vtk_notebooks.metrics.actions.multilabel_map import MultilabelMap as MultilabelMap
from vtk_notebooks.metrics.captions.audio_score import AudioScore as AudioScore
from vtk_notebooks.metrics.captions.boundary_recall import BoundaryRecall as BoundaryRecall
from vtk_notebooks.metrics.captions.dense_detection import DenseDetection as DenseDetection
from vtk_notebooks.metrics.captions.entity_score import EntityScore as EntityScore
from vtk_notebooks.metrics.captions.live_dialogue import LiveDialogue as LiveDialogue
from vtk_notebooks.metrics.captions.magqa import MAGQA as MAGQA
from vtk_notebooks.metrics.captions.sentence_scores import SentenceScores as SentenceScores
from vtk_notebooks.metrics.captions.soda import Soda as Soda
from vtk_notebooks.metrics.captions.vdc_score import VDCScore as VDCScore
from vtk_notebooks.metrics.generation.av_align import AvAlign as AvAlign
from vtk_notebooks.metrics.generation.quality_levels import QualityLevels as QualityLevels
from vtk_notebooks.metrics.generation.stream import Stream as Stream
from vtk_notebooks.metrics.generation.transition_completion import Transitions as Transitions
from vtk_notebooks.metrics.moments.haystack import Haystack as Haystack
from vtk_notebooks.metrics.moments.highlight_map import HighlightMap as HighlightMap
from vtk_notebooks.metrics.moments.misses import Misses as Misses
from vtk_notebooks.metrics.moments.moment_map import MomentMap as MomentMap
from vtk_notebooks.metrics.moments.recall import Recall as Recall
from vtk_notebooks.metrics.questions.dialogue_chains import DialogueChains as DialogueChains
from vtk_notebooks.metrics.questions.et_bench import EtBench as EtBench
from vtk_notebooks.metrics.questions.example_votes import ExampleVotes as ExampleVotes
from vtk_notebooks.metrics.questions.multiple_choice import MultipleChoice as MultipleChoice
from vtk_notebooks.metrics.questions.niavh import Niavh as Niavh
from vtk_notebooks.metrics.questions.ovbench import OVBench as OVBench
from vtk_notebooks.metrics.questions.proactive_timing import ProactiveTiming as ProactiveTiming
from vtk_notebooks.metrics.questions.referred_reasoning import LongVideoBench as LongVideoBench
from vtk_notebooks.metrics.questions.streaming_accuracy import StreamAccuracy as StreamAccuracy
from vtk_notebooks.metrics.questions.tempcompass import TempCompass as TempCompass
from vtk_notebooks.metrics.questions.v_star import VStar as VStar
from vtk_notebooks.metrics.questions.video_mme import VideoMME as VideoMME
from vtk_notebooks.metrics.questions.vnbench import VNBench as VNBench
from vtk_notebooks.metrics.retrieval.multi_event import MultiEvent as MultiEvent
from vtk_notebooks.metrics.scripts.event_order import EventOrder as EventOrder
from vtk_notebooks.metrics.scripts.hallucination import Hallucination as Hallucination
from vtk_notebooks.metrics.scripts.retrieve_reason import RetrieveReason as RetrieveReason
from vtk_notebooks.metrics.summaries.pareto_summaries import ParetoSummaries as ParetoSummaries
from vtk_notebooks.metrics.summaries.summary_terms import SummaryTerms as SummaryTerms
