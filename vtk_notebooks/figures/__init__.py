"""Figures for papers: functions from runs to matplotlib figures. They never compute a mechanism.

Of tokens: `teaser`, `keep_map`, `merge_groups`, `token_budget`. Of attention: `word_time`,
`attention_over_time`, `attention_on_frames`, `query_attention`, `candidate_map`. Of answers:
`timeline` (of runs), `timelines` (of models), `misses`, `error_breakdown`, `code_errors`. Of
numbers: `tradeoff`, `ablation`, `memory_over_time`, `loss_curve`, `label_budgets`, `table`.

`save` writes a figure with its provenance inside, `read_provenance` asks for it, `remake` draws it
again and says what has changed. `VENUES` knows how wide a column is.
"""

from vtk_notebooks.figures.answers.code_errors import code_errors as code_errors
from vtk_notebooks.figures.answers.error_breakdown import error_breakdown as error_breakdown
from vtk_notebooks.figures.answers.misses import misses as misses
from vtk_notebooks.figures.answers.timeline import timeline as timeline
from vtk_notebooks.figures.answers.timelines import timelines as timelines
from vtk_notebooks.figures.attention.attention_on_frames import (
    attention_on_frames as attention_on_frames,
)
from vtk_notebooks.figures.attention.attention_over_time import (
    attention_over_time as attention_over_time,
)
from vtk_notebooks.figures.attention.candidate_map import candidate_map as candidate_map
from vtk_notebooks.figures.attention.query_attention import query_attention as query_attention
from vtk_notebooks.figures.attention.word_time import word_time as word_time
from vtk_notebooks.figures.numbers.ablation import ablation as ablation
from vtk_notebooks.figures.numbers.atlas_map import atlas_map as atlas_map
from vtk_notebooks.figures.numbers.label_budgets import label_budgets as label_budgets
from vtk_notebooks.figures.numbers.loss_curve import loss_curve as loss_curve
from vtk_notebooks.figures.numbers.memory_over_time import Trace as Trace
from vtk_notebooks.figures.numbers.memory_over_time import memory_over_time as memory_over_time
from vtk_notebooks.figures.numbers.table import Table as Table
from vtk_notebooks.figures.numbers.table import table as table
from vtk_notebooks.figures.numbers.tradeoff import tradeoff as tradeoff
from vtk_notebooks.figures.palette import token_colours as token_colours
from vtk_notebooks.figures.points import Point as Point
from vtk_notebooks.figures.provenance import read_provenance as read_provenance
from vtk_notebooks.figures.provenance import save as save
from vtk_notebooks.figures.remaking.remake import Remade as Remade
from vtk_notebooks.figures.remaking.remake import remake as remake
from vtk_notebooks.figures.style import VENUES as VENUES
from vtk_notebooks.figures.style import PaperFigure as PaperFigure
from vtk_notebooks.figures.style import figure as figure
from vtk_notebooks.figures.style import panel as panel
from vtk_notebooks.figures.style import paper_style as paper_style
from vtk_notebooks.figures.tokens.keep_map import keep_map as keep_map
from vtk_notebooks.figures.tokens.merge_groups import merge_groups as merge_groups
from vtk_notebooks.figures.tokens.teaser import teaser as teaser
from vtk_notebooks.figures.tokens.token_budget import token_budget as token_budget
