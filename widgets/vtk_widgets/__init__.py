"""Notebook widgets: one Python class, one ESM file and one style sheet each.

`FramePlayer` plays what the model saw, `TokenMap` shows which token speaks for which cell,
`MomentTimeline` shows when, and `AttentionExplorer` what every word looks at, in every head. Give
them the same `Selection` and they move together; the next notebook cell reads what was picked from
it. `page` writes any of them as one offline HTML file.
"""

from vtk_widgets._export import page as page
from vtk_widgets._gallery import Gallery as Gallery
from vtk_widgets.ablation_bench import AblationBench as AblationBench
from vtk_widgets.attention_explorer import AttentionExplorer as AttentionExplorer
from vtk_widgets.error_browser import ErrorBrowser as ErrorBrowser
from vtk_widgets.frame_player import FramePlayer as FramePlayer
from vtk_widgets.model_picker import ModelPicker as ModelPicker
from vtk_widgets.moment_timeline import MomentTimeline as MomentTimeline
from vtk_widgets.paper_atlas import PaperAtlas as PaperAtlas
from vtk_widgets.parts.timeline.track import Track as Track
from vtk_widgets.selection import Selection as Selection
from vtk_widgets.token_map import TokenMap as TokenMap
from vtk_widgets.workbench import Workbench as Workbench
