"""vtk-tiny: a Video-LLM of two million parameters, trained here on made films, to take apart.

`load("vtk-tiny")` gives it behind the same adapter as its big sisters; `watch` puts a film on its
clock, and `spans` reads the moments in what it says. `train` makes it from nothing, `scores`
measures what its card says.
"""

from vtk_notebooks.tiny.watch import spans as spans
from vtk_notebooks.tiny.watch import watch as watch
