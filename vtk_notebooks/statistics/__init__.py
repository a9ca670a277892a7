"""Statistics: how sure an aggregate is, and whether two systems really differ."""

from vtk_notebooks.statistics.estimate import Estimate as Estimate
from vtk_notebooks.statistics.estimate import as_floats as as_floats
from vtk_notebooks.statistics.front import pareto as pareto
from vtk_notebooks.statistics.holm import holm as holm
from vtk_notebooks.statistics.intervals import LEVEL as LEVEL
from vtk_notebooks.statistics.intervals import bootstrap as bootstrap
from vtk_notebooks.statistics.intervals import wilson as wilson
from vtk_notebooks.statistics.paired import Comparison as Comparison
from vtk_notebooks.statistics.paired import compare as compare
from vtk_notebooks.statistics.paired import permutation_p as permutation_p
