"""Comparison: compressors side by side at the same budget; time codes on the same annotations."""

from vtk_notebooks.comparison.answering import Answerer as Answerer
from vtk_notebooks.comparison.answering import Asked as Asked
from vtk_notebooks.comparison.ceilings import Annotation as Annotation
from vtk_notebooks.comparison.ceilings import ErrorCurve as ErrorCurve
from vtk_notebooks.comparison.ceilings import ceilings as ceilings
from vtk_notebooks.comparison.ceilings import error_curve as error_curve
from vtk_notebooks.comparison.ceilings import published_codes as published_codes
from vtk_notebooks.comparison.fair import fitted as fitted
from vtk_notebooks.comparison.fair import within as within
from vtk_notebooks.comparison.kept import frames_touched as frames_touched
from vtk_notebooks.comparison.kept import mass_kept as mass_kept
from vtk_notebooks.comparison.kept import rebuilding_error as rebuilding_error
from vtk_notebooks.comparison.kept import rebuilt as rebuilt
from vtk_notebooks.comparison.side_by_side import compare as compare
from vtk_notebooks.comparison.side_by_side import compare_tokens as compare_tokens
from vtk_notebooks.comparison.verdict import SideBySide as SideBySide
from vtk_notebooks.comparison.verdict import Verdict as Verdict
