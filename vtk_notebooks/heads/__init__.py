"""Heads: tokens and a question to moments."""

from vtk_notebooks.heads.best_span import BestSpan as BestSpan
from vtk_notebooks.heads.conditional_masks import ConditionalMasks as ConditionalMasks
from vtk_notebooks.heads.cyclic_localiser import CyclicLocaliser as CyclicLocaliser
from vtk_notebooks.heads.event_captioner import EventCaptioner as EventCaptioner
from vtk_notebooks.heads.frame_match import FrameMatching as FrameMatching
from vtk_notebooks.heads.key_events import KeyEvents as KeyEvents
from vtk_notebooks.heads.memory_routed_decoder import MemoryRoutedDecoder as MemoryRoutedDecoder
from vtk_notebooks.heads.moment_map import MomentMap as MomentMap
from vtk_notebooks.heads.one_token_masks import OneTokenMasks as OneTokenMasks
from vtk_notebooks.heads.prompted_span import PromptedSpan as PromptedSpan
from vtk_notebooks.heads.reversed_recurrent import ReversedRecurrent as ReversedRecurrent
from vtk_notebooks.heads.sentence_queries import SentenceQueries as SentenceQueries
from vtk_notebooks.heads.soft_masks import SoftMasks as SoftMasks
from vtk_notebooks.heads.span_queries import SpanQueries as SpanQueries
from vtk_notebooks.heads.univtg import UniVTG as UniVTG
