"""Attention: looked at while the fused kernel runs, not instead of it.

`capture` takes maps of chosen layers, heads and rows; `mean`, `most`, `rollout` and `relevance`
join layers, `relevance_of_answer` for what a model is about to say; `find_sinks` and
`without_sinks` show what hides the rest; `words_to_video`, `video_to_words` and
`frames_to_frames` give seconds and pixels; `tiled` lets a map of any size be browsed, and
`mean_rows`, `most_rows` and `rollout_rows` join its layers for chosen rows; `without_heads`,
`without_keys`, `patched` and `recorded` change a run for as long as a `with` lasts, and
`positions_of_frames` says which keys a frame is. What they give knows its own axes: layers, heads,
rows, words, seconds, cells.
"""

from vtk_notebooks.models.attention.across_layers import mean as mean
from vtk_notebooks.models.attention.across_layers import most as most
from vtk_notebooks.models.attention.across_layers import relevance as relevance
from vtk_notebooks.models.attention.across_layers import rollout as rollout
from vtk_notebooks.models.attention.across_tiles import mean_rows as mean_rows
from vtk_notebooks.models.attention.across_tiles import most_rows as most_rows
from vtk_notebooks.models.attention.across_tiles import rollout_rows as rollout_rows
from vtk_notebooks.models.attention.capture import Capture as Capture
from vtk_notebooks.models.attention.capture import capture as capture
from vtk_notebooks.models.attention.interventions import patched as patched
from vtk_notebooks.models.attention.interventions import recorded as recorded
from vtk_notebooks.models.attention.interventions import without_heads as without_heads
from vtk_notebooks.models.attention.interventions import without_keys as without_keys
from vtk_notebooks.models.attention.layers import attention_layers as attention_layers
from vtk_notebooks.models.attention.maps import AttentionMap as AttentionMap
from vtk_notebooks.models.attention.maps import JoinedMap as JoinedMap
from vtk_notebooks.models.attention.of_answer import relevance_of_answer as relevance_of_answer
from vtk_notebooks.models.attention.sinks import WithoutSinks as WithoutSinks
from vtk_notebooks.models.attention.sinks import find_sinks as find_sinks
from vtk_notebooks.models.attention.sinks import without_sinks as without_sinks
from vtk_notebooks.models.attention.tiles import AttentionTiles as AttentionTiles
from vtk_notebooks.models.attention.tiles import tiled as tiled
from vtk_notebooks.models.attention.where import FramesToFrames as FramesToFrames
from vtk_notebooks.models.attention.where import VideoToWords as VideoToWords
from vtk_notebooks.models.attention.where import WordsToVideo as WordsToVideo
from vtk_notebooks.models.attention.where import frames_to_frames as frames_to_frames
from vtk_notebooks.models.attention.where import positions_of_frames as positions_of_frames
from vtk_notebooks.models.attention.where import video_to_words as video_to_words
from vtk_notebooks.models.attention.where import words_to_video as words_to_video
