"""Figures for papers: functions from runs to matplotlib figures. They never compute a mechanism.

`keep_map` shows what became of the tokens over the frames, `timeline` when things happen,
`attention_over_time` which seconds a word looks at, `tradeoff` quality against cost, `ablation` how
recipes of a sweep differ from one of them, `misses` what is wrong with answers, `code_errors` what
time codes cost, `loss_curve` how a head learned, `label_budgets` how it would have with less or
worse labels, `query_attention` what each query of a head looks at, `candidate_map` how all
stretches of a film scored, `table` the numbers. `save` writes a figure with its provenance inside,
`read_provenance` asks for it. `VENUES` knows how wide a column is.
"""

from vtk_notebooks.figures.answers.code_errors import code_errors as code_errors
from vtk_notebooks.figures.answers.misses import misses as misses
from vtk_notebooks.figures.answers.timeline import timeline as timeline
from vtk_notebooks.figures.attention.attention_over_time import (
    attention_over_time as attention_over_time,
)
from vtk_notebooks.figures.attention.candidate_map import candidate_map as candidate_map
from vtk_notebooks.figures.attention.query_attention import query_attention as query_attention
from vtk_notebooks.figures.numbers.ablation import ablation as ablation
from vtk_notebooks.figures.numbers.label_budgets import label_budgets as label_budgets
from vtk_notebooks.figures.numbers.loss_curve import loss_curve as loss_curve
from vtk_notebooks.figures.numbers.table import Table as Table
from vtk_notebooks.figures.numbers.table import table as table
from vtk_notebooks.figures.numbers.tradeoff import tradeoff as tradeoff
from vtk_notebooks.figures.palette import token_colours as token_colours
from vtk_notebooks.figures.points import Point as Point
from vtk_notebooks.figures.provenance import read_provenance as read_provenance
from vtk_notebooks.figures.provenance import save as save
from vtk_notebooks.figures.style import VENUES as VENUES
from vtk_notebooks.figures.style import PaperFigure as PaperFigure
from vtk_notebooks.figures.style import figure as figure
from vtk_notebooks.figures.style import panel as panel
from vtk_notebooks.figures.style import paper_style as paper_style
from vtk_notebooks.figures.tokens.keep_map import keep_map as keep_map
