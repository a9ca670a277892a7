"""Labs: films, puzzles and checks of the teaching notebooks in `notebooks/labs`."""

from vtk_notebooks.labs import lab0_inside_a_video_llm as lab0_inside_a_video_llm
from vtk_notebooks.labs import lab1_compress as lab1_compress
from vtk_notebooks.labs import lab2_time as lab2_time
from vtk_notebooks.labs import lab3_grounding as lab3_grounding
from vtk_notebooks.labs.mark import Mark as Mark
