"""Made films: scenes of moving shapes, drawn exactly, with the whole truth about them.

A `Scene` says what happens, `render` draws it at one time, `make_film` draws a scene by lot, and a
`MadeFilm` holds both and knows everything. `write_film` (in `vtk_notebooks.video`) makes a file.
"""

from vtk_notebooks.video.synth.made import MadeFilm as MadeFilm
from vtk_notebooks.video.synth.made import make_film as make_film
from vtk_notebooks.video.synth.render import box as box
from vtk_notebooks.video.synth.render import render as render
from vtk_notebooks.video.synth.scene import Event as Event
from vtk_notebooks.video.synth.scene import Scene as Scene
from vtk_notebooks.video.synth.scene import Shape as Shape
from vtk_notebooks.video.synth.scene import Shot as Shot
from vtk_notebooks.video.synth.scene import Title as Title
